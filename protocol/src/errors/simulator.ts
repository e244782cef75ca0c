import type { ErrorEntry } from "./error-entry.ts";

/** WR9xxx: the simulated pad. */
export const SIMULATOR_ERRORS = {
  WR9001: { title: "Script not valid", advice: "Correct the step named; docs/simulator.md lists the steps" },
  WR9002: { title: "Event store not readable", advice: "Give another --store; this file is left untouched" },
  WR9003: { title: "Virtual serial port cannot be made", advice: "Give another path to --pty, or use --tcp, which works on every system" },
  WR9004: { title: "Faults not valid", advice: "Correct the fault named; docs/simulator.md lists the faults" },
} as const satisfies Record<string, ErrorEntry>;
