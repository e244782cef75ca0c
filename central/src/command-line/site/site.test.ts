import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newDataFolder } from "../../../test/storages.ts";
import { startCentral } from "../../central.ts";
import { readSiteCommand } from "./arguments.ts";
import { runSiteCommand } from "./run.ts";

describe("import, system and site", () => {
  let data: string;
  let files: string;
  beforeAll(async () => {
    data = await newDataFolder();
    files = mkdtempSync(join(tmpdir(), "window-rating-site-"));
  });
  afterAll(() => {
    for (const folder of [data, files]) rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...given: string[]) => {
    const said = { out: "", err: "" };
    const code = await runSiteCommand([...given, "--data", data], {
      databaseUrl: undefined,
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
    });
    return { code, ...said };
  };

  test("work beside a central that runs on the folder, and without one", async () => {
    const clerks = join(files, "clerks.csv");
    writeFileSync(clerks, "工号,姓名\n1001,张三样例\n");
    const central = await startCentral({ data, port: 0 });
    const added = await run("system", "add", "--name", "样例系统", "--scope", "cases", "--json");
    expect([added.code, JSON.parse(added.out)]).toEqual([0, { systemNo: 1, name: "样例系统", token: expect.stringMatching(/^wrs_/) }]);
    expect(JSON.parse((await run("import", "clerks", clerks, "--apply", "--json")).out)).toMatchObject({
      taken: 1,
      importNo: expect.any(Number),
    });
    expect((await run("site", "--region", "linxia", "--by", "张三样例")).out).toContain("linxia");
    await central.close();
    expect((await run("system", "list")).out).toContain("样例系统");
    expect((await run("system", "revoke", "1")).code).toBe(0);
    expect((await run("system", "revoke", "1")).err).toContain("WR7012");
    expect(JSON.parse((await run("site", "--json")).out)).toMatchObject({ version: 1, region: "linxia", correctWithinDays: 7 });
    expect((await run("site", "--region", "atlantis", "--by", "张三样例")).err).toContain("WR7102");
  });

  test("a file with bad rows is exit code 1 and a list of all of them; one that is not there is WR7031", async () => {
    const bad = join(files, "bad.csv");
    writeFileSync(bad, "工号,姓名\n,张三样例\n1002,\n");
    const dry = await run("import", "clerks", bad, "--dry-run");
    expect([dry.code, dry.out.split("\n").filter((line) => /^[23] {2}/.test(line)).length]).toEqual([1, 2]);
    expect((await run("import", "clerks", join(files, "none.csv"), "--dry-run")).err).toContain("WR7031");
  });
});

test("WR8002 for what is not understood", () => {
  const wrong = [
    ["import", "clerks", "a.csv"],
    ["import", "clerks", "a.csv", "--apply", "--dry-run"],
    ["import", "houses", "a.csv", "--apply"],
    ["import", "clerks", "--apply"],
    ["system"],
    ["system", "add", "--name", "x"],
    ["system", "add", "--name", "x", "--scope", "everything"],
    ["system", "revoke", "x"],
    ["site", "--region", "linxia"],
    ["site", "--reasons", "2019", "--by", "x"],
    ["site", "--colour", "blue"],
  ];
  for (const given of wrong) {
    expect(() => readSiteCommand(given, "postgresql://x/y"), given.join(" ")).toThrow(expect.objectContaining({ code: "WR8002" }));
  }
  expect(readSiteCommand(["site", "--help"], undefined)).toEqual({ name: "help" });
});
