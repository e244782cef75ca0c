import type { ErrorEntry } from "./index.ts";

/** WR6xxx: window PC to central. */
export const SYNC_ERRORS = {
  WR6001: { title: "Central cannot be reached", advice: "Nothing to do: entries wait on this PC and are sent when central answers" },
  WR6002: { title: "Central answered nonsense", advice: "Check that the central URL points to a window-central" },
  WR6003: { title: "Not enrolled", advice: "Get a one-time code from window-central enrol and start with --enrol <code>" },
  WR6004: { title: "Central refused an entry", advice: "See window-host status --set-aside; the entry is kept and the others go on" },
  WR6005: { title: "Central refused this window PC", advice: "Enrol again with a new code; entries are kept until then" },
} as const satisfies Record<string, ErrorEntry>;
