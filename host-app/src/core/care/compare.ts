import type { Entry } from "@window-rating/protocol/sync";
import type { Sqlite } from "../store/database.ts";
import type { Comparison } from "./care-shape.ts";
import { checkDatabase, entriesOf, openToRead } from "./check.ts";
import { authenticity, ENTRY_SELECT } from "./entry-rows.ts";

const NUMBERS_TOLD = 50;

/** One genuine entry that the file in use lacks. */
export interface MissingEntry {
  readonly entry: Entry;
  readonly fits: boolean;
}

/** Whether an entry may stand where its number says: the place is free, and it is linked to an entry beside it. */
export const placesIn = (live: Sqlite) => {
  const at = live.prepare<[number], Entry>(`SELECT ${ENTRY_SELECT} FROM entries WHERE number = ?`);
  const withId = live.prepare<[string], { number: number }>("SELECT number FROM entries WHERE entry_id = ?");
  return {
    at: (number: number): Entry | undefined => at.get(number),
    has: ({ number, entryId, hash }: Entry): boolean => {
      const there = at.get(number);
      return there?.entryId === entryId && there.hash === hash;
    },
    /** @param before the entry before it among those that come back with it */
    fits: ({ number, entryId, hash, previousHash }: Entry, before: Entry | undefined): boolean => {
      if (at.get(number) !== undefined || withId.get(entryId) !== undefined) return false;
      const previous = at.get(number - 1) ?? (before?.number === number - 1 ? before : undefined);
      const next = at.get(number + 1);
      // Neither neighbour may contradict, and one must speak for it: beyond a place that others took, all is another chain.
      if (previous !== undefined && previous.hash !== previousHash) return false;
      if (next !== undefined && next.previousHash !== hash) return false;
      return number === 1 || previous !== undefined || next !== undefined;
    },
  };
};

/** Every genuine entry of a file in quarantine that the file in use lacks, by number. */
export function* missingEntries(quarantined: Sqlite, live: Sqlite, publicKey: string): Generator<MissingEntry> {
  const isAuthentic = authenticity(publicKey);
  const places = placesIn(live);
  let before: Entry | undefined;
  for (const entry of entriesOf(quarantined)) {
    if (places.has(entry) || !isAuthentic(entry)) continue;
    const fits = places.fits(entry, before);
    if (fits) before = entry;
    yield { entry, fits };
  }
}

/** @param path of the file in quarantine @throws WR4001, WR4002, WR4005, WR4008, WR4009 */
export const compareWithLive = (path: string, livePath: string, publicKey: string, nowMs: () => number): Comparison => {
  const check = checkDatabase(path, publicKey, nowMs);
  const quarantined = openToRead(path);
  const live = openToRead(livePath);
  try {
    const isAuthentic = authenticity(publicKey);
    const places = placesIn(live);
    let inBoth = 0;
    let altered = 0;
    for (const entry of entriesOf(quarantined)) {
      if (places.has(entry)) inBoth++;
      else if (!isAuthentic(entry)) altered++;
    }
    const missing = { fitting: 0, notFitting: 0, numbers: [] as number[] };
    for (const { entry, fits } of missingEntries(quarantined, live, publicKey)) {
      if (fits) missing.fitting++;
      else missing.notFitting++;
      if (missing.numbers.length < NUMBERS_TOLD) missing.numbers.push(entry.number);
    }
    const liveEntries = live.prepare<[], { n: number }>("SELECT count(*) AS n FROM entries").get()?.n ?? 0;
    return { check, inBoth, onlyLive: Math.max(0, liveEntries - inBoth), missing, altered };
  } finally {
    quarantined.close();
    live.close();
  }
};
