import type { ErrorEntry } from "./error-entry.ts";

/** WR9xxx: the simulated pad. */
export const SIMULATOR_ERRORS = {
  WR9001: { title: "Script not valid", advice: "Correct the step named; docs/simulator.md lists the steps" },
  WR9002: { title: "Event store not readable", advice: "Give another --store; this file is left untouched" },
  WR9003: { title: "Virtual serial port cannot be made", advice: "Give another path to --pty, or use --tcp, which works on every system" },
  WR9004: { title: "Faults not valid", advice: "Correct the fault named; docs/simulator.md lists the faults" },
  WR9010: {
    title: "Board not connected",
    advice:
      "Check its cable and the port's name, on Linux also that the user is in the group dialout; pad-sim goes on and connects again by itself",
  },
  WR9011: { title: "Board does not speak Firmata", advice: "Flash StandardFirmata 2.5 or newer, as docs/board.md shows" },
  WR9012: {
    title: "Board's pin cannot do its work",
    advice: "Give another pin in the wiring file; docs/board.md tells which pins do what",
  },
  WR9013: { title: "Wiring of the board not valid", advice: "Correct the pin named; docs/board.md describes the file" },
  WR9014: {
    title: "File for the pad's screen not valid",
    advice: "Correct the place named, or take the file out of the folder; docs/touchscreen.md describes the files",
  },
  WR9020: { title: "Recording not usable", advice: "Give a file that pad-sim record has written, or for a new one a name that is free" },
  WR9021: {
    title: "Port of the pad cannot be opened",
    advice: "Check path, cable and rights; close other programs that hold the port, the window PC too",
  },
  WR9022: {
    title: "Recording cannot be played back",
    advice: "Check that the other side is the one that was recorded; --verbatim plays the bytes as they were",
  },
} as const satisfies Record<string, ErrorEntry>;
