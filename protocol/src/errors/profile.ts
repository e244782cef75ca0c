import type { ErrorEntry } from "./error-entry.ts";

/** WR2xxx: device profiles. */
export const PROFILE_ERRORS = {
  WR2001: {
    title: "Profile cannot be read",
    advice: "Correct the file at the place named; window-host and pad-sim use no profile that fails its check",
  },
  WR2002: { title: "No such profile", advice: "Give the id of a profile, <maker>/<model>; npm run profiles:check lists them" },
  WR2003: {
    title: "Keypad description not valid",
    advice: "Correct the fields named; npm run profiles:check shows the bytes they fail on",
  },
  WR2004: {
    title: "Nothing could be learnt of the pad",
    advice: "Do what is said, and run it again; docs/keypads.md tells how a profile is written from the maker's sheet",
  },
} as const satisfies Record<string, ErrorEntry>;
