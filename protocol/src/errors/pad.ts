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
  WR1011: {
    title: "Pad is not paired",
    advice: "Pair it: window-host pad pair (docs/pairing.md); or let unpaired pads be used: window-host config --set pad.unpaired=admit",
  },
  WR1012: {
    title: "Pad is paired with another window PC",
    advice: "If it belongs here, pair it anew: window-host pad pair; its ratings wait in it; if not, bring it back to its own window",
  },
  WR1013: {
    title: "Pad has lost its pairing",
    advice: "If you know why (exchanged, repaired, unpaired), pair it anew: window-host pad pair; if not, look who had it",
  },
  WR1014: {
    title: "Pad does not prove who it is",
    advice: "Look what stands between pad and PC, and whether this is your pad; then pair it anew: window-host pad pair",
  },
  WR1015: { title: "Pairing failed", advice: "Begin again: window-host pad pair; if it fails again, read docs/pairing.md" },
  WR1016: {
    title: "Pairing keys cannot be used",
    advice: "Do what is said about the file; it belongs to the user that window-host runs as, and nobody else may read it",
  },
  WR1017: { title: "No pad to pair", advice: "Connect the pad first: window-host pad list shows which are there and which can be paired" },
  WR1020: {
    title: "Pad holds events of a window PC",
    advice:
      "Connect it to its window PC until window-host status shows that nothing waits on it, then try it again; nothing of it was taken",
  },
  WR1021: {
    title: "Pad cannot be tried",
    advice:
      "Check that the port leads to a pad that speaks protocol/SPEC.md, that its speed is right (--profile), and that window-host does not run on it",
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
  WR1040: {
    title: "Tablet not admitted",
    advice:
      "Make a new code on the window PC (window-host pad browser) and scan it with the tablet; each is good for one tablet and ten minutes",
  },
  WR1041: {
    title: "Window has a tablet already",
    advice:
      "Let it deliver what it keeps, then put another in its place: window-host pad browser --replace; or end its admission: --remove",
  },
  WR1042: { title: "Window has no browser pad", advice: "Set pad.port=browser for the window; docs/browser-pad.md tells more" },
  WR1043: {
    title: "Browser pads are not served",
    advice: "Mend what is named; window-host tries again by itself, and windows with other pads go on (docs/browser-pad.md)",
  },
  WR1050: {
    title: "Pad is in use",
    advice: "Test it when the citizen has rated, the time is over, or the clerk has cancelled; a citizen goes first",
  },
  WR1051: {
    title: "Pad cannot do this test",
    advice: "Try another test; which ones this pad knows window-host pad list --json tells (tests)",
  },
  WR1052: {
    title: "No pad to test",
    advice: "Connect the pad first, and pair it if it must be paired: window-host pad list says what is wrong",
  },
  WR1055: {
    title: "No log from this pad",
    advice:
      "Connect the pad, or name its window with --window; a pad whose profile does not list log keeps none, and nothing else is wrong with it",
  },
  WR1060: {
    title: "Pad has no room for one more rating",
    advice: "Wait: what it keeps is being stored; if it stays so, look at the disk of the window PC (window-host doctor)",
  },
  WR1061: {
    title: "Key of the pad is held down",
    advice: "Look what lies on the pad and free the key; if it stays so, have the pad exchanged",
  },
  WR1062: {
    title: "Pad cannot keep ratings now",
    advice: "Wait: it tries again by itself; if it stays so, have the pad exchanged",
  },
} as const satisfies Record<string, ErrorEntry>;
