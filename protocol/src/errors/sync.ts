import type { ErrorEntry } from "./error-entry.ts";

/** WR6xxx: window PC to central. */
export const SYNC_ERRORS = {
  WR6001: {
    title: "Central cannot be reached",
    advice: "Entries wait on this PC and are sent when central answers; if it lasts, check network and address",
  },
  WR6002: { title: "Central answered nonsense", advice: "Check that the central URL points to a window-central" },
  WR6003: { title: "Not enrolled", advice: "Get a one-time code from window-central enrol and start with --enrol <code>" },
  WR6004: { title: "Central refused an entry", advice: "See window-host status --set-aside; the entry is kept and the others go on" },
  WR6005: { title: "Central refused this window PC", advice: "Enrol again with a new code; entries are kept until then" },
  WR6006: {
    title: "Identity of this window PC cannot be used",
    advice:
      "Repair identity.json as named or put back its backup; it is left untouched, for what this PC signed can be checked with its key only",
  },
  WR6007: {
    title: "Central cannot take entries now",
    advice: "Nothing to do on this PC: entries wait and are sent again; if it lasts, look into the log of central",
  },
  WR6008: {
    title: "Entry too large for the way to central",
    advice:
      "Let the proxy in front of central pass requests of 1 MiB; the entry is kept aside, the others go on, and it is sent once more at the next start",
  },
  WR6009: { title: "Outbox cannot be used", advice: "Run window-host doctor; central is tried again by itself" },
} as const satisfies Record<string, ErrorEntry>;
