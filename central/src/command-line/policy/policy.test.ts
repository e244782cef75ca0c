import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { CALENDAR_FOLDER } from "../../calendar/load.ts";
import { loadPack, PACK_FOLDER } from "../../policy/load.ts";
import { RULE_IDS } from "../../policy/vocabulary.ts";
import { POLICY_HELP } from "./arguments.ts";
import { runPolicyCommand } from "./run.ts";

const OCTOBER = Date.UTC(2026, 9, 1);

const run = (line: string, now = OCTOBER): { code: number; out: string; err: string } => {
  const output = { out: "", err: "" };
  const code = runPolicyCommand(
    line.split(" ").filter((word) => word !== ""),
    {
      now: () => now,
      out: (text) => {
        output.out += text;
      },
      err: (text) => {
        output.err += text;
      },
    },
  );
  return { code, ...output };
};

const folders: string[] = [];
const copyOf = (folder: string): string => {
  const copy = mkdtempSync(join(tmpdir(), "policy-"));
  folders.push(copy);
  cpSync(folder, copy, { recursive: true });
  return copy;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const EXAMPLE = "explain --region weihai-lingang --rule rectification --class complex --channel online --at 2022-03-01T10:00+08:00";

describe("policy explain", () => {
  test("prints the answer first, then clause, days and reasons, Chinese and English", () => {
    const { code, out, err } = run(EXAMPLE);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n")[0]).toBe("期限 Due: 2022-03-22T24:00+08:00");
    expect(out).toContain("威临港政管办发〔2021〕6号 三(二)3 (L63)");
    expect(out).toContain("2022-03-05 跳过    周六，休息日  Saturday, weekend");
    expect(out).toContain("2022-03-22 第15天  周二，工作日  Tuesday, working day");
  });

  test("prints JSON with due, dueDate, ask, reading, clause and steps", () => {
    expect(JSON.parse(run(`${EXAMPLE} --json`).out)).toMatchObject({
      due: "2022-03-22T24:00+08:00",
      dueDate: "2022-03-22",
      ask: false,
      reading: "as-written",
      clause: expect.stringContaining("三(二)3"),
      steps: expect.arrayContaining([expect.objectContaining({ date: "2022-03-02", counted: true, number: 1 })]),
    });
  });

  test("says who must act when the document gives no number, and what it does not say", () => {
    const asked = "explain --region yantai --rule rectification --class complex --at 2022-03-01T10:00";
    expect(run(asked).out).toContain("须由人设定日期  a person must set the date");
    expect(JSON.parse(run(`${asked} --json`).out)).toMatchObject({ due: null, dueDate: null, ask: true });
    const silent = "explain --region yantai --rule default-rating --at 2022-03-01T10:00";
    expect(run(silent).out).toContain("本地区没有此项规定");
    expect(JSON.parse(run(`${silent} --json`).out)).toMatchObject({ due: null, dueDate: null, ask: false });
  });

  test("takes another reading by its name, and says that it is not the chosen one", () => {
    const { out } = run("explain --region linxia --rule rectification-extended --class complex --at 2022-03-01T10:00 --reading ten-more");
    expect(out).toContain("期限 Due: 2022-03-22T24:00+08:00");
    expect(out).toContain("ten-more 不是选定的读法");
  });

  test("warns of next year's missing paper from November on", () => {
    expect(run(EXAMPLE).out).not.toContain("2027");
    expect(run(EXAMPLE, Date.UTC(2026, 10, 21)).out).toContain("2027年节假日安排");
  });

  test("refuses a year without a paper with code and day, and ends with 1", () => {
    const { code, out, err } = run(EXAMPLE.replace("2022-03-01", "2026-12-15"));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^WR7104 .*2027-01-01/);
    expect(JSON.parse(run(`${EXAMPLE.replace("2022-03-01", "2026-12-15")} --json`).err)).toMatchObject({ error: { code: "WR7104" } });
  });

  test("tells whether a step was done in time", () => {
    expect(run(`${EXAMPLE} --done 2022-03-22T23:00`).out).toContain("按期 in time");
    expect(run(`${EXAMPLE} --done 2022-03-23T08:00`).out).toContain("逾期 late");
    const onTheSpot = "explain --region weihai-lingang --rule rectification --class simple --channel onsite --at 2022-03-04T10:00";
    const { out } = run(`${onTheSpot} --done 2022-03-04T10:03`);
    expect(out).toContain("是否当场由人判断");
    expect(out).not.toContain("逾期 late");
  });
});

describe("exit code 2 and a word on what to correct for", () => {
  test.each([
    ["an unknown region", EXAMPLE.replace("weihai-lingang", "weihai"), "weihai-lingang"],
    ["a missing region", "explain --rule appeal --at 2022-03-01T10:00", "--region: is missing"],
    ["an unknown rule", EXAMPLE.replace("rectification", "revenge"), "rectification-extended"],
    ["an unknown class", EXAMPLE.replace("complex", "hard"), "simple"],
    ["a missing class", EXAMPLE.replace("--class complex", ""), "--class"],
    ["a day that is none", EXAMPLE.replace("03-01", "02-30"), "2022-02-30T10:00+08:00"],
    ["an unknown reading", `${EXAMPLE} --reading other`, "as-written"],
    ["an unknown option", `${EXAMPLE} --colour red`, "--colour"],
    ["an option of another command", "packs --region linxia", "--region"],
    ["an unknown command", "excuse", "explain, rules, packs and check"],
    ["two commands", "packs check", "check"],
  ])("%s", (_, line, word) => {
    const { code, out, err } = run(line);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(word);
  });
});

test("policy rules lists all fourteen rules of each region, each line with its clause", () => {
  for (const region of ["weihai-lingang", "linxia", "siping", "xishuangbanna", "yantai"]) {
    const { rules } = JSON.parse(run(`rules --region ${region} --json`).out) as {
      rules: { rule: string; clause: string; chosen: boolean }[];
    };
    expect([...new Set(rules.map(({ rule }) => rule))]).toEqual(RULE_IDS);
    expect(rules.every(({ clause }) => clause !== "")).toBe(true);
  }
  expect(run("rules --region linxia").out).toContain("[ten-in-all, 选定 chosen]: 10个工作日");
});

test("policy packs names version, hash and signature, and the draft", () => {
  const packs = JSON.parse(run("packs --json").out) as { region: string; hash: string }[];
  expect(packs).toHaveLength(5);
  expect(run("packs").out).toContain("草案 DRAFT  未签署 not signed");
});

describe("policy check", () => {
  test("passes what comes with central, with the warning of November", () => {
    expect(run("check")).toMatchObject({ code: 0, out: expect.stringContaining("没有问题") });
    expect(run("check", Date.UTC(2026, 10, 1)).out).toContain("2027.json");
  });

  test("names file, clause and fault of a pack with an invented number, and ends with 1; explain refuses it too", () => {
    const packs = copyOf(PACK_FOLDER);
    const file = join(packs, "siping.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/("unit": "hours",\s*"count": )48/g, "$136"));
    const { code, out } = run(`check --packs ${packs}`);
    expect(code).toBe(1);
    expect(out).toMatch(/siping\.json, rules\.response.*\(8\.1\): no quote gives the 36 hours/);
    const explained = run(`explain --region siping --rule appeal --at 2022-03-01T10:00 --packs ${packs}`);
    expect(explained).toMatchObject({ code: 1, err: expect.stringMatching(/^WR7101 .*8\.1/) });
  });

  test("refuses a pack that was changed after it was signed", () => {
    const packs = copyOf(PACK_FOLDER);
    const file = join(packs, "linxia.json");
    const sign = (hash: string) => {
      const pack = JSON.parse(readFileSync(file, "utf8")) as object;
      writeFileSync(file, JSON.stringify({ ...pack, signOff: { by: "样例签署人", on: "2026-11-21", hash } }));
    };
    sign(loadPack("linxia").hash);
    expect(run(`packs --packs ${packs}`).out).toContain("签署 signed: 样例签署人, 2026-11-21");
    sign("0".repeat(64));
    expect(run(`check --packs ${packs}`)).toMatchObject({ code: 1, out: expect.stringContaining("changed after 样例签署人 signed it") });
  });

  test.each([
    ["no JSON", "{", "linxia.json"],
    ["another shape", "{}", "expected"],
  ])("names a pack that is %s", (_, text, word) => {
    const packs = copyOf(PACK_FOLDER);
    writeFileSync(join(packs, "linxia.json"), text);
    const { code, out } = run(`check --packs ${packs}`);
    expect(code).toBe(1);
    expect(out).toContain(word);
  });

  test("names a folder that is not there", () => {
    expect(run("check --packs /nowhere/at-all")).toMatchObject({ code: 1, err: expect.stringMatching(/^WR7101 .*\/nowhere\/at-all/) });
    expect(run(`${EXAMPLE} --calendar /nowhere/at-all`)).toMatchObject({ code: 1, err: expect.stringMatching(/^WR7105/) });
  });

  test("names a calendar file that is wrong", () => {
    const calendar = copyOf(CALENDAR_FOLDER);
    writeFileSync(join(calendar, "state-council", "2027.json"), JSON.stringify({ year: 2027, version: 1, papers: [] }));
    expect(run(`check --calendar ${calendar}`)).toMatchObject({ code: 1, err: expect.stringMatching(/^WR7105 .*2027\.json: papers/) });
  });
});

test("a year is covered as soon as its paper is in the calendar", () => {
  const calendar = copyOf(CALENDAR_FOLDER);
  const sample = {
    year: 2027,
    version: 1,
    papers: [
      {
        number: "国办发明电〔2026〕99号",
        title: "样例通知（虚构）",
        date: "2026-11-01",
        url: "https://example.org/",
        unverified: true,
        note: "invented for this test",
        off: [{ name: "元旦", first: "2027-01-01", last: "2027-01-03" }],
        work: [],
      },
    ],
  };
  writeFileSync(join(calendar, "state-council", "2027.json"), JSON.stringify(sample));
  const line = `explain --region yantai --rule supplementary --channel onsite --at 2026-12-30T10:00 --json --calendar ${calendar}`;
  expect(JSON.parse(run(line, Date.UTC(2026, 11, 1)).out)).toMatchObject({
    dueDate: "2027-01-07",
    warnings: expect.arrayContaining([expect.objectContaining({ en: expect.stringContaining("was not verified") })]),
  });
});

test("the command answers alike under any TZ of its process, without a database", () => {
  const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
  const { DATABASE_URL: _, ...environment } = process.env;
  const answers = ["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Shanghai"].map((zone) => {
    const given = ["policy", ...EXAMPLE.split(" "), "--json"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...given], {
      env: { ...environment, TZ: zone },
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout;
  });
  expect(new Set(answers).size).toBe(1);
  expect(JSON.parse(answers[0] ?? "")).toMatchObject({ due: "2022-03-22T24:00+08:00" });
});

test("every example of the help can be run", () => {
  const examples = POLICY_HELP.split("\n").flatMap((line) =>
    line.startsWith("  window-central policy ") && !line.includes("<") && line.includes("--region") ? [line.trim()] : [],
  );
  expect(examples.length).toBeGreaterThan(2);
  for (const example of examples) expect(run(example.replace("window-central policy ", "")).code).toBe(0);
  expect(run("--help").out).toBe(POLICY_HELP);
  expect(run("").out).toBe(POLICY_HELP);
});
