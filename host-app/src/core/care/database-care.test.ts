import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, entrySchema } from "@window-rating/protocol/sync";
import Database from "better-sqlite3";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestClock } from "../../../test/window-rig.ts";
import { startBackupJob } from "../backup-job.ts";
import { verifyChain } from "../identity/entry-chain.ts";
import { Ballast } from "../store/ballast.ts";
import { entriesOf } from "./check.ts";
import { DatabaseCare } from "./database-care.ts";
import { openTestPc, type TestPc } from "./test-pc.ts";

let pc: TestPc;
let care: DatabaseCare;
const clock = new TestClock();
const careOf = ({ dataDir, database, store, identity }: TestPc): DatabaseCare => {
  const ballast = new Ballast(join(dataDir, "ballast"), 0);
  const every = { everyMinutes: 60, keep: 24 };
  const backups = startBackupJob({
    ...{ database, folder: join(dataDir, "backups"), ballast, ...every, clock },
    logger: pino({ level: "silent" }),
  });
  return new DatabaseCare({ dataDir, store, identity, backups, everyMinutes: 60, clock });
};
beforeEach(() => {
  pc = openTestPc();
  care = careOf(pc);
});
afterEach(async () => {
  await care.idle;
  pc.remove();
});

const backedUp = async (): Promise<string> => {
  clock.advance(60_000);
  care.backUp();
  await care.idle;
  expect(care.state().trouble).toBeNull();
  return care.state().backups[0]?.name as string;
};
const compared = async (name: string) => {
  care.compare(name);
  await care.idle;
  return care.state().comparison?.found;
};
const numbersIn = ({ database }: TestPc): number[] => [...entriesOf(database)].map(({ number }) => number);
/** As damage would: the triggers that keep entries hold nobody back who has another program. */
const lose = ({ database }: TestPc, where: string): void => {
  database.pragma("foreign_keys = OFF");
  database.exec(`DROP TRIGGER entries_stay; DELETE FROM outbox WHERE ${where}; DELETE FROM entries WHERE ${where}`);
  database.exec("CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END");
  database.pragma("foreign_keys = ON");
};

describe("The care of the database", () => {
  test("checks it whole while it is in use, and finds an entry that was changed behind its back", async () => {
    pc.serve(1, 30);
    care.check();
    await care.idle;
    expect(care.state().lastCheck?.found).toMatchObject({
      ok: true,
      faults: [],
      chain: { entries: 30, brokenAt: null },
      counts: { waiting: 30 },
    });

    pc.database.exec("DROP TRIGGER entries_are_fixed");
    pc.database.exec("UPDATE entries SET body = replace(body, '张三样例', '李四样例') WHERE number = 11");
    care.check();
    await care.idle;
    expect(care.state().lastCheck?.found).toMatchObject({ ok: false, faults: [], chain: { entries: 10, brokenAt: 11 } });
  });

  test("does one thing at a time, and says so", async () => {
    care.check();
    expect(() => care.backUp()).toThrow("WR4011");
    expect(care.state().underWay?.what).toBe("check");
    await care.idle;
    expect(care.state().underWay).toBeNull();
  });

  test("backs up on demand, reads the copy, and lists copies with what was found of each", async () => {
    pc.serve(1, 5);
    const first = await backedUp();
    const second = await backedUp();
    expect(care.state().backups.map(({ name, verified }) => [name, verified?.ok])).toEqual([
      [second, true],
      [first, true],
    ]);
  });

  test("leaves no copy behind of a backup that was good, and the copy of one that was not", async () => {
    pc.serve(1, 5);
    for (let times = 0; times < 3; times++) await backedUp();
    expect(readdirSync(join(pc.dataDir, "quarantine"))).toEqual([]);

    pc.database.exec("DROP TRIGGER entries_are_fixed");
    pc.database.exec("UPDATE entries SET body = replace(body, '张三样例', '李四样例') WHERE number = 3");
    const bad = await backedUp();
    expect(care.state().backups[0]?.verified?.ok).toBe(false);
    expect(readdirSync(join(pc.dataDir, "quarantine", bad.replace(/\.db$/, "")))).toContain("window.db");
  });

  test("takes back what the file in use has lost, to its place, into the queue, and not twice; nothing else changes", async () => {
    pc.serve(1, 40);
    const name = await backedUp();
    pc.serve(41, 3);
    const whole = [...entriesOf(pc.database)];
    pc.outbox.confirm(whole.map(({ number }) => number));
    lose(pc, "number IN (7, 8, 20)");

    const found = await compared(name);
    expect(found).toMatchObject({ inBoth: 37, onlyLive: 3, missing: { fitting: 3, notFitting: 0, numbers: [7, 8, 20] }, altered: 0 });
    expect(found?.check.ok).toBe(true);
    for (let times = 0; times < 2; times++) {
      care.takeBack();
      await care.idle;
      expect(care.state()).toMatchObject({ trouble: null, takenBack: { numbers: times === 0 ? 3 : 0 } });
    }
    expect([...entriesOf(pc.database)]).toEqual(whole);
    expect(pc.outbox.next({ entries: 100, bytes: 10_000_000 }).map(({ number }) => number)).toEqual([7, 8, 20]);
    expect(verifyChain(entriesOf(pc.database), pc.publicKey).intact).toBe(true);
  });

  test("goes on with a chain that was cut off; where others have taken the numbers since, it only exports, signed as they were made", async () => {
    pc.serve(1, 20);
    const name = await backedUp();
    const lost = [...entriesOf(pc.database)].slice(15);
    lose(pc, "number > 15");
    pc.database.exec("DROP TRIGGER ratings_stay; DELETE FROM ratings WHERE entry_number > 15");
    expect((await compared(name))?.missing).toMatchObject({ fitting: 5, notFitting: 0 });

    pc.writeOthers();
    pc.serve(101, 2);
    expect((await compared(name))?.missing).toMatchObject({ fitting: 0, notFitting: 5, numbers: [16, 17, 18, 19, 20] });
    const before = [...entriesOf(pc.database)];
    care.takeBack();
    await care.idle;
    expect(care.state().takenBack?.numbers).toBe(0);
    expect([...entriesOf(pc.database)]).toEqual(before);

    care.export();
    await care.idle;
    const { path, entries } = care.state().exported as { path: string; entries: number };
    expect(entries).toBe(5);
    const { content } = JSON.parse(readFileSync(path, "utf8")) as { content: { entries: Entry[] } };
    expect(content.entries.map((entry) => entrySchema.parse(entry))).toEqual(lost);
  });

  test("never takes back what is not genuine, even where a copy fits", async () => {
    pc.serve(1, 10);
    const name = await backedUp();
    const copy = new Database(join(pc.dataDir, "backups", name));
    copy.exec("DROP TRIGGER entries_are_fixed; UPDATE entries SET body = replace(body, 'A-9', 'A-8') WHERE number = 9");
    copy.close();
    lose(pc, "number = 9");
    expect(await compared(name)).toMatchObject({ missing: { fitting: 0, notFitting: 0 }, altered: 1, check: { ok: false } });
    care.takeBack();
    await care.idle;
    expect(numbersIn(pc)).not.toContain(9);
  });

  test("gives a rating its request back with the entry, so that it is not rated a second time", async () => {
    pc.serve(1, 4);
    const name = await backedUp();
    lose(pc, "number = 4");
    pc.database.exec("DROP TRIGGER ratings_stay; DELETE FROM ratings WHERE entry_number = 4; DELETE FROM requests WHERE case_no = 'A-4'");
    await compared(name);
    care.takeBack();
    await care.idle;
    const request = pc.database.prepare("SELECT state, window_no FROM requests WHERE case_no = 'A-4'").get();
    expect(request).toEqual({ state: "rated", window_no: "12" });
    expect(pc.database.prepare("SELECT level FROM ratings WHERE entry_number = 4").get()).toEqual({ level: 5 });
  });

  test("says why, when there is no such backup, or the file in use cannot be read", async () => {
    expect(() => care.compare("window-20200101T000000Z.db")).toThrow("WR4009");
    expect(() => care.compare("../identity.json")).toThrow("WR4009");
    expect(() => care.takeBack()).toThrow("WR4009");
  });
});
