import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newDataFolder } from "../../test/storages.ts";
import { WindowPc } from "../../test/window-pc.ts";
import { startCentral } from "../central.ts";
import { runCommandLine } from "./run.ts";

let data: string;
let files: string;
beforeAll(async () => {
  data = await newDataFolder();
  files = mkdtempSync(join(tmpdir(), "window-rating-entries-"));
});
afterAll(() => {
  for (const folder of [data, files]) rmSync(folder, { recursive: true, force: true });
});

const run = async (...given: string[]) => {
  const said = { out: "", err: "" };
  const code = await runCommandLine([...given, "--data", data], {
    databaseUrl: undefined,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    untilStopped: () => Promise.resolve(),
  });
  return { code, ...said };
};

test("entries take works beside a central that runs on the folder, and without one", async () => {
  const central = await startCentral({ data, port: 0 });
  const pc = new WindowPc("exporting", "7");
  const { code } = JSON.parse((await run("enrol", "--window", "7", "--json")).out) as { code: string };
  await pc.enrol(central.url, code);
  const [one, two, three] = pc.entries(3);
  if (one === undefined || two === undefined || three === undefined) throw new Error("no entries");
  await pc.send(central.url, [one, three], Date.now());
  const path = join(files, "missing-entries.json");
  writeFileSync(path, JSON.stringify(pc.entryFile([two, pc.entry()])));
  const take = (...more: string[]) => run("entries", "take", path, "--by", "张三样例", ...more);
  const taken = await take();
  expect([taken.code, taken.err]).toEqual([0, ""]);
  expect(taken.out).toContain("2 entries of window PC");
  expect(taken.out).toContain("1 taken, 0 known\n1 set aside with WR7019\n");
  await central.close();
  const again = await take("--json");
  expect([again.code, JSON.parse(again.out)]).toMatchObject([0, { windowNo: "7", taken: 0, known: 1, setAside: { WR7019: 1 } }]);

  writeFileSync(path, "{}");
  expect(await take()).toMatchObject({ code: 1, err: expect.stringContaining("WR7018") });
  // A hundred megabytes that take no room on the disk.
  const large = openSync(path, "w");
  ftruncateSync(large, 100 * 1_048_576);
  closeSync(large);
  expect(await take()).toMatchObject({ code: 1, err: expect.stringContaining("WR7013") });
  rmSync(path);
  expect(await take()).toMatchObject({ code: 1, err: expect.stringContaining("WR7031") });
  expect((await run("entries", "take", path)).code).toBe(2);
});
