import { join } from "node:path";
import type { Entry } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/window-rig.ts";
import type { Outbox } from "../sync/outbox.ts";
import { Ballast } from "./ballast.ts";
import { openDatabase } from "./database.ts";
import { EntryBook } from "./entry-book.ts";
import { sqliteOutbox } from "./sqlite-outbox.ts";
import { Store } from "./store.ts";

const LIMITS = { entries: 100, bytes: 1_000_000 };

describe("what central refused and has taken since", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let close = (): void => {};
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    close();
    folder.remove();
  });

  /** The outbox of this folder, as after a start of the PC. */
  const open = () => {
    close();
    const database = openDatabase(join(folder.path, "window.db"));
    const store = new Store(database, new Ballast(join(folder.path, "ballast"), 0));
    close = () => database.close();
    const book = new EntryBook(store, (previous, body): Entry => {
      const number = (previous?.number ?? 0) + 1;
      return { entryId: `entry ${number}`, number, previousHash: "0", hash: `h${number}`, signature: "s", body };
    });
    return { outbox: sqliteOutbox(store), append: () => store.write(() => book.append("rating", "r", '{"text":"样例"}', 1)) };
  };
  const refused = (number: number, code: string) => ({ entryId: `entry ${number}`, number, answer: "refused" as const, code, detail: "" });
  const waiting = (outbox: Outbox) => outbox.next(LIMITS).map(({ number }) => number);
  const aside = (outbox: Outbox) => outbox.listSetAside().map(({ entry, code }) => [entry.number, code]);

  test("goes into the queue once more, as it was, and stays set aside until central has answered; then it is so no longer", () => {
    let { outbox, append } = open();
    for (let count = 0; count < 3; count++) append();
    const [, second] = outbox.next(LIMITS);
    outbox.confirm([1]);
    outbox.setAside([refused(2, "WR7026"), refused(3, "WR7008")], 1);
    let told = 0;
    outbox.onAppended(() => {
      told += 1;
    });
    // What is unknown here, by number or by id, is passed over.
    const entries = [2, 7].map((number) => ({ entryId: `entry ${number}`, number }));
    outbox.sendAgain([...entries, { entryId: "another one", number: 3 }]);
    outbox.sendAgain(entries);
    expect([told, waiting(outbox), aside(outbox)]).toEqual([
      1,
      [2],
      [
        [2, "WR7026"],
        [3, "WR7008"],
      ],
    ]);
    expect(outbox.next(LIMITS)).toEqual([second]);
    ({ outbox, append } = open());
    expect([waiting(outbox), outbox.counts()]).toMatchObject([[2], { waiting: 1, setAside: 2 }]);
    outbox.confirm([2]);
    append();
    expect([waiting(outbox), aside(outbox), outbox.counts().setAside]).toEqual([[4], [[3, "WR7008"]], 1]);
  });

  test("and refuses after all is set aside again, once, with the reason of now", () => {
    const { outbox, append } = open();
    append();
    outbox.setAside([refused(1, "WR7026")], 1);
    outbox.sendAgain([{ entryId: "entry 1", number: 1 }]);
    outbox.setAside([refused(1, "WR7009")], 2);
    expect([waiting(outbox), aside(outbox), outbox.listSetAside()[0]?.atMs]).toEqual([[], [[1, "WR7009"]], 2]);
  });
});
