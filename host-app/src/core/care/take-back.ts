import type { Entry } from "@window-rating/protocol/sync";
import type { Store } from "../store/store.ts";
import { placesIn } from "./compare.ts";
import { entryRows } from "./entry-rows.ts";

/** In one commit; a press in between waits for no more than these. */
const STEP = 100;

/**
 * Puts genuine entries that the file in use lacks back to their places as they are, and into the queue for central. What is there stays; an
 * entry whose place was taken meanwhile is passed over. Others have their turn between steps.
 * @param missing by number, as `missingEntries` found them
 * @returns numbers taken back @throws WR4001, WR4003; what was taken back until then stays
 */
export const takeBack = async (store: Store, missing: readonly Entry[]): Promise<number[]> => {
  const rows = entryRows(store.database);
  const places = placesIn(store.database);
  const taken: number[] = [];
  for (let at = 0; at < missing.length; at += STEP) {
    const kept = store.write(() =>
      missing.slice(at, at + STEP).filter((entry) => {
        if (!places.fits(entry, undefined) || !rows.keep(entry)) return false;
        rows.queue(entry);
        store.markAppended();
        return true;
      }),
    );
    taken.push(...kept.map(({ number }) => number));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return taken;
};
