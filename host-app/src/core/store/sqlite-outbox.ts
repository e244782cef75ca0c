import type { Entry, EntryAnswer } from "@window-rating/protocol/sync";
import type { BatchLimits, Outbox, OutboxCounts, SetAsideEntry } from "../sync/outbox.ts";
import { ENTRY_BYTES } from "./entry-book.ts";
import type { Store } from "./store.ts";

interface EntryRow {
  number: number;
  entry_id: string;
  previous_hash: string;
  hash: string;
  signature: string;
  body: string;
  bytes: number;
}

const ENTRY_COLUMNS = "e.number, e.entry_id, e.previous_hash, e.hash, e.signature, e.body";

const entryOf = (row: Omit<EntryRow, "bytes">): Entry => ({
  entryId: row.entry_id,
  number: row.number,
  previousHash: row.previous_hash,
  hash: row.hash,
  signature: row.signature,
  body: row.body,
});

/** The outbox in the window PC's database. */
export const sqliteOutbox = (store: Store): Outbox => {
  const { database } = store;
  const oldest = database.prepare<[number], EntryRow>(
    `SELECT ${ENTRY_COLUMNS}, o.bytes FROM outbox o JOIN entries e USING (number) ORDER BY o.number LIMIT ?`,
  );
  const remove = database.prepare<[number]>("DELETE FROM outbox WHERE number = ?");
  const keepAside = database.prepare<[number, string, string, number]>(
    `INSERT INTO set_aside (number, code, detail, refused_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET code = excluded.code, detail = excluded.detail, refused_ms = excluded.refused_ms`,
  );
  const noLongerAside = database.prepare<[number]>("DELETE FROM set_aside WHERE number = ?");
  const queueAgain = database.prepare<[number, number, string]>(
    `INSERT INTO outbox (number, bytes) SELECT number, ? + length(CAST(e.body AS BLOB)) FROM set_aside s JOIN entries e USING (number)
     WHERE number = ? AND e.entry_id = ? ON CONFLICT DO NOTHING`,
  );
  const count = database.prepare<[], { waiting: number; first: number | null }>(
    "SELECT count(*) AS waiting, min(number) AS first FROM outbox",
  );
  const written = database.prepare<[number], { written_ms: number }>("SELECT written_ms FROM entries WHERE number = ?");
  const countAside = database.prepare<[], { n: number }>("SELECT count(*) AS n FROM set_aside");
  const aside = database.prepare<[], Omit<EntryRow, "bytes"> & { code: string; detail: string; refused_ms: number }>(
    `SELECT ${ENTRY_COLUMNS}, s.code, s.detail, s.refused_ms FROM set_aside s JOIN entries e USING (number) ORDER BY s.number`,
  );

  return {
    next(limits: BatchLimits) {
      const batch: Entry[] = [];
      let bytes = 0;
      for (const row of oldest.iterate(limits.entries)) {
        bytes += row.bytes;
        if (batch.length > 0 && bytes > limits.bytes) break;
        batch.push(entryOf(row));
      }
      return batch;
    },
    confirm(numbers) {
      if (numbers.length === 0) return;
      store.write(() => {
        for (const number of numbers) {
          remove.run(number);
          noLongerAside.run(number);
        }
      });
    },
    setAside(refused: readonly (EntryAnswer & { answer: "refused" })[], atMs: number) {
      if (refused.length === 0) return;
      store.write(() => {
        for (const { number, code, detail } of refused) {
          keepAside.run(number, code ?? "WR6004", detail ?? "", atMs);
          remove.run(number);
        }
      });
    },
    sendAgain(entries) {
      store.write(() => {
        for (const { number, entryId } of entries) if (queueAgain.run(ENTRY_BYTES, number, entryId).changes > 0) store.markAppended();
      });
    },
    counts(): OutboxCounts {
      const { waiting, first } = count.get() as { waiting: number; first: number | null };
      return {
        waiting,
        oldestMs: first === null ? null : (written.get(first)?.written_ms ?? null),
        setAside: countAside.get()?.n ?? 0,
      };
    },
    listSetAside(): SetAsideEntry[] {
      return aside.all().map((row) => ({ entry: entryOf(row), code: row.code, detail: row.detail, atMs: row.refused_ms }));
    },
    onAppended: (listener) => store.onAppended(listener),
  };
};
