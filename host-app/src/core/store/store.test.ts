import { execFileSync } from "node:child_process";
import { closeSync, copyFileSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";
import { backUp, listBackups } from "./backup.ts";
import { Ballast } from "./ballast.ts";
import { openDatabase } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";
import { MIGRATIONS } from "./migrations.ts";
import { Store } from "./store.ts";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, "window.db");
});
afterEach(() => folder.remove());

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "none";
};

describe("the database", () => {
  test("is in WAL mode with every commit synced, also at the second opening", () => {
    for (let opening = 0; opening < 2; opening++) {
      const database = openDatabase(path);
      expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
      expect(database.pragma("synchronous", { simple: true })).toBe(2);
      expect(database.pragma("foreign_keys", { simple: true })).toBe(1);
      database.close();
    }
  });

  test("may be read by its owner alone, also in a folder that is open to others", () => {
    const database = openDatabase(path);
    expect([path, `${path}-wal`, `${path}-shm`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    database.close();
  });

  test("of before PINs, batches and second invitations goes on: what had ended finds its request, and may be asked again", () => {
    const old = new Database(path);
    for (const step of MIGRATIONS.slice(0, 4)) old.exec(step);
    old.pragma("user_version = 4");
    const binding = { requestId: "01890000-0000-7000-8000-000000000001", caseNo: "A-1", visitNo: 1, staffNo: "1001", windowNo: "8" };
    old.exec(
      `INSERT INTO sign_ins (staff_no, clerk_name, caller, signed_in_ms, window_no) VALUES ('1001', '张三样例', 'hall system', 1, '8')`,
    );
    old.exec(
      `INSERT INTO cases (case_no, visit_no, item_code, item_name, started_by, started_ms, state, window_no) VALUES ('A-1', 1, '1', '样例事项', 'x', 1, 'ended', '8')`,
    );
    old
      .prepare(
        `INSERT INTO requests (request_id, case_no, visit_no, binding, opened_wall_ms, opened_monotonic_ms, opened_boot_id, timeout_ms, wait_ms, state, window_no)
         VALUES (?, 'A-1', 1, ?, 1, 1, 'boot-0', 30000, 120000, 'timed-out', '8')`,
      )
      .run(binding.requestId, JSON.stringify(binding));
    old.close();
    const rig = openWindow(folder.path, new TestClock());
    expect(rig.window.state()).toMatchObject({ clerks: [{ staffNo: "1001" }], request: { caseNo: "A-1", canInviteAgain: true } });
    expect(rig.window.inviteAgain("A-1", { visitNo: 1, trigger: "business-system" }, rig.caller).requestId).toBe(binding.requestId);
    rig.close();
  });

  test("of a newer program is refused and left byte for byte as it is", () => {
    const newer = new Database(path);
    newer.exec("CREATE TABLE of_tomorrow (a); PRAGMA user_version = 9999;");
    newer.close();
    const before = readFileSync(path);
    expect(codeOf(() => openDatabase(path))).toBe("WR4002");
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("that is no database at all is refused and left as it is", () => {
    writeFileSync(path, "not a database ".repeat(1000));
    expect(codeOf(() => openDatabase(path))).toBe("WR4001");
    expect(readFileSync(path, "utf8")).toContain("not a database");
  });

  test("with a damaged page is refused at the start, with the file left as it is", () => {
    const clock = new TestClock();
    const rig = openWindow(folder.path, clock);
    for (let index = 0; index < 200; index++) rig.press(rig.serve(`A-${index}`), 1 + (index % 5));
    rig.database.pragma("wal_checkpoint(TRUNCATE)");
    const pageSize = rig.database.pragma("page_size", { simple: true }) as number;
    const root = rig.database.prepare<[], { rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'entries'").get()
      ?.rootpage as number;
    rig.close();
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(pageSize, 0x5a), 0, pageSize, (root - 1) * pageSize);
    closeSync(file);
    const size = statSync(path).size;
    expect(codeOf(() => openDatabase(path))).toBe("WR4001");
    expect(statSync(path).size).toBe(size);
  });

  test("with a damaged page keeps its log, too: what nobody may read yet is not taken in or dropped", () => {
    const rig = openWindow(folder.path, new TestClock());
    rig.database.pragma("wal_autocheckpoint = 0");
    for (let index = 0; index < 10; index++) rig.press(rig.serve(`A-${index}`), 1 + (index % 5));
    rig.database.pragma("wal_checkpoint(TRUNCATE)");
    rig.press(rig.serve("B-1"), 5);
    const copy = join(folder.path, "copy.db");
    for (const part of ["", "-wal"]) copyFileSync(path + part, copy + part);
    rig.close();
    const file = openSync(copy, "r+");
    writeSync(file, Buffer.alloc(4096 * 8, 0x5a), 0, 4096 * 8, 4096);
    closeSync(file);
    const before = ["", "-wal"].map((part) => readFileSync(copy + part));
    expect(before[1]?.length).toBeGreaterThan(0);
    expect(codeOf(() => openDatabase(copy))).toBe("WR4001");
    expect(["", "-wal"].map((part, at) => readFileSync(copy + part).equals(before[at] as Buffer))).toEqual([true, true]);
  });

  test("refuses to change or delete what was accepted", () => {
    const rig = openWindow(folder.path, new TestClock());
    rig.press(rig.serve("A-1"), 5);
    for (const table of ["entries", "ratings", "pad_events"]) {
      expect(() => rig.database.exec(`DELETE FROM ${table}`)).toThrow(/never deleted/);
    }
    expect(() => rig.database.exec("UPDATE ratings SET level = 1")).toThrow(/never changed/);
    expect(() => rig.database.exec("UPDATE entries SET body = '{}'")).toThrow(/never changed/);
    expect(() => rig.database.exec("UPDATE requests SET binding = '{}'")).toThrow(/I5/);
    rig.close();
  });

  test("folder is worked on by one program at a time", () => {
    const release = lockFolder(folder.path);
    expect(codeOf(() => lockFolder(folder.path))).toBe("WR4005");
    release();
    lockFolder(folder.path)();
  });
});

describe("a transaction", () => {
  test("that fails in its middle leaves nothing of itself: no event, no entry, no outbox row", () => {
    const rig = openWindow(folder.path, new TestClock());
    const requestId = rig.serve("A-1");
    rig.database.exec("CREATE TRIGGER fail BEFORE INSERT ON ratings BEGIN SELECT RAISE(ABORT, 'broken'); END");
    rig.press(requestId, 5);
    expect(rig.events.some((event) => event.event === "notice" && event.text.includes("broken"))).toBe(true);
    expect(rig.stored()).toEqual([]);
    for (const table of ["pad_events", "entries", "outbox"]) {
      expect(rig.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
    rig.close();
  });
});

describe("a backup", () => {
  test("is whole while the database is in use, and only the newest are kept", async () => {
    const rig = openWindow(folder.path, new TestClock());
    const backups = join(folder.path, "backups");
    for (let hour = 0; hour < 4; hour++) {
      rig.press(rig.serve(`A-${hour}`), 5);
      const copy = await backUp(rig.database, backups, 2, 1_790_000_000_000 + hour * 3_600_000);
      const database = openDatabase(copy);
      expect(database.prepare("SELECT count(*) AS n FROM ratings").get()).toEqual({ n: hour + 1 });
      database.close();
      for (const suffix of ["-wal", "-shm"]) rmSync(copy + suffix, { force: true });
    }
    expect(listBackups(backups)).toHaveLength(2);
    rig.close();
  });
});

describe("the ballast", () => {
  test("takes up real space and gives it free once", () => {
    const ballast = new Ballast(join(folder.path, "ballast"), 1_000_000);
    ballast.restore();
    expect(statSync(join(folder.path, "ballast")).blocks * 512).toBeGreaterThanOrEqual(1_000_000);
    expect(ballast.drop()).toBe(true);
    expect(ballast.drop()).toBe(false);
  });
});

/** Mounts a tmpfs of 6 MB on the folder; tells why if this machine does not allow it. */
const mountSmallDisk = (): string | undefined => {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", folder.path], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `a small tmpfs cannot be mounted here: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`;
  }
};

describe("on a full disk", () => {
  test("the ballast is given up first; when that is used too the press stays with the pad; with space again it is taken", (context) => {
    const refusal = mountSmallDisk();
    if (refusal !== undefined) return context.skip(refusal);
    const clock = new TestClock();
    try {
      writeFileSync(join(folder.path, "film-of-somebody-else"), Buffer.alloc(3_000_000, 1));
      const database = openDatabase(path);
      const ballast = new Ballast(join(folder.path, "ballast"), 1_000_000);
      ballast.restore();
      const store = new Store(database, ballast);
      database.exec("CREATE TABLE filler (bytes BLOB)");
      const fill = (): void => {
        store.write(() => database.prepare("INSERT INTO filler VALUES (zeroblob(40000))").run());
      };
      expect(codeOf(() => Array.from({ length: 1000 }, fill))).toBe("WR4003");
      expect(ballast.isThere).toBe(false);
      database.close();

      const rig = openWindow(folder.path, clock);
      expect(codeOf(() => Array.from({ length: 1000 }, (_, index) => rig.press(rig.serve(`A-${index}`), 5)))).toBe("WR4003");
      writeUntilFull(join(folder.path, "the-last-bytes"));
      const requestOf = (eventNo: number): string => `01890000-0000-7000-8000-${String(eventNo).padStart(12, "0")}`;
      // The write-ahead log may have room for some more that it need not grow for.
      const refused = Array.from({ length: 3000 }, (_, index) => 900_000 + index).find((eventNo) => {
        rig.press(requestOf(eventNo), 2, eventNo);
        return rig.stored().at(-1) !== eventNo;
      }) as number;
      expect(rig.stored()).not.toContain(refused);
      expect(rig.events.some((event) => event.event === "notice" && event.code === "WR4003")).toBe(true);

      rmSync(join(folder.path, "film-of-somebody-else"));
      rig.press(requestOf(refused), 2, refused);
      expect(rig.stored()).toContain(refused);
      expect(rig.bodies().filter((body) => body.requestId === requestOf(refused))).toHaveLength(1);
      rig.close();
    } finally {
      execFileSync("umount", ["-l", folder.path]);
    }
  });
});

const writeUntilFull = (file: string): void => {
  const descriptor = openSync(file, "w");
  try {
    while (writeSync(descriptor, Buffer.alloc(4096)) > 0);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
  } finally {
    closeSync(descriptor);
  }
};
