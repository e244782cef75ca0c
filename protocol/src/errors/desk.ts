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
  WR5017: { title: "Window not named", advice: "Send windowNo; GET /desk/v1/windows lists the windows of this PC" },
} as const satisfies Record<string, ErrorEntry>;
