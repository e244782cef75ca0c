import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifyChain } from "../identity/entry-chain.ts";
import { openDatabase } from "../store/database.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { adoptRescued } from "./adopt-rescued.ts";
import { entriesOf } from "./check.ts";
import { rescueDatabase } from "./rescue.ts";
import { NOW, openTestPc, type TestPc } from "./test-pc.ts";

let pc: TestPc;
beforeEach(() => {
  pc = openTestPc();
  pc.serve(1, 40);
});
afterEach(() => pc.remove());

const spoil = (at: number, length: number): void => {
  const file = openSync(pc.path, "r+");
  writeSync(file, Buffer.alloc(length, 0xee), 0, length, at);
  closeSync(file);
};
const rescue = () => rescueDatabase({ dataDir: pc.dataDir, publicKey: pc.publicKey, wallMs: NOW, nowMs: () => 0 });
const damagedHead = (): Buffer => {
  pc.close();
  spoil(0, 4096);
  return readFileSync(pc.path);
};

describe("A rescued file", () => {
  test("takes the place of the damaged one, which lies beside it as it was; the chain goes on", () => {
    const damaged = damagedHead();
    expect(() => openDatabase(pc.path)).toThrow("WR4001");
    expect(rescue()).toMatchObject({ entries: 40, highest: 40, gaps: [], from: { bytes: 40 } });

    const used = adoptRescued(pc.dataDir);
    expect(readFileSync(join(used.damaged, "window.db")).equals(damaged)).toBe(true);
    const again = openTestPc(pc.dataDir);
    again.serve(41, 1);
    expect(verifyChain(entriesOf(again.database), pc.publicKey)).toMatchObject({ intact: true, entries: 41 });
    expect(again.outbox.counts().waiting).toBe(41);
    again.close();
  });

  test("is not put there while a window-host runs, nor twice, nor over what was written since", () => {
    damagedHead();
    rescue();
    const unlock = lockFolder(pc.dataDir);
    expect(() => adoptRescued(pc.dataDir)).toThrow("WR4005");
    unlock();
    adoptRescued(pc.dataDir);
    const again = openTestPc(pc.dataDir);
    again.serve(41, 1);
    again.close();
    expect(() => adoptRescued(pc.dataDir)).toThrow("WR4010");
    const after = openDatabase(pc.path);
    expect([...entriesOf(after)].length).toBe(41);
    after.close();
  });

  test("goes to its place also when the first try was cut off after the damaged log had been put away", () => {
    pc.database.pragma("wal_checkpoint(TRUNCATE)");
    pc.serve(41, 1);
    damagedHead();
    rescue();
    const { damaged } = adoptRescued(pc.dataDir);
    expect(existsSync(join(damaged, "window.db"))).toBe(true);
    expect(existsSync(`${pc.path}-wal`)).toBe(false);
  });

  test("is refused where newer entries than the rescued ones were made: their numbers would be given twice", () => {
    pc.database.pragma("foreign_keys = OFF");
    pc.database.exec("INSERT INTO set_aside (number, code, detail, refused_ms) VALUES (43, 'WR7009', '', 1)");
    pc.close();
    expect(rescue()).toMatchObject({ highest: 40, highestSeen: 43 });
    const before = readFileSync(pc.path);
    expect(() => adoptRescued(pc.dataDir)).toThrow(/WR4010.*41 to 43/);
    expect(readFileSync(pc.path).equals(before)).toBe(true);
  });

  test("cannot be made of nothing", () => {
    expect(() => adoptRescued(pc.dataDir)).toThrow("WR4009");
  });
});
