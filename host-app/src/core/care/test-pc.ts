import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nextEntry } from "../identity/entry-chain.ts";
import { openIdentity } from "../identity/identity.ts";
import { Ballast } from "../store/ballast.ts";
import { openDatabase } from "../store/database.ts";
import { EntryBook } from "../store/entry-book.ts";
import { sqliteOutbox } from "../store/sqlite-outbox.ts";
import { Store } from "../store/store.ts";

export const NOW = Date.parse("2026-03-02T01:00:00Z");

/** A UUID made of two numbers: the same in every run. */
const uuid = (kind: number, number: number): string => {
  const hex = createHash("sha256").update(`${kind} ${number}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The data folder of a window PC whose chain the test makes. */
export const openTestPc = (dataDir = mkdtempSync(join(tmpdir(), "window-rating-care-"))) => {
  const identity = openIdentity(dataDir);
  const { windowPcId, publicKey, sign } = identity;
  const path = join(dataDir, "window.db");
  const database = openDatabase(path);
  const store = new Store(database, new Ballast(join(dataDir, "ballast"), 0));
  let salt = 0;
  const book = new EntryBook(store, (previous, body) =>
    nextEntry({ windowPcId, previous, entryId: uuid(salt, (previous?.number ?? 0) + 1), body, sign }),
  );
  const insertRequest = database.prepare(
    `INSERT INTO requests (request_id, window_no, case_no, visit_no, binding, opened_wall_ms, opened_monotonic_ms, opened_boot_id, timeout_ms, wait_ms, state)
     VALUES (?, '12', ?, 1, ?, ?, 1, 'boot-1', 30000, 120000, ?)`,
  );
  const insertRating = database.prepare("INSERT INTO ratings (request_id, level, circumstance, entry_number) VALUES (?, ?, 'in-time', ?)");
  const rate = (caseNumber: number, words: string): void => {
    const at = { wallMs: NOW + caseNumber * 60_000, monotonicMs: 1, bootId: "boot-1" };
    const isRated = caseNumber % 3 !== 0;
    const requestId = uuid(1, caseNumber);
    const binding = {
      ...{ requestId, caseNo: `A-${caseNumber}`, visitNo: 1, caseCompleted: true, itemCode: "ITEM-01", itemName: "样例事项" },
      ...{ staffNo: "1001", clerkName: "张三样例", windowNo: "12", trigger: "business-system", triggeredBy: "hall system" },
    };
    insertRequest.run(requestId, binding.caseNo, JSON.stringify(binding), at.wallMs, isRated ? "rated" : "timed-out");
    const level = (caseNumber % 5) + 1;
    const body = isRated
      ? {
          kind: "rating",
          binding,
          level,
          openedAt: at,
          pressTime: { sinceOpenMs: 900, padWallMs: null },
          committedAt: at,
          circumstance: "in-time",
          words,
        }
      : { kind: "not-rated", binding, reason: "timed-out", openedAt: at, endedAt: at };
    const number = book.append(isRated ? "rating" : "not-rated", requestId, JSON.stringify(body), at.wallMs);
    if (isRated) insertRating.run(requestId, level, number);
  };
  return {
    dataDir,
    path,
    identity,
    publicKey,
    store,
    database,
    outbox: sqliteOutbox(store),
    /** Cases from `first` on, each with one entry; every seventh spreads over several pages. */
    serve: (first: number, cases: number): void =>
      store.write(() => {
        for (let number = first; number < first + cases; number++) rate(number, number % 7 === 0 ? "很长".repeat(2500) : "");
      }),
    /** From now on other entries than before come under the same numbers. */
    writeOthers: (): void => {
      salt = 7;
    },
    close: () => database.close(),
    remove: () => {
      if (database.open) database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
export type TestPc = ReturnType<typeof openTestPc>;
