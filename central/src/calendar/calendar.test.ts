import { createRequire } from "node:module";
import { HolidayUtil } from "lunar-typescript";
import { describe, expect, test } from "vitest";
import { createCalendar } from "./calendar.ts";
import { addDays, type CivilDate, civilDate, startOf } from "./civil-date.ts";
import { loadCalendarData } from "./load.ts";
import { missingYears } from "./year-watch.ts";

// Its module build lies in a package of type commonjs, where Node cannot load it.
const chineseDays = createRequire(import.meta.url)("chinese-days") as typeof import("chinese-days");

const { years, overlays } = loadCalendarData();
const national = createCalendar(years, undefined);
const overlayOf = (region: string) => overlays.find((overlay) => overlay.region === region);
const xishuangbanna = createCalendar(years, overlayOf("xishuangbanna"));
const linxia = createCalendar(years, overlayOf("linxia"));

const day = (text: string): CivilDate => text as CivilDate;
const allDays: CivilDate[] = [];
for (let date = civilDate(2020, 1, 1); date <= civilDate(2026, 12, 31); date = addDays(date, 1)) allDays.push(date);

describe("the national arrangement", () => {
  test("covers every day of 2020 to 2026", () => {
    expect(allDays).toHaveLength(2557);
    expect(national.years).toEqual([2020, 2021, 2022, 2023, 2024, 2025, 2026]);
  });

  test("every day is worked or not exactly as chinese-days has it", () => {
    const differing = allDays.filter((date) => national.dayOf(date).working !== chineseDays.isWorkday(date));
    expect(differing).toEqual([]);
  });

  test("every day is worked or not exactly as lunar-typescript has it", () => {
    const differing = allDays.filter((date) => {
      const holiday = HolidayUtil.getHoliday(date);
      const { weekday, working } = national.dayOf(date);
      return working !== (holiday === null ? weekday !== 0 && weekday !== 6 : holiday.isWork());
    });
    expect(differing).toEqual([]);
  });

  /**
   * lunar-typescript also lists weekends within a holiday by name, so it tells whether a paper's ranges were copied whole.
   * Each difference has its reason; a new one fails.
   */
  const EXPLAINED: Readonly<Record<string, string>> = {
    "2023-12-30": "the paper of 2024: 1月1日放假，与周末连休: the weekend before stays an ordinary one, lunar-typescript names it 元旦",
    "2023-12-31": "the same weekend",
    "2024-06-08": "the paper of 2024: 6月10日放假，与周末连休: an ordinary weekend, lunar-typescript names it 端午节",
    "2024-06-09": "the same weekend",
  };

  test("the days that a paper names, weekends within holidays included, are those that lunar-typescript names", () => {
    const differing = allDays.filter((date) => {
      const holiday = HolidayUtil.getHoliday(date);
      const theirs = holiday === null ? "unnamed" : holiday.isWork() ? "make-up" : "holiday";
      const { kind } = national.dayOf(date);
      return theirs !== (kind === "holiday" || kind === "make-up" ? kind : "unnamed");
    });
    expect(differing.filter((date) => EXPLAINED[date] === undefined)).toEqual([]);
    expect(Object.keys(EXPLAINED).filter((date) => !differing.includes(day(date)))).toEqual([]);
  });

  test("the extension of the spring festival of 2020 overrules the make-up day of the first paper", () => {
    expect(national.dayOf(day("2020-02-01"))).toMatchObject({ working: false, kind: "holiday", source: "国办发明电〔2020〕1号" });
    expect(national.dayOf(day("2020-02-03"))).toMatchObject({ working: true, kind: "working-day" });
  });

  test("New Year's Eve of 2024, for which the paper only encourages leave, is a working day with that remark", () => {
    const eve = national.dayOf(day("2024-02-09"));
    expect(eve).toMatchObject({ working: true, kind: "working-day", source: "国办发明电〔2023〕7号" });
    expect(eve.remark?.zh).toContain("除夕");
  });

  test("a day of a year without a paper is refused with that day", () => {
    expect(() => national.dayOf(day("2027-01-01"))).toThrow(expect.objectContaining({ code: "WR7104" }));
    expect(() => national.dayOf(day("2027-01-01"))).toThrow("2027-01-01");
    expect(() => national.dayOf(day("2019-12-31"))).toThrow(expect.objectContaining({ code: "WR7104" }));
  });

  test("every year has a paper with a number that was seen", () => {
    for (const { papers } of years) for (const paper of papers) expect(paper.unverified).toBeUndefined();
    expect(years.flatMap(({ papers }) => papers.map(({ number }) => number))).toEqual([
      "国办发明电〔2019〕16号",
      "国办发明电〔2020〕1号",
      "国办发明电〔2020〕27号",
      "国办发明电〔2021〕11号",
      "国办发明电〔2022〕16号",
      "国办发明电〔2023〕7号",
      "国办发明电〔2024〕12号",
      "国办发明电〔2025〕7号",
    ]);
  });
});

describe("local days", () => {
  test("the prefecture day of Linxia is 19 November, or the Monday after if that is a weekend", () => {
    const offs = allDays.filter((date) => linxia.dayOf(date).kind === "local-holiday");
    expect(offs).toEqual(["2020-11-19", "2021-11-19", "2022-11-21", "2023-11-20", "2024-11-19", "2025-11-19", "2026-11-19"]);
  });

  test("the Water-Splashing Festival is off in Xishuangbanna in the years that are known, with source and certainty", () => {
    const offs = allDays.filter((date) => xishuangbanna.dayOf(date).kind === "local-holiday");
    expect(offs).toEqual(["2023-04-12", "2023-04-13", "2023-04-14", "2025-04-14", "2025-04-15", "2025-04-16"]);
    expect(xishuangbanna.dayOf(day("2023-04-12"))).toMatchObject({ name: "泼水节", certainty: "Q" });
    expect(xishuangbanna.dayOf(day("2023-04-12")).source).toContain("wenbuju.cn");
    expect(national.dayOf(day("2023-04-12")).working).toBe(true);
  });

  test("what is not known of a year is named as unknown, not invented", () => {
    const names = (calendar: typeof national, year: number) => calendar.unknownFestivals(year).map(({ name }) => name);
    expect(names(xishuangbanna, 2023)).toEqual(["州庆", "地方调休"]);
    expect(names(xishuangbanna, 2024)).toEqual(["泼水节", "州庆", "地方调休"]);
    expect(names(linxia, 2024)).toEqual(["开斋节", "古尔邦节"]);
    expect(names(national, 2024)).toEqual([]);
  });

  test("a calendar's version changes with its overlay", () => {
    expect(new Set([national.version, linxia.version, xishuangbanna.version]).size).toBe(3);
  });
});

describe("the watch over missing years", () => {
  const at = (date: string): number => startOf(day(date));

  test("warns of next year's paper from 1 November of China's clock on", () => {
    expect(missingYears(national, at("2026-11-01") - 1)).toEqual([]);
    expect(missingYears(national, at("2026-11-01"))).toMatchObject([{ en: expect.stringContaining("2027") }]);
    expect(missingYears(national, at("2025-12-31"))).toEqual([]);
  });

  test("warns of this year's paper at any time", () => {
    expect(missingYears(national, at("2027-03-01"))).toHaveLength(1);
    expect(missingYears(national, at("2027-11-01"))).toHaveLength(2);
  });
});
