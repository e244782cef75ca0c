/**
 * A card reader is a keyboard that types digits and Enter, faster than any person. Fed with every key of the sign-in screen, wherever
 * the focus is.
 */
export interface CardReading {
  readonly digits: string;
  /** When the last key came, milliseconds. */
  readonly lastMs: number;
}

export const NO_CARD: CardReading = { digits: "", lastMs: Number.NEGATIVE_INFINITY };

/** USB readers need 2 to 30 ms a key; the fastest hands more than 60. A key held down repeats as fast, and is told apart by its event. */
const FASTEST_HAND_MS = 50;
/** As the core takes them. */
const DIGITS = { least: 4, most: 32 };

export type CardStep =
  | { readonly is: "reading"; readonly reading: CardReading }
  /** The whole number of a card; its Enter must do nothing else. */
  | { readonly is: "card"; readonly digits: string };

export const readKey = (reading: CardReading, key: string, nowMs: number): CardStep => {
  const isFast = nowMs - reading.lastMs <= FASTEST_HAND_MS;
  if (/^[0-9]$/.test(key)) {
    const before = isFast ? reading.digits : "";
    return { is: "reading", reading: { digits: (before + key).slice(-DIGITS.most - 1), lastMs: nowMs } };
  }
  const { length } = reading.digits;
  if (key === "Enter" && isFast && length >= DIGITS.least && length <= DIGITS.most) return { is: "card", digits: reading.digits };
  return { is: "reading", reading: NO_CARD };
};
