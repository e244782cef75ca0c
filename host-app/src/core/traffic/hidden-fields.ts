import type { MessageName } from "@window-rating/protocol/pad";
import type { TrafficFrame } from "./traffic-shape.ts";

export type Hides = NonNullable<TrafficFrame["hides"]>;

/**
 * What of the pad protocol nobody at the window PC may read: the level of a citizen and whatever tells it (reasons belong to a level; a
 * key that is down is the level being chosen; a pad's own log may name keys), persons and their cases, texts that people typed, and what
 * a pairing is made of.
 */
const HIDDEN: Partial<Record<MessageName, Readonly<Record<string, Hides>>>> = {
  rated: { level: "level" },
  touchRated: { level: "level", reasons: "level", sealed: "person" },
  keyStuck: { key: "level" },
  status: { keysDown: "level" },
  logLines: { text: "level" },
  staffCard: { name: "person", photo: "person" },
  openTouchRating: { caseNo: "person", caseQr: "person" },
  pause: { text: "person" },
  notice: { text: "person" },
  challenge: { nonce: "secret" },
  ready: { proof: "secret" },
  challengeAnswer: { nonce: "secret", proof: "secret" },
  pairingStart: { publicKey: "secret", nonce: "secret" },
  pairingConfirm: { proof: "secret" },
  pairingOffer: { publicKey: "secret", commitment: "secret" },
  pairingReveal: { nonce: "secret" },
};

/** @returns null: the field may be shown */
export const hiddenField = (message: MessageName, field: string): Hides | null => HIDDEN[message]?.[field] ?? null;

const GRAVITY: readonly Hides[] = ["level", "person", "secret"];

/** The one that people should hear of first. */
export const gravest = (hides: readonly (Hides | null)[]): Hides | null => GRAVITY.find((one) => hides.includes(one)) ?? null;
