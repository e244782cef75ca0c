import {
  cancelCaseSchema,
  changePinSchema,
  endBatchSchema,
  endCaseAnswerSchema,
  endCaseSchema,
  endThemeSchema,
  inviteAgainSchema,
  ownTotalsRequestSchema,
  ownTotalsSchema,
  pairingCodeSchema,
  paperFormSchema,
  pauseSchema,
  setPinWithCodeSchema,
  signInWithCardSchema,
  signInWithPinSchema,
  signOutSchema,
  startCaseSchema,
} from "@window-rating/protocol/desk";
import { caseNoSchema, itemCodeSchema, itemNameSchema, levelSchema } from "@window-rating/protocol/rating";
import { reasonListSchema } from "@window-rating/protocol/reasons";
import { z } from "zod";
import type { RequestDeclaration } from "./declaration.ts";

/** It has its effect on disk; there is nothing else to say. */
const done = z.strictObject({});
const nothing = z.strictObject({});

/** The clerk's own key ends a case: the core itself records it as a manual trigger (I12). */
const byHand = { trigger: true } as const;

/** What a clerk's strip may ask. It speaks for its own window and for no other: the window is no part of a message. */
export const STRIP_REQUESTS = {
  "clerk.signInWithPin": {
    summary: "Sign a clerk in; changes the shift in one step, or sits down beside the one who is there",
    from: ["strip"],
    body: signInWithPinSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5022", "WR5023", "WR5024"],
  },
  "clerk.signInWithCard": {
    summary: "Sign a clerk in by the digits that a card reader types",
    from: ["strip"],
    body: signInWithCardSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5022", "WR5023", "WR5024", "WR5032"],
  },
  "clerk.signOut": {
    summary: "Sign one clerk out, or all; a case in progress stays",
    from: ["strip"],
    body: signOutSchema,
    answer: done,
    errors: [],
  },
  "clerk.changePin": {
    summary: "Change the own PIN",
    from: ["strip"],
    body: changePinSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5021", "WR5023"],
  },
  "clerk.setPinWithCode": {
    summary: "Choose the first PIN, or a new one, with a one-time code of IT staff",
    from: ["strip"],
    body: setPinWithCodeSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5021", "WR5023"],
  },
  "clerk.stay": {
    summary: "Somebody is there: the time after which they are signed out begins anew",
    from: ["strip"],
    body: nothing,
    answer: done,
    errors: [],
  },
  "clerk.totals": {
    summary: "The own ratings, late and pooled, where the site shows them",
    from: ["strip"],
    body: ownTotalsRequestSchema,
    answer: ownTotalsSchema,
    errors: ["WR5004", "WR5018", "WR5030"],
  },
  "case.start": {
    summary: "Start a case, or one more visit of it",
    from: ["strip"],
    body: startCaseSchema,
    answer: done,
    errors: ["WR5004", "WR5006", "WR5007", "WR5018"],
  },
  "case.end": {
    summary: "End the case; this opens the rating",
    from: ["strip"],
    body: endCaseSchema.omit(byHand).extend({ caseNo: caseNoSchema }),
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5005", "WR5006", "WR5008", "WR5018"],
  },
  "case.endBatch": {
    summary: "End two or more cases of one item: one rating",
    from: ["strip"],
    body: endBatchSchema.omit(byHand),
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5005", "WR5006", "WR5007", "WR5008", "WR5018", "WR5025"],
  },
  "case.endTheme": {
    summary: "End the cases of one life event: one rating",
    from: ["strip"],
    body: endThemeSchema.omit(byHand),
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5005", "WR5006", "WR5007", "WR5008", "WR5018", "WR5025"],
  },
  "case.cancel": {
    summary: "Close the case without a rating, or take the invitation on the pad back",
    from: ["strip"],
    body: cancelCaseSchema.extend({ caseNo: caseNoSchema }),
    answer: done,
    errors: ["WR5004", "WR5009"],
  },
  "case.inviteAgain": {
    summary: "Ask the citizen once more, once",
    from: ["strip"],
    body: inviteAgainSchema.omit(byHand).extend({ caseNo: caseNoSchema }),
    answer: endCaseAnswerSchema,
    errors: ["WR5005", "WR5008", "WR5026"],
  },
  "paper.enter": {
    summary: "Type in a paper form (评价表) of another clerk's case",
    from: ["strip"],
    body: paperFormSchema,
    answer: done,
    errors: ["WR5003", "WR5004", "WR5005", "WR5027", "WR5028", "WR5031"],
  },
  "paper.lists": {
    summary: "What a paper form offers: the site's words for the levels, and the list of reasons",
    from: ["strip"],
    body: nothing,
    answer: z.object({
      labels: z.array(z.object({ level: levelSchema, label: z.string() })).describe("Empty: the usual words"),
      reasons: reasonListSchema.nullable(),
    }),
    errors: [],
  },
  "items.find": {
    summary: "Items whose code or name holds a text, as central told them",
    from: ["strip"],
    body: z.strictObject({ text: z.string().trim().max(64) }),
    answer: z.object({ items: z.array(z.object({ itemCode: itemCodeSchema, itemName: itemNameSchema })).max(20) }),
    errors: [],
  },
  "pairing.confirm": {
    summary: "The clerk has compared the codes: the business system that shows this one is paired",
    from: ["strip"],
    body: pairingCodeSchema,
    answer: done,
    errors: ["WR5004", "WR5034", "WR5038", "WR8005", "WR8006"],
  },
  "pairing.refuse": {
    summary: "It is not paired, and may not ask again for ten minutes",
    from: ["strip"],
    body: pairingCodeSchema,
    answer: done,
    errors: ["WR5004", "WR5034", "WR5038"],
  },
  "window.pause": {
    summary: "The window pauses (暂停服务)",
    from: ["strip"],
    body: pauseSchema,
    answer: done,
    errors: [],
  },
  "window.resume": {
    summary: "The window goes on",
    from: ["strip"],
    body: nothing,
    answer: done,
    errors: [],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;
