import type { KeypadDescription } from "@window-rating/protocol/keypad";

/** How frames are cut, and how the frame of a key or of the host is told in that way. */
export interface Guess {
  readonly framing: KeypadDescription["framing"];
  readonly framingToPad?: KeypadDescription["framing"];
  /** What a frame of the pad carries. */
  readonly match: (frame: Uint8Array) => Match;
  /** What the host's frame carries that lights the pad; undefined if there is none, or it cannot be told in this way. */
  readonly light: Match | undefined;
  /** What people should know of the guess. */
  readonly notes: readonly string[];
}

export interface Match {
  readonly function?: string;
  readonly data?: string;
}
