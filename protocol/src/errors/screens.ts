import type { ErrorEntry } from "./error-entry.ts";

/** WR51xx: between the screens of a window PC and its core. */
export const SCREEN_ERRORS = {
  WR5101: { title: "Screen not admitted", advice: "Open it with window-host screen; the address it gives works once and for two minutes" },
  WR5102: {
    title: "Message not declared",
    advice: "Load the screen anew; if it repeats, its version and that of window-host differ: install one version",
  },
  WR5103: { title: "Message not understood", advice: "Correct the field named; if nothing was typed wrongly, load the screen anew" },
  WR5104: { title: "Not for this screen", advice: "Do this on the screen it belongs to" },
  WR5105: {
    title: "No connection to window-host",
    advice: "Look whether it was done before doing it again; the screen connects again by itself",
  },
  WR5106: { title: "Screens not built", advice: "Run npm run setup, or install the package anew" },
  WR5107: { title: "Page not found", advice: "Open the screen with window-host screen" },
} as const satisfies Record<string, ErrorEntry>;
