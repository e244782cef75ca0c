import type { ErrorEntry } from "./error-entry.ts";

/** WR1xxx: the pad protocol. */
export const PAD_ERRORS = {
  WR1001: { title: "Frame too long", advice: "Check that both sides use the frame size agreed in hello" },
  WR1002: { title: "Field out of range", advice: "Correct the value; the range is in protocol/SPEC.md" },
  WR1003: { title: "Malformed message", advice: "Update the pad or report its model and firmware to its maker; the message was ignored" },
  WR1004: { title: "Protocol versions do not match", advice: "Update the side with the lower version" },
  WR1005: { title: "Pad does not answer", advice: "Check cable and power of the pad; the window PC goes on trying" },
  WR1006: { title: "Session broken", advice: "Nothing to do: a new session is opened; if it repeats, run window-host doctor" },
  WR1007: { title: "Pad refused a command", advice: "Look up the reason in protocol/SPEC.md, section Refusals" },
  WR1008: { title: "Pad reports a fault", advice: "Look at the pad; if it comes again, have it exchanged" },
  WR1020: {
    title: "Pad holds events of a window PC",
    advice:
      "Connect it to its window PC until window-host status shows that nothing waits on it, then try it again; nothing of it was taken",
  },
  WR1030: { title: "Firmware image cannot be read", advice: "Fetch the image from the pad's maker again; nothing was sent to the pad" },
  WR1031: {
    title: "File is no asset",
    advice: "Give a PNG, JPEG, WAV or JSON file of at most 16 MB, and a name such as logo, photo/1001 or language/bo",
  },
  WR1032: { title: "Pad did not take a file", advice: "Look up the outcome in protocol/SPEC.md, section Transfers" },
  WR1033: { title: "Pad went back to the firmware before", advice: "Tell the pad's maker version and outcome; the pad works as before" },
  WR1034: {
    title: "Pad is not there to be updated",
    advice: "Connect the pad, or name its window with --window; window-host status lists the pads",
  },
} as const satisfies Record<string, ErrorEntry>;
