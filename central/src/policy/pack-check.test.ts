import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CivilDate } from "../calendar/civil-date.ts";
import { loadPack, PACK_FOLDER, readPack, regionsIn } from "./load.ts";
import { checkPack, problemText } from "./pack-check.ts";
import { packHash } from "./pack-hash.ts";
import { type Pack, packSchema } from "./pack-schema.ts";
import { findQuote } from "./quote.ts";
import { RULE_IDS } from "./vocabulary.ts";

const documentOf = ({ document }: Pack): string => readFileSync(join(PACK_FOLDER, "sources", document.file), "utf8");

/** Sets what lies at a dotted path; undefined takes it away. */
const setAt = (json: object, path: string, value: unknown): void => {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], json) as Record<string, unknown>;
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
};

/** What the check finds in the shipped pack of a region after some changes. */
const problemsAfter = (region: string, changes: Readonly<Record<string, unknown>>): string[] => {
  const json = JSON.parse(readFileSync(join(PACK_FOLDER, `${region}.json`), "utf8")) as object;
  for (const [path, value] of Object.entries(changes)) setAt(json, path, value);
  const pack = packSchema.parse(json);
  return checkPack(pack, documentOf(pack)).map(problemText);
};

const days = (...counts: number[]) => ({ is: "deadline", spans: counts.map((count) => ({ unit: "working-days", count })) });

test("the five packs have no problem", () => {
  expect(regionsIn()).toEqual(["linxia", "siping", "weihai-lingang", "xishuangbanna", "yantai"]);
  for (const region of regionsIn()) expect(readPack(region, PACK_FOLDER).problems).toEqual([]);
});

test("every rule that has variants cites its clause, line and words for each reading", () => {
  for (const region of regionsIn()) {
    const { pack } = loadPack(region);
    const document = documentOf(pack);
    for (const id of RULE_IDS) {
      const rule = pack.rules[id];
      const readings = "variants" in rule ? rule.variants.flatMap((variant) => ("readings" in variant ? variant.readings : [])) : [];
      for (const { cites } of readings) {
        expect(cites.length).toBeGreaterThan(0);
        for (const cite of cites) expect(findQuote(document, cite), `${region} ${id} ${cite.quote}`).toBe(true);
      }
    }
  }
});

describe("a quote", () => {
  const document = "一、总则\n\n现\n\n场未评价的，应于 5 个工作日内\n";
  test("is found on the line where it begins, over line breaks and spaces", () => {
    expect(findQuote(document, { line: 3, quote: "现场未评价的，应于5个工作日内" })).toBe(true);
    expect(findQuote(document, { line: 5, quote: "5个工作日" })).toBe(true);
  });
  test("is not found on another line, in other words, or behind the end", () => {
    expect(findQuote(document, { line: 1, quote: "现场未评价的" })).toBe(false);
    expect(findQuote(document, { line: 3, quote: "6个工作日" })).toBe(false);
    expect(findQuote(document, { line: 99, quote: "现场" })).toBe(false);
  });
});

describe("a pack is refused, with the clause, for", () => {
  test("a quote that the document does not hold", () => {
    const quote = "rules.review.variants.0.readings.0.cites.0.quote";
    expect(problemsAfter("siping", { [quote]: "应在6个工作日内完成复核工作" }).join("\n")).toContain("(9.3): line 128");
  });

  test("a number that no quote gives", () => {
    expect(problemsAfter("xishuangbanna", { "rules.report.variants.0.readings.0.answer": days(3) })).toEqual([
      "rules.report.variants.0.readings.0 (一(二)3): no quote gives the 3 working-days",
    ]);
  });

  test("a unit that no quote gives: 15d are no working days", () => {
    expect(problemsAfter("siping", { "rules.rectification.variants.0.readings.0.answer": days(15) })).toEqual([
      "rules.rectification.variants.0.readings.0 (8.1): no quote gives the 15 working-days",
    ]);
  });

  test("a number within another: 5 is not in 15个工作日", () => {
    const reading = "rules.rectification.variants.4.readings.0";
    expect(problemsAfter("weihai-lingang", { [`${reading}.answer`]: days(5), [`${reading}.cites.1`]: undefined })).toEqual([
      `${reading} (三(二)3): no quote gives the 5 working-days`,
    ]);
  });

  test("a gap: a class without an answer", () => {
    expect(problemsAfter("yantai", { "rules.rectification.variants.1": undefined })).toEqual([
      expect.stringMatching(/^rules\.rectification \(五\(一\).*\): gap: nothing answers general, onsite$/),
      expect.stringContaining("gap: nothing answers general, online"),
    ]);
  });

  test("a contradiction: two answers for one case", () => {
    const [first] = problemsAfter("linxia", { "rules.rectification.variants.1.when": { class: ["general", "complex"] } });
    expect(first).toContain("contradiction: two answers for complex, onsite");
    expect(first).toContain("二(四)1");
  });

  test("a contradiction: an extended limit that is shorter than the limit", () => {
    const changes = {
      "rules.rectification-extended.variants.0.readings.0.answer": days(2),
      "rules.rectification.variants.0.readings.0.answer": days(2, 2),
    };
    expect(problemsAfter("xishuangbanna", changes)).toEqual([
      expect.stringMatching(/\(一\(二\)2 .*contradiction: 2 working days extended, but 4 without extension, for simple, onsite/),
      expect.stringContaining("for simple, online"),
    ]);
  });

  test("a contradiction: a default rating in the sections that the rules do not have", () => {
    expect(problemsAfter("linxia", { "rules.default-rating": { saysNothing: { zh: "未作规定", en: "nothing" } } })).toEqual([
      expect.stringContaining("contradiction: defaultRating and rules.default-rating"),
    ]);
  });

  test("two readings of which none is chosen, or one that is not there", () => {
    const chosen = "rules.default-rating.variants.0.chosen";
    expect(problemsAfter("linxia", { [chosen]: undefined })).toEqual([expect.stringContaining("2 readings, and none is marked as chosen")]);
    expect(problemsAfter("linxia", { [`${chosen}.reading`]: "other" })).toEqual([
      expect.stringContaining("the chosen reading other is not there"),
    ]);
  });

  test("a share that no quote gives", () => {
    expect(problemsAfter("xishuangbanna", { "returnVisits.list.0.percent": 30 })).toEqual([
      expect.stringContaining("no quote gives the 30 %"),
    ]);
  });

  test("levels that are not each of the five", () => {
    expect(problemsAfter("yantai", { "levels.labels.0.level": 4 })).toEqual([expect.stringContaining("not every level from 1 to 5")]);
  });
});

describe("the hash of a pack", () => {
  test("changes with its content and its document, not with its signature", () => {
    const { pack, hash } = loadPack("siping");
    const document = documentOf(pack);
    const signOff = { by: "样例签署人", on: "2026-11-21" as CivilDate, hash };
    expect(packHash({ ...pack, signOff }, document)).toBe(hash);
    expect(packHash({ ...pack, version: pack.version + 1 }, document)).not.toBe(hash);
    expect(packHash(pack, `${document} `)).not.toBe(hash);
  });

  test("does not depend on the order of keys", () => {
    const { pack, hash } = loadPack("yantai");
    const reversed = Object.fromEntries(Object.entries(pack).reverse()) as Pack;
    expect(packHash(reversed, documentOf(pack))).toBe(hash);
  });
});
