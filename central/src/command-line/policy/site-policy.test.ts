import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newDataFolder } from "../../../test/storages.ts";
import { type Central, startCentral } from "../../central.ts";
import { openRuleBook } from "../../policy/rule-book.ts";
import { runSiteCommand } from "../site/run.ts";
import { needsSite } from "./needs-site.ts";
import { readSitePolicyCommand } from "./site-arguments.ts";
import { runSitePolicyCommand } from "./site-run.ts";

let data: string;
let central: Central;
// The commands ask the central that holds the folder: opening an embedded database for each would take seconds.
beforeAll(async () => {
  data = await newDataFolder();
  central = await startCentral({ data, port: 0 });
});
afterAll(async () => {
  await central.close();
  rmSync(data, { recursive: true, force: true });
});

const run = async (...given: string[]) => {
  const said = { out: "", err: "" };
  const surroundings = {
    databaseUrl: undefined,
    now: () => Date.UTC(2026, 10, 21, 4),
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  const words = [...given, "--data", data];
  const code = given[0] === "site" ? await runSiteCommand(words, surroundings) : await runSitePolicyCommand(words, surroundings);
  return { code, ...said };
};

const EXPLAIN = "explain --region linxia --rule rectification-extended --class complex --at 2022-03-01T10:00 --json".split(" ");
const CHOOSE =
  "choose --region linxia --rule rectification-extended --class complex --reading ten-more --by 张三样例 --why 州政府办公室答复".split(" ");

test("a site chooses a reading, signs what it reads, and types in a local paper; every version stays on the record", async () => {
  expect(await run(...CHOOSE)).toMatchObject({ code: 0, err: "", out: expect.stringContaining("ten-more, 张三样例") });
  const [explained, packs] = [JSON.parse((await run(...EXPLAIN)).out), JSON.parse((await run("packs", "--json")).out)];
  expect(explained).toMatchObject({ reading: "ten-more", dueDate: "2022-03-22", chosen: { on: "2026-11-21", by: { zh: "张三样例" } } });

  // The running central answers everybody alike, without a new start.
  const asked = await fetch(
    `${central.url}/api/v1/policy/explain?region=linxia&rule=rectification-extended&class=complex&at=2022-03-01T10:00`,
  );
  expect(await asked.json()).toMatchObject({ reading: "ten-more", dueDate: "2022-03-22" });

  const hashOf = (all: { region: string; hash: string }[]) => all.find(({ region }) => region === "linxia")?.hash ?? "";
  const stale = openRuleBook().pack("linxia").hash;
  const sign = (hash: string) => run("sign", "--region", "linxia", "--hash", hash, "--by", "样例签署人");
  expect(await sign(stale)).toMatchObject({ code: 2, err: expect.stringMatching(/^WR7108 .*has the hash/) });
  expect(await sign(hashOf(packs))).toMatchObject({ code: 0, out: expect.stringContaining("linxia, 样例签署人") });

  const days = "local-days --region xishuangbanna --festival 泼水节 --year 2026 --paper 样例〔2026〕1号 --by 张三样例".split(" ");
  expect((await run(...days, "--off", "2026-04-13..2026-04-15", "--work", "2026-04-11")).code).toBe(0);
  expect(await run(...days.map((word) => (word === "xishuangbanna" ? "yantai" : word)), "--none")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^WR7109 .*yantai keeps the national days/),
  });

  const shown = (await run("site")).out;
  expect(shown).toContain("Version 3");
  expect(shown).toContain("linxia rectification-extended complex: ten-more (张三样例, 2026-11-21)");
  expect(shown).toMatch(/signed +linxia \(样例签署人, 2026-11-21/);
  expect(shown).toContain("xishuangbanna 泼水节 2026 (样例〔2026〕1号, 张三样例)");
});

test("a site says what a second rating is", async () => {
  expect((await run("site", "--second-rating", "refused", "--by", "张三样例")).out).toMatch(/second rating +refused/);
  expect((await run("site", "--second-rating", "pack", "--by", "张三样例")).out).toMatch(/second rating +as the region's pack has it/);
});

test.each([
  ["a reading that is not there", CHOOSE.map((word) => (word === "ten-more" ? "ten-times" : word)), /^WR7103 .*ten-in-all, ten-more/],
  ["nobody's name", CHOOSE.filter((word) => word !== "--by" && word !== "张三样例"), /^WR8002 .*--by: is missing/],
  ["no reason", CHOOSE.slice(0, -2), /^WR8002 .*--why: is missing/],
])("is refused with a word on what to give: %s", async (_, given, words) => {
  expect(await run(...given)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(words) });
});

test.each([
  ["no days and no word that there are none", "", /--off: give the days/],
  ["a day that is none", "--off 2026-02-30", /2026-02-30/],
])("local days are refused for %s", (_, more, words) => {
  const line = `local-days --region xishuangbanna --festival 泼水节 --year 2026 --paper 样例 --by 张三样例 --data x ${more}`.trim();
  expect(() => readSitePolicyCommand(line.split(" "), undefined)).toThrow(words);
});

test("only what a site decides, or reads as its own, needs a database", () => {
  expect(needsSite(EXPLAIN)).toBe(false);
  expect(needsSite(["check"])).toBe(false);
  expect(needsSite([...EXPLAIN, "--data", "x"])).toBe(true);
  expect(needsSite([...EXPLAIN, "--site"])).toBe(true);
  expect(needsSite(CHOOSE)).toBe(true);
});
