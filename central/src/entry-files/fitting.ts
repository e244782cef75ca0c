import { CHAIN_START, type Entry } from "@window-rating/protocol/sync";
import type { KnownEntry } from "../intake/judgement.ts";

/** What a file's entries are held against. */
export interface ChainHeld {
  /** Entries that central has under their numbers, or next to one. */
  readonly neighbours: readonly KnownEntry[];
  /** Nobody waits for the window PC any more: it will use no number again. */
  readonly isGone: boolean;
}

/**
 * Which entries of a file may become links of the chain: their number is free, they contradict nothing that is there, and
 * - a later entry that central has hangs on them, by one or more steps: then no other entry can have had the number; or
 * - the window PC is gone, and they hang on an earlier entry that central has.
 * Where neither holds the window PC may have made, or may yet make, another entry of that number.
 * @returns their hashes
 */
export const fittingEntries = (entries: readonly Entry[], { neighbours, isGone }: ChainHeld): Set<string> => {
  const held = new Map(neighbours.map((entry) => [entry.number, entry]));
  const free = entries.filter(({ number }) => !held.has(number)).sort((one, other) => one.number - other.number);
  const contradicts = ({ number, hash, previousHash }: Entry): boolean => {
    const before = number === 1 ? CHAIN_START : held.get(number - 1)?.hash;
    const after = held.get(number + 1)?.previousHash;
    return (before !== undefined && before !== previousHash) || (after !== undefined && after !== hash);
  };
  const proven = new Set<string>();
  // From the newest down: what an entry says of the one before it is signed.
  const wanted = new Set(neighbours.map(({ previousHash }) => previousHash));
  for (const entry of free.toReversed()) {
    if (!wanted.has(entry.hash) || contradicts(entry)) continue;
    proven.add(entry.hash);
    wanted.add(entry.previousHash);
  }
  if (!isGone) return proven;
  const reached = new Set([CHAIN_START, ...neighbours.map(({ hash }) => hash), ...proven]);
  for (const entry of free) {
    if (proven.has(entry.hash) || !reached.has(entry.previousHash) || contradicts(entry)) continue;
    proven.add(entry.hash);
    reached.add(entry.hash);
  }
  return proven;
};
