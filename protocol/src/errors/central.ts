import type { ErrorEntry } from "./error-entry.ts";

/** WR7xxx: central. */
export const CENTRAL_ERRORS = {
  WR7001: { title: "Request not understood", advice: "Correct the field named" },
  WR7002: { title: "Unknown window PC", advice: "Enrol it with a one-time code from window-central enrol" },
  WR7003: { title: "Enrolment code not valid", advice: "Make a new one with window-central enrol; each works once and for a limited time" },
  WR7004: {
    title: "Entry hash does not match its content",
    advice: "The entry was altered on the way or on the PC; compare it with the pad and the log",
  },
  WR7005: { title: "Entry signature is not valid", advice: "The entry was not made by this window PC; look at the incident list" },
  WR7006: { title: "Chain is broken", advice: "The entry does not follow the one before it; look at the incident list" },
  WR7007: {
    title: "Number already taken by another entry",
    advice: "Two different entries carry one number; the first is kept, look at the incident list",
  },
  WR7008: { title: "Entry content not understood", advice: "The entry is kept in the set-aside list; update central and take it in again" },
  WR7009: { title: "Request already rated", advice: "The first rating counts; the second is kept in the set-aside list" },
  WR7010: { title: "Database cannot be opened", advice: "Check DATABASE_URL or --data" },
  WR7011: {
    title: "Database belongs to a newer version",
    advice: "Install the newer window-central again; this one leaves the database untouched",
  },
  WR7012: { title: "Not found", advice: "Check the address" },
  WR7013: { title: "Batch too large", advice: "Send fewer entries at a time; the limits are in protocol/src/sync/batch.ts" },
  WR7014: { title: "Only from this machine", advice: "Open the list on the machine that runs window-central, at http://127.0.0.1" },
  WR7015: { title: "Central failed", advice: "Send again later: nothing was taken by halves; the reason is in the log of window-central" },
  WR7016: { title: "Data folder is in use", advice: "Another program holds this folder; stop it, or choose another --data" },
  WR7017: { title: "Administration token not valid", advice: "Run the command as the user who owns the data folder" },
} as const satisfies Record<string, ErrorEntry>;
