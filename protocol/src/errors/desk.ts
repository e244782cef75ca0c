import type { ErrorEntry } from "./error-entry.ts";

/** WR5xxx: the desk API. */
export const DESK_ERRORS = {
  WR5001: { title: "Not paired", advice: "Send the token that window-host pair printed, as Authorization: Bearer" },
  WR5002: { title: "Origin or host not allowed", advice: "Call 127.0.0.1 or localhost, from a page whose origin is listed in the pairing" },
  WR5003: { title: "Request not understood", advice: "Correct the field named; the schema is at /desk/v1/openapi.json" },
  WR5004: { title: "No clerk signed in", advice: "Sign a clerk in first" },
  WR5005: { title: "Case not started", advice: "Start the case first, or check its number" },
  WR5006: { title: "Case already ended", advice: "Nothing to do: its rating request exists and is not opened twice" },
  WR5007: { title: "Another case is open", advice: "End or cancel the open case first" },
  WR5008: { title: "Manual trigger switched off", advice: "Let the business system end the case, or ask IT staff for the site policy" },
  WR5009: { title: "Nothing to cancel", advice: "Check the case number; a rating that was given cannot be cancelled" },
  WR5010: { title: "Not found", advice: "The verbs are listed at /desk/v1/openapi.json" },
  WR5011: { title: "Too many requests", advice: "Wait a second and send fewer" },
  WR5012: { title: "Method not allowed", advice: "Use the method that /desk/v1/openapi.json declares for this address" },
  WR5013: { title: "Request too large", advice: "Send at most 16 KiB; no verb needs more" },
  WR5014: { title: "Content type not accepted", advice: "Send the body as JSON with Content-Type: application/json" },
  WR5015: { title: "Request took too long", advice: "Send the whole request at once" },
  WR5016: { title: "Internal error", advice: "Try again; if it repeats, send the log of the window PC to its makers" },
  WR5017: {
    title: "Window not named",
    advice:
      "Name a window of this PC: window-host status lists them; a business system sends windowNo, and GET /desk/v1/windows lists them",
  },
  WR5018: {
    title: "Not said which clerk served",
    advice: "Choose the clerk: send staffNo. More than one could have served this case, and who is rated is never guessed",
  },
  WR5019: { title: "Staff number or PIN not right", advice: "Type both again; IT staff give a code for a new PIN if it is forgotten" },
  WR5020: {
    title: "Locked after wrong PINs",
    advice: "Wait as long as it says, or ask IT staff to unlock; the right PIN is refused as well until then",
  },
  WR5021: {
    title: "PIN not good enough",
    advice: "Choose at least 6 digits that are neither the staff number nor a row as 123456 or 111111",
  },
  WR5022: { title: "PIN must be changed first", advice: "Choose a PIN of your own: the one that was typed was set by IT staff" },
  WR5023: { title: "Clerk not known", advice: "Have IT staff add the clerk to this window PC, or to central's roster" },
  WR5024: {
    title: "Two clerks sit at this window already",
    advice: "One of them signs out first, or sign in without beside: that changes the shift",
  },
  WR5025: {
    title: "Neither batch nor theme",
    advice: "A batch has two or more cases of one item, a theme two or more cases; end any other case by itself",
  },
  WR5026: { title: "Cannot be invited again", advice: "Nothing to do: a case is invited again once, right after it was not rated" },
  WR5027: { title: "Form of the clerk's own case", advice: "Have another clerk type it in: who is rated does not" },
  WR5028: { title: "This visit has a rating", advice: "Check case and visit number on the form; a further visit has the next visitNo" },
  WR5029: { title: "Signed out, for nothing happened", advice: "Sign in again; a case in progress is still there" },
  WR5030: { title: "Own totals are not shown", advice: "Nothing to do: the site decided so, or nobody with this number is signed in here" },
  WR5031: {
    title: "Words and contact cannot be sealed",
    advice: "Leave them out, or connect this PC to central: without its key they cannot be kept safe",
  },
  WR5032: { title: "Card not known", advice: "Sign in with your PIN, and have IT staff assign the card" },
  WR5033: {
    title: "Pairing cannot be asked for now",
    advice: "Have somebody confirm or refuse the one that waits on the window PC, or ask again in a few minutes",
  },
  WR5034: {
    title: "No such pairing request",
    advice: "Compare the code on both screens; a request that is over is asked for anew by the business system",
  },
  WR5035: { title: "Request key used for something else", advice: "Give every new request an Idempotency-Key of its own" },
  WR5036: {
    title: "Link not valid",
    advice: "Have the business system make a new link; each is good once, for a few minutes, and on one window PC",
  },
  WR5037: { title: "Push came too late", advice: "Send it again if the case has not ended meanwhile; its citizen may have left" },
  WR5038: {
    title: "Not for clerks to decide",
    advice: "Have IT staff decide: window-host pair, or the console; clerk.mayPair lets clerks do so",
  },
} as const satisfies Record<string, ErrorEntry>;
