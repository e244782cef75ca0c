import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/window-rig.ts";
import { Ballast } from "./ballast.ts";
import { openDatabase, type Sqlite } from "./database.ts";
import { Store } from "./store.ts";

let folder: ReturnType<typeof temporaryFolder>;
let database: Sqlite;
let store: Store;
/** Another reader, which sees what is committed and nothing else. */
let reader: Database.Database;
beforeEach(() => {
  folder = temporaryFolder();
  database = openDatabase(join(folder.path, "window.db"));
  database.exec("CREATE TABLE words (word TEXT NOT NULL)");
  store = new Store(database, new Ballast(join(folder.path, "ballast"), 0));
  reader = new Database(join(folder.path, "window.db"), { readonly: true });
});
afterEach(() => {
  reader.close();
  database.close();
  folder.remove();
});

const committed = (): string[] =>
  reader
    .prepare<[], { word: string }>("SELECT word FROM words ORDER BY rowid")
    .all()
    .map(({ word }) => word);
const insert = (word: string | null): void => {
  database.prepare("INSERT INTO words VALUES (?)").run(word);
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Joins with a word, and notes what becomes of it, with what was committed then. */
const joining = (log: [word: string | null, what: string, committed: number][]) => (word: string | null) =>
  store.join(() => insert(word), {
    kept: () => log.push([word, "kept", committed().length]),
    failed: (error) => log.push([word, (error as Error).message.slice(0, 6), committed().length]),
  });

describe("work that joins", () => {
  test("is done in one commit with all of its turn; nobody is told before it is on disk (I1)", async () => {
    const log: Parameters<typeof joining>[0] = [];
    let commits = 0;
    store.onAppended(() => commits++);
    const add = joining(log);
    for (const word of ["one", "two", "three"]) add(word);
    store.join(() => store.markAppended(), { kept: () => {}, failed: () => {} });
    expect([log, committed()]).toEqual([[], []]);
    await turn();
    expect(log).toEqual([
      ["one", "kept", 3],
      ["two", "kept", 3],
      ["three", "kept", 3],
    ]);
    expect(commits).toBe(1);
    add("four");
    await turn();
    expect(committed()).toEqual(["one", "two", "three", "four"]);
  });

  test("comes before a write of the same turn, and is told before that returns", () => {
    const log: Parameters<typeof joining>[0] = [];
    joining(log)("joined");
    store.write(() => insert("written"));
    expect(committed()).toEqual(["joined", "written"]);
    expect(log).toEqual([["joined", "kept", 2]]);
  });

  test("waits for the next commit when a write of the same turn fails", async () => {
    const log: Parameters<typeof joining>[0] = [];
    joining(log)("joined");
    expect(() =>
      store.write(() => {
        insert("written");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect([log, committed()]).toEqual([[], []]);
    await turn();
    expect([log, committed()]).toEqual([[["joined", "kept", 1]], ["joined"]]);
  });

  test("that fails takes nobody with it, and leaves nothing of itself", async () => {
    const log: Parameters<typeof joining>[0] = [];
    const add = joining(log);
    add("one");
    store.join(
      () => {
        insert("half");
        insert(null);
      },
      { kept: () => expect.unreachable(), failed: (error) => log.push(["half", (error as Error).message.slice(0, 6), committed().length]) },
    );
    add("two");
    await turn();
    expect(log).toEqual([
      ["one", "kept", 2],
      ["half", "WR4008", 2],
      ["two", "kept", 2],
    ]);
    expect(committed()).toEqual(["one", "two"]);
  });

  test("on a full disk is told so, all of it, and nothing is changed", async () => {
    const log: Parameters<typeof joining>[0] = [];
    database.pragma(`max_page_count = ${database.pragma("page_count", { simple: true }) as number}`);
    const add = joining(log);
    add("small");
    add("x".repeat(100_000));
    await turn();
    expect(log.map(([, what]) => what)).toEqual(["WR4003", "WR4003"]);
    expect(committed()).toEqual([]);
    database.pragma("max_page_count = 1073741823");
    add("again");
    await turn();
    expect(committed()).toEqual(["again"]);
  });

  test("whose teller fails keeps nobody else from being told", async () => {
    const told: string[] = [];
    const uncaught: unknown[] = [];
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => uncaught.push(error));
    try {
      store.join(() => insert("one"), {
        kept: () => {
          throw new Error("a bug");
        },
        failed: () => {},
      });
      store.join(() => insert("two"), { kept: () => told.push("two"), failed: () => {} });
      await turn();
      await turn();
      expect([told, uncaught.map(String)]).toEqual([["two"], ["Error: a bug"]]);
    } finally {
      for (const listener of listeners) process.on("uncaughtException", listener);
    }
  });

  test("is told nothing once the database is closed", async () => {
    joining([])("late");
    database.close();
    await turn();
    expect(committed()).toEqual([]);
    database = openDatabase(join(folder.path, "window.db"));
  });
});
