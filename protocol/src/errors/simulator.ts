import type { ErrorEntry } from "./index.ts";

/** WR9xxx: the simulated pad. */
export const SIMULATOR_ERRORS = {
  WR9001: { title: "Script not valid", advice: "Correct the step named; docs/simulator.md lists the steps" },
  WR9002: { title: "Event store not readable", advice: "Give another --store; this file is left untouched" },
} as const satisfies Record<string, ErrorEntry>;
