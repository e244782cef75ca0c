import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CivilDate } from "../calendar/civil-date.ts";
import { clausesOfLines } from "./document-clauses.ts";
import { loadPack, PACK_FOLDER, readPack, regionsIn } from "./load.ts";
import { checkPack } from "./pack-check.ts";
import { packHash } from "./pack-hash.ts";
import { problemText } from "./pack-problem.ts";
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

/** [what is altered, region, changes, words of the refusal]: each must be refused, at its clause, with what to do. */
type Alteration = readonly [string, string, Readonly<Record<string, unknown>>, RegExp];
const text = { zh: "样例", en: "sample" };
const said = (is: boolean) => ({ said: is });
const RECTIFY = "rules.rectification.variants.0.readings";
const ALTERATIONS: readonly Alteration[] = [
  [
    "a quote that the document does not hold",
    "siping",
    { "rules.review.variants.0.readings.0.cites.0.quote": "应在6个工作日内完成复核工作" },
    /\(9\.3\): line 128 .*correct the line/,
  ],
  [
    "a number that no quote gives",
    "xishuangbanna",
    { "rules.report.variants.0.readings.0.answer": days(3) },
    /^rules\.report\.variants\.0\.readings\.0 \(一\(二\)3\): no quote gives the 3 working-days: quote/,
  ],
  [
    "a unit that no quote gives: 15d are no working days",
    "siping",
    { [`${RECTIFY}.0.answer`]: days(15) },
    /\(8\.1\): no quote gives the 15 w/,
  ],
  [
    "a number within another: 5 is not in 15个工作日",
    "weihai-lingang",
    { "rules.rectification.variants.4.readings.0.answer": days(5) },
    /\(三\(二\)3\): no quote gives the 5 working-days/,
  ],
  [
    "a number of another clause, which is quoted beside the right one",
    "siping",
    {
      [`${RECTIFY}.0.answer`]: { is: "deadline", spans: [{ unit: "calendar-days", count: 7, lastDay: "moves-on" }] },
      [`${RECTIFY}.0.cites.1`]: { clause: "7.3", line: 112, quote: "评价主体在办件后的7d内未做出评价的，应视为“基本满意”等级" },
    },
    /\(8\.1\): no quote gives the 7 calendar-days/,
  ],
  [
    "a number of another clause, which is quoted instead of the right one",
    "siping",
    {
      [`${RECTIFY}.0.answer`]: { is: "deadline", spans: [{ unit: "calendar-days", count: 7, lastDay: "moves-on" }] },
      [`${RECTIFY}.0.cites`]: [{ clause: "7.3", line: 112, quote: "评价主体在办件后的7d内未做出评价的，应视为“基本满意”等级" }],
    },
    /\(7\.3\): no quote speaks of rectification: quote/,
  ],
  [
    "a number of another step of the same sentence",
    "weihai-lingang",
    { "rules.response.variants.2.readings.0.answer": days(5) },
    /\(三\(二\)2, 附件备注1\): the 5 working-days of the quotes are for another step than response: take/,
  ],
  [
    "no number where the quote gives one",
    "siping",
    { "rules.appeal.variants.0.readings.0.answer": { is: "no-number" } },
    /\(9\.2\): a quote gives 2个工作日, and the answer has no number: take/,
  ],
  [
    "a clause that is not that of the line",
    "xishuangbanna",
    { [`${RECTIFY}.0.cites.0.clause`]: "九(九)9" },
    /\(九\(九\)9\): line 27 .* stands under 一\(二\)2, not under 九\(九\)9: correct the clause/,
  ],
  ["a clause of the neighbour", "yantai", { "appeal.cites.0.clause": "五(一)" }, /\(五\(一\)\): line 231 .* stands under 五\(二\)/],
  [
    "a gap: a class without an answer",
    "yantai",
    { "rules.rectification.variants.1": undefined },
    /\(五\(一\).*\): gap: nothing answers general, onsite/,
  ],
  [
    "a contradiction: two answers for one case",
    "linxia",
    { "rules.rectification.variants.1.when": { class: ["general", "complex"] } },
    /二\(四\)1.*\): contradiction: two answers for complex, onsite/,
  ],
  [
    "a contradiction: an extended limit that is shorter than the limit",
    "xishuangbanna",
    { "rules.rectification-extended.variants.0.readings.0.answer": days(2), [`${RECTIFY}.0.answer`]: days(2, 2) },
    /\(一\(二\)2 .*contradiction: 2 working days extended, but 4 without extension, for simple, onsite/,
  ],
  [
    "two readings of which none is chosen",
    "linxia",
    { "rules.default-rating.variants.0.chosen": undefined },
    /2 readings, and none is marked as chosen: name one/,
  ],
  [
    "a chosen reading that is not there",
    "linxia",
    { "rules.default-rating.variants.0.chosen.reading": "other" },
    /the chosen reading other is not there: choose one of from-completion, from-reminder/,
  ],
  [
    "a default rating of another level than its label",
    "linxia",
    { "defaultRating.level": 5 },
    /\(二\(三\)1\): level 5 is not “基本满意”, which is level 3/,
  ],
  [
    "a default rating that no quote names",
    "siping",
    { "defaultRating.level": 5, "defaultRating.label": "非常满意" },
    /\(7\.3\): no quote names “非常满意”/,
  ],
  ["levels that are not each of the five", "yantai", { "levels.labels.0.level": 4 }, /not every level from 1 to 5 has a label: give each/],
  ["two levels of one label", "xishuangbanna", { "levels.labels.0.label": "满意" }, /\(一\(一\)\): two levels have the same label/],
  [
    "labels in another order than the quote's",
    "yantai",
    { "levels.labels.0.label": "非常不满意", "levels.labels.4.label": "非常满意" },
    /\(三\(三\)\): no quote has these labels from level 5 down to level 1/,
  ],
  ["stars that are not the level", "siping", { "levels.labels.0.stars": 4 }, /level 5 has 4 stars/],
  [
    "bad levels that the quote does not name: a number",
    "linxia",
    { "levels.bad": [1, 2, 3] },
    /\(二\(一\)2\): bad is 1, 2, 3, and the quote says/,
  ],
  [
    "bad levels that the quote does not name: the labels",
    "weihai-lingang",
    { "levels.bad": [1] },
    /\(一, 二\): bad is 1, and the quote says/,
  ],
  ["a rate of other levels", "xishuangbanna", { "rates.good": [5, 4] }, /\(三\(一\)9\): 好评率 is of levels 5, 4, and the quote names/],
  [
    "a cap that no quote gives",
    "linxia",
    { "extension.capWorkingDays": 99 },
    /\(二\(四\)1\): no quote gives a cap of 99 working days: quote/,
  ],
  [
    "a cap that the readings do not keep",
    "linxia",
    { "rules.rectification-extended.variants.2.readings.0.answer": days(5) },
    /contradiction: the cap is 10, and the reading ten-in-all extends by 5 working days: make both agree/,
  ],
  [
    "no cap where the quote gives one",
    "xishuangbanna",
    { "extension.capWorkingDays": null },
    /\(一\(二\)2\): no quote gives an extension without a cap/,
  ],
  ["a telling before the due day", "linxia", { "extension.beforeDueDay": true }, /no quote gives that it is told before the due day/],
  ["no approval where the quote asks for it", "xishuangbanna", { "extension.approvalBy": null }, /no quote gives approval by nobody/],
  ["an extension of another class", "linxia", { "extension.classes": ["simple"] }, /do not agree on class simple/],
  ["somebody else told of an extension", "linxia", { "extension.tell": ["州长"] }, /no quote gives 州长 as who is told/],
  [
    "a real name made a duty",
    "linxia",
    { "realName.rule": "mandatory" },
    /\(二\(三\)1, 二\(一\)3\): no quote gives that a real name is mandatory/,
  ],
  ["a real name on another channel", "linxia", { "realName.mustOn": ["sms"] }, /no quote gives a duty to name oneself on sms/],
  [
    "something rated that is not",
    "linxia",
    { "subjects.list": [{ what: "hall", per: "person-and-day" }] },
    /no quote gives that the hall is rated, by person-and-day/,
  ],
  ["another frequency", "weihai-lingang", { "subjects.list.0.per": "service" }, /no quote gives that the staff is rated, by service/],
  ["a channel that is not there", "weihai-lingang", { "channels.list.0.channel": "wechat" }, /no quote gives the channel wechat/],
  ["a way of rating that is not there", "weihai-lingang", { "ways.list.0.name": "样例评价" }, /\(一\): no quote gives “样例评价”/],
  [
    "a reminder to who rated at the window",
    "yantai",
    { "reminder.exceptRatedOnSite": undefined },
    /no quote gives a reminder to whoever rated/,
  ],
  [
    "no reminder to who rated at the window",
    "linxia",
    { "reminder.exceptRatedOnSite": true },
    /no quote gives that who rated at the window is not/,
  ],
  ["a reminder by another way", "linxia", { "reminder.by": ["message"] }, /no quote gives message/],
  ["more copies of an appeal", "xishuangbanna", { "appeal.copies": 7 }, /no quote gives 7 copies/],
  ["no number of copies where the quote gives one", "xishuangbanna", { "appeal.copies": undefined }, /no quote gives no number of copies/],
  ["an appeal without evidence", "xishuangbanna", { "appeal.withEvidence": false }, /no quote gives an appeal without evidence/],
  ["an appeal in another form", "siping", { "appeal.form": "not-said" }, /\(9\.2\): no quote gives the form not-said/],
  ["an appeal by somebody else", "siping", { "appeal.by": "评价人" }, /no quote gives 评价人 as who appeals/],
  [
    "a review of every invalid rating",
    "weihai-lingang",
    { "review.everyInvalidRating": true },
    /no quote gives a review of every invalid rating/,
  ],
  ["a ground that is not there", "linxia", { "invalidRatings.grounds": ["mistaken", "untrue"] }, /exactly the grounds mistaken, untrue/],
  ["a list of persons", "linxia", { "invalidRatings.personListDemanded": true }, /no quote gives a list of persons/],
  [
    "a share that no quote gives",
    "xishuangbanna",
    { "returnVisits.list.0.percent": 30 },
    /returnVisits \(一\(二\)4\): no quote gives the 30 %/,
  ],
  ["a target that no quote gives", "yantai", { "targets.list.0.percent": 90 }, /targets \(五\(一\)\): no quote gives the 90 %/],
  ["a bulletin of another period", "yantai", { "bulletins.list.0.period": "quarter" }, /no quote gives the period quarter/],
  ["a time of publication", "siping", { "publication.when": "promptly" }, /no quote gives that it is made public promptly/],
  ["a body that the document does not name", "yantai", { "rules.appeal.actor": "样例办公室" }, /the document nowhere names 样例办公室/],
  ["another recipient", "weihai-lingang", { "rules.report.variants.2.to": ["样例办公室"] }, /the document nowhere names 样例办公室/],
  [
    "no classes beside rules that have them",
    "xishuangbanna",
    { classes: said(false) },
    /\(一\(二\)2\): contradiction: classes says that there are none/,
  ],
  [
    "a class without an answer",
    "linxia",
    { "classes.list.0.class": "general" },
    /class general is listed, and rules\.rectification does not answer it/,
  ],
  [
    "no bulletins beside rules that have them",
    "xishuangbanna",
    { bulletins: said(false) },
    /contradiction: bulletins and rules\.bulletin-month/,
  ],
  [
    "bulletins asked for where the document has none",
    "weihai-lingang",
    {
      "rules.bulletin-month": {
        event: "period-reported",
        stop: "published",
        actor: "政务服务管理办公室",
        variants: [
          {
            readings: [
              {
                name: "as-written",
                text,
                answer: { is: "no-number" },
                cites: [{ clause: "五", line: 77, quote: "要及时公开发布评价结果" }],
              },
            ],
          },
        ],
      },
    },
    /contradiction: bulletins and rules\.bulletin-month/,
  ],
  [
    "a default rating in the sections that the rules do not have",
    "linxia",
    { "rules.default-rating": { saysNothing: { zh: "未作规定", en: "nothing" } } },
    /contradiction: defaultRating and rules\.default-rating/,
  ],
  ...(
    [
      ["linxia", "batch", "批量业务"],
      ["linxia", "theme", "主题式"],
      ["linxia", "realName", "实名"],
      ["linxia", "ways", "一事一评"],
      ["linxia", "subjects", "一事一评"],
      ["linxia", "channels", "评价器"],
      ["yantai", "returnVisits", "回访"],
      ["yantai", "targets", "100%"],
      ["yantai", "raterProtection", "打击报复|评价人信息"],
      ["yantai", "publication", "向社会公开"],
      ["siping", "invalidRatings", "误评|恶意"],
      ["xishuangbanna", "rates", "好评率"],
      ["weihai-lingang", "errorTolerance", "容错"],
    ] as const
  ).map(
    ([region, section, words]): Alteration => [
      `${section} denied though the document has it`,
      region,
      { [section]: said(false) },
      new RegExp(`^${section} \\(.*gap: line \\d+ says “.*(${words}).*”: say and quote`),
    ],
  ),
];

describe("a pack is refused, with the clause and what to do, for", () => {
  test.each(ALTERATIONS)("%s (%s)", (_, region, changes, words) => {
    const problems = problemsAfter(region, changes);
    expect(problems).toContainEqual(expect.stringMatching(words));
    for (const problem of problems) expect(problem).toMatch(/^[\w.-]+ \(.+\): .+: .+/);
  });
});

describe("the clause of a line", () => {
  const clauses = (...lines: string[]) => clausesOfLines(lines.join("\n"));
  test("follows the headings of a notice, down to its annexes", () => {
    expect(
      clauses("某办公室", "一、总则", "（一）范围", "1. 甲", "续行", "2.12345热线", "1.5倍", "二、附则", "附件 3", "注：一式两份"),
    ).toEqual(["", "一", "一(一)", "一(一)1", "一(一)1", "一(一)2", "一(一)2", "二", "附件3", "附件3注"]);
  });
  test("is the number of a standard's clause, and the article of a regulation", () => {
    expect(clauses("4 原则", "4.1 客观", "正文", "- 6.1.2 有条件的")).toEqual(["4", "4.1", "4.1", "6.1.2"]);
    expect(clauses("第一条 目的", "续行", "第十二条 期限")).toEqual(["第一条", "第一条", "第十二条"]);
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
