import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCentralCommand, startCentralProcess } from "../../../test/central-process.ts";
import { newDataFolder } from "../../../test/storages.ts";
import { readJobCommand } from "./arguments.ts";

const URL = "postgresql://nobody@127.0.0.1:1/none";
const read = (line: string) => readJobCommand(line.split(" "), URL);

describe("the command line of jobs", () => {
  test("reads what is to be set", () => {
    expect(
      read("jobs set --quiet 20:00-09:00 --hall-quiet H-2=none --hall-quiet H-3=site --rules-from 2026-01-01 --staff-default rules --by X"),
    ).toMatchObject({
      name: "jobs set",
      by: "X",
      changes: {
        changes: { quietHours: { from: "20:00", until: "09:00" }, rulesFrom: "2026-01-01", staffDefault: null },
        halls: new Map([
          ["H-2", null],
          ["H-3", undefined],
        ]),
      },
    });
    expect(read("jobs set --quiet none --reminder-after-days none --by X")).toMatchObject({
      changes: { changes: { quietHours: null, reminderAfterDays: null } },
    });
  });

  test.each([
    ["jobs set --quiet none", "--by"],
    ["jobs set --by X", "nothing is to change"],
    ["jobs set --quiet 25:00-08:00 --by X", "quietHours"],
    ["jobs set --quiet late --by X", "--quiet"],
    ["jobs set --rules-from 2026-02-30 --by X", "rulesFrom"],
    ["jobs set --reminder-after-days 99 --by X", "reminderAfterDays"],
    ["jobs --limit 3", "--limit"],
    ["jobs now", "now"],
    ["sms --limit 0", "--limit"],
    ["contact-keys", "contact-keys"],
    ["phone --port 99999", "--port"],
  ])("%s is not understood, and %s is named", (line, named) => {
    expect(() => read(line)).toThrow(named);
  });
});

describe("the commands of jobs", () => {
  let folder: string;
  let data: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "window-central-jobs-"));
    data = await newDataFolder();
  });
  afterAll(() => {
    for (const path of [folder, data]) rmSync(path, { recursive: true, force: true });
  });

  test("set and show the same of a folder that nobody has open and of a central that runs on it", async () => {
    const set = ["jobs", "set", "--hall-quiet", "H-2=none", "--reminder-after-days", "1", "--by", "张三样例"];
    expect(await runCentralCommand(set, { data })).toMatchObject({
      code: 0,
      out: expect.stringContaining("after 1 days, set by 张三样例"),
    });
    const central = await startCentralProcess({ data });
    try {
      const again = await runCentralCommand(["jobs", "set", "--hall-quiet", "H-3=12:00-14:00", "--by", "李四样例", "--json"], { data });
      expect(JSON.parse(again.out)).toMatchObject({
        version: 2,
        reminderAfterDays: 1,
        reminderSetting: { by: "张三样例" },
        hallQuietHours: { "H-2": null, "H-3": { from: "12:00", until: "14:00" } },
      });
      const shown = await runCentralCommand(["jobs"], { data });
      expect(shown).toMatchObject({ code: 0, out: expect.stringContaining("No region was chosen yet") });
      expect(await runCentralCommand(["sms"], { data })).toMatchObject({ code: 0, out: "No message was queued yet\n" });
    } finally {
      await central.end("SIGTERM");
    }
  });

  test("contact-keys makes a file for its owner alone, and shows the public key of one that is there", async () => {
    const file = join(folder, "keys.json");
    const made = JSON.parse((await runCentralCommand(["contact-keys", file, "--json"], { databaseUrl: URL })).out) as {
      made: boolean;
      publicKey: string;
    };
    const shown = JSON.parse((await runCentralCommand(["contact-keys", file, "--json"], { databaseUrl: URL })).out) as {
      made: boolean;
      publicKey: string;
    };
    expect([made.made, shown.made, shown.publicKey]).toEqual([true, false, made.publicKey]);
    expect(made.publicKey).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(file, "utf8")).not.toContain(made.publicKey);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("serve says by WR7036 what is wrong with a gateway file", async () => {
    const failed = await runCentralCommand(["serve", "--port", "0", "--log-level", "silent", "--sms-gateway", join(folder, "none.json")], {
      data,
    });
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining("WR7036") });
  });
});
