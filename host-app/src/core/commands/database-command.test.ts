import { closeSync, openSync, writeSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestPc, type TestPc } from "../care/test-pc.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { databaseCommand } from "./database-command.ts";

let pc: TestPc;
beforeEach(() => {
  pc = openTestPc();
  pc.serve(1, 20);
});
afterEach(() => pc.remove());

const run = async (...args: string[]) => {
  const printed: string[] = [];
  const code = await databaseCommand([...args, "--data", pc.dataDir], { env: {}, print: (text) => printed.push(text) });
  return { code, text: printed.join("\n") };
};
const runJson = async (...args: string[]) => JSON.parse((await run(...args, "--json")).text) as Record<string, unknown>;

describe("window-host database", () => {
  test("checks, backs up and lists beside a window-host that has the database open", async () => {
    expect(await run("check")).toMatchObject({ code: 0, text: expect.stringContaining("20 entries follow each other") });
    expect(await run("list")).toEqual({ code: 0, text: "There is no backup yet." });
    expect((await run("backup")).code).toBe(0);
    expect((await run("list")).text).toMatch(/^window-\d{8}T\d{6}Z\.db .* sound, read /);
    expect(await runJson("list")).toMatchObject({ backups: [{ verified: { ok: true } }] });
  });

  test("ends with 1 where something is wrong, and says to delete nothing", async () => {
    pc.database.exec("DROP TRIGGER entries_are_fixed; UPDATE entries SET body = '{}' WHERE number = 3");
    const { code, text } = await run("check");
    expect(code).toBe(1);
    expect(text).toMatch(/WR4001.*delete nothing[\s\S]*wrong from number 3 on/);
  });

  test("takes back what is missing once nobody works on the folder, and exports it at any time", async () => {
    await run("backup");
    pc.database.exec("DROP TRIGGER entries_stay; DELETE FROM outbox WHERE number = 4; DELETE FROM entries WHERE number = 4");
    expect(await runJson("quarantine", "--export")).toMatchObject({ missing: { fitting: 1, numbers: [4] }, exported: expect.any(String) });
    const unlock = lockFolder(pc.dataDir);
    await expect(run("quarantine", "--take-back")).rejects.toThrow("WR4005");
    unlock();
    pc.close();
    expect(await runJson("quarantine", "--take-back")).toMatchObject({ takenBack: [4] });
    expect((await run("check")).code).toBe(0);
  });

  test("rescues a database that does not open any more, and uses it only when told so", async () => {
    pc.close();
    const file = openSync(pc.path, "r+");
    writeSync(file, Buffer.alloc(4096), 0, 4096, 0);
    closeSync(file);
    expect((await run("check").catch(() => ({ code: 1 }))).code).toBe(1);
    expect((await run("rescue")).text).toContain("20 entries rescued, up to number 20");
    expect((await run("check").catch(() => ({ code: 1 }))).code).toBe(1);
    expect((await run("rescue", "--use")).text).toContain("the damaged database is kept in");
    expect((await run("check")).code).toBe(0);
  });

  test("refuses what it does not know, a backup that is not there, and a folder without a database", async () => {
    await expect(run("delete")).rejects.toThrow(/WR8002.*check, backup, list, quarantine, rescue/);
    await expect(run("quarantine", "--backup", "../window.db")).rejects.toThrow("WR4009");
    // What cannot be looked at is not called absent.
    await expect(databaseCommand(["check", "--data", pc.path], { env: {}, print: () => undefined })).rejects.toThrow("WR8006");
    await expect(databaseCommand(["check", "--data", `${pc.dataDir}/none`], { env: {}, print: () => undefined })).rejects.toThrow("WR4009");
    expect((await run("--help")).text).toMatch(/Exit codes[\s\S]*Examples/);
  });
});
