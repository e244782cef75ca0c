import type { LampState } from "../../face.ts";

/** Length of one beat, milliseconds; a rhythm has eight. */
export const BEAT_MS = 125;

/**
 * Lamps of one colour tell their states apart by rhythm. While the pad invites, all are lit steadily and alike (I10); one that was chosen
 * is lit alone.
 */
const RHYTHMS: Readonly<Record<LampState, string>> = {
  off: "........",
  invite: "########",
  chosen: "########",
  thanks: "####....",
  fault: "#.#.....",
  blink: "#.#.#.#.",
  code: "########",
};

/** Whether a lamp is lit. @param beat counts up by one every `BEAT_MS` */
export const isLit = (lamp: LampState, beat: number): boolean => RHYTHMS[lamp][beat % 8] === "#";
