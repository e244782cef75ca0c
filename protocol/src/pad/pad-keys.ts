import { sameBytes, type Trust } from "./session.ts";

/**
 * The pairing keys that a host has for one pad. Two only while nobody knows whether the pad kept the newer one: a cable can be pulled at
 * any moment, and the next proof of the pad tells which of them holds.
 */
export interface PadKeys {
  /** The pad has proved that it holds it. */
  readonly confirmed?: Uint8Array;
  /** Of a pairing whose end was not seen. */
  readonly candidate?: Uint8Array;
}

/** What to try a pad's proof with. */
export const keysToTry = ({ confirmed, candidate }: PadKeys): readonly Uint8Array[] =>
  [candidate, confirmed].filter((key) => key !== undefined);

/** A pairing has come to a key. */
export const withCandidate = ({ confirmed }: PadKeys, candidate: Uint8Array): PadKeys =>
  confirmed === undefined ? { candidate } : { confirmed, candidate };

/**
 * What holds after a handshake. A key that was proved is the only one. A pad that says it has none, where none was ever proved, did not keep the
 * candidate: then there is no key (the next session is an unpaired one). Whoever lies about that has a person pair anew, and nothing else.
 * @returns the same object if nothing has changed
 */
export const keysAfter = (keys: PadKeys, trust: Trust, proved: Uint8Array | undefined): PadKeys => {
  if (proved !== undefined) {
    const isKnown = keys.candidate === undefined && keys.confirmed !== undefined && sameBytes(keys.confirmed, proved);
    return isKnown ? keys : { confirmed: proved };
  }
  return trust === "key-missing-there" && keys.confirmed === undefined ? {} : keys;
};
