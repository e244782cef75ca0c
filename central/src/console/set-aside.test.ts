import type { Entry, PaperBody } from "@window-rating/protocol/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedIn, type TestBrowser } from "../../test/access-world.ts";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import type { WindowPc } from "../../test/window-pc.ts";
import { accessEventListSchema } from "../access/session-schema.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite } from "../ratings/site.ts";
import { windowPcListSchema } from "./contract/live.ts";
import { ratingListSchema } from "./contract/ratings.ts";
import {
  allRetakeAnswerSchema,
  decisionAnswerSchema,
  entryFileReportSchema,
  entryRetakeAnswerSchema,
  setAsideListSchema,
} from "./contract/troubles.ts";

let storage: TestStorage;
let world: BusinessWorld;
let browser: TestBrowser;
beforeAll(async () => {
  storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  world = await BusinessWorld.open(storage);
  browser = (await signedIn(world, { name: "it.one", role: "it" })).browser;
});
afterAll(async () => {
  await world.close();
  await storage.remove();
});

const form = (pc: WindowPc): Entry => {
  const { binding, openedAt, committedAt } = pc.rating();
  const body: PaperBody = {
    ...{ kind: "paper", formId: pc.requestId(), binding, level: 2, openedAt, committedAt, typedBy: "1009", typistName: "王五样例" },
    ...{ enteredBy: "strip, clerk 1009", reasonList: "2020", reasons: [213], named: false, sealed: null },
  };
  return pc.entry(body);
};
const close = (...closedChannels: "paper"[]) =>
  inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), { closedChannels }, "张三样例", world.nowMs));
const list = async (query = "") => setAsideListSchema.parse(await (await browser.get(`troubles/set-aside${query}`)).json());
const post = async (path: string) => (await browser.post(`troubles/set-aside/${path}`)).json();

describe("the console's list of what was set aside", () => {
  test("takes entries of window PCs again, one or all that fit, and names the account; one that stays refused says why", async () => {
    const pc = await world.enrolled();
    await close("paper");
    const forms = Array.from({ length: 104 }, () => form(pc));
    const strange = pc.entry('{"kind":"of a later version"}');
    const sent = await pc.send(world.url, [...forms, strange], world.nowMs);
    expect(sent.answers.every(({ answer }) => answer === "refused")).toBe(true);
    const { open, setAside } = await list("?limit=2");
    expect([open, setAside.map(({ code, retaken }) => [code, retaken])]).toEqual([
      105,
      [
        ["WR7008", null],
        ["WR7026", null],
      ],
    ]);
    const [unknown, last] = setAside.map(({ setAsideNo }) => setAsideNo);
    const retake = async (no: number | undefined) => entryRetakeAnswerSchema.parse(await post(`${no}/retake`));
    expect(await retake(last)).toMatchObject({
      answer: "refused",
      code: "WR7026",
      detail: "channel: This region takes no ratings by paper",
    });

    await close();
    expect(await retake(last)).toEqual({ setAsideNo: last, answer: "taken", code: null, detail: null });
    expect((await list("?state=retaken")).setAside).toMatchObject([
      { setAsideNo: last, code: "WR7026", retaken: { outcome: "taken", by: "it.one", atMs: world.nowMs, toldAtMs: null } },
    ]);
    // A hundred at a time; what is refused again holds up nothing after it.
    const first = allRetakeAnswerSchema.parse(await post("retake"));
    expect(first).toEqual({ taken: 100, duplicate: 0, refused: 0, codes: [], next: expect.any(String) });
    const rest = allRetakeAnswerSchema.parse(await post(`retake?after=${first.next}`));
    expect(rest).toEqual({ taken: 3, duplicate: 0, refused: 1, codes: ["WR7008"], next: null });
    const left = await list();
    expect([left.open, left.setAside.map(({ setAsideNo }) => setAsideNo)]).toEqual([1, [unknown]]);
    expect(allRetakeAnswerSchema.parse(await post("retake?code=WR7026"))).toMatchObject({ taken: 0, refused: 0, next: null });
    const { count } = await world.db
      .selectFrom("ratings")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    expect(count).toBe(104);
    // The window PC sends them again, and the list says that it knows.
    await pc.send(world.url, [...forms, strange], world.nowMs);
    expect((await list("?state=retaken&limit=200")).setAside.every(({ retaken }) => retaken?.toldAtMs === world.nowMs)).toBe(true);
    expect(await errorOf(await browser.post("troubles/set-aside/999999/retake"))).toMatchObject({ status: 404, code: "WR7012" });
  });

  test("has it decided whether an entry counts whose number another has: IT takes the file in, a supervisor decides and sees no level", async () => {
    const pc = await world.enrolled("9");
    const [one, ...lost] = [pc.entry(), pc.entry(), pc.entry(), pc.entry(pc.notRated())] as [Entry, ...Entry[]];
    pc.goBackTo(one);
    await pc.send(world.url, [one, pc.entry(), pc.entry(), pc.entry()], world.nowMs);
    const file = Buffer.from(JSON.stringify(pc.entryFile(lost)));
    const { browser: supervisor } = await signedIn(world, { name: "supervisor.one", role: "supervisor" });
    const { browser: auditor } = await signedIn(world, { name: "auditor.one", role: "auditor" });
    expect(await errorOf(await supervisor.postFile("window-pcs/entry-files", file))).toMatchObject({ status: 403, code: "WR7051" });
    const taken = await browser.postFile("window-pcs/entry-files", file);
    expect(entryFileReportSchema.parse(await taken.json())).toMatchObject({ windowNo: "9", taken: 0, known: 0, setAside: { WR7007: 3 } });
    const altered = Buffer.from(file.toString().replace('"number":2', '"number":9'));
    expect(await errorOf(await browser.postFile("window-pcs/entry-files", altered))).toMatchObject({ status: 422, code: "WR7018" });
    const tooLarge = await browser.postFile("window-pcs/entry-files", Buffer.alloc(33 * 1_048_576));
    expect(await errorOf(tooLarge)).toMatchObject({ status: 413 });

    const ofWindow = async (by: TestBrowser, query = "") =>
      setAsideListSchema.parse(await (await by.get(`troubles/set-aside?window=9${query}`)).json()).setAside.toReversed();
    const shown = await ofWindow(supervisor);
    expect(shown.map(({ entry, fromFile, undecided }) => [entry, fromFile, undecided?.kind])).toEqual([
      [null, true, "rating"],
      [null, true, "rating"],
      [null, true, "not-rated"],
    ]);
    expect(JSON.stringify(shown)).not.toContain("level");
    expect((await ofWindow(browser)).every(({ entry }) => entry?.includes("previousHash"))).toBe(true);

    const [first, second, third] = shown.map(({ setAsideNo }) => setAsideNo);
    const decide = (by: TestBrowser, no: number | undefined, json: unknown) => by.post(`troubles/set-aside/${no}/decision`, json);
    expect(await errorOf(await decide(browser, first, { counts: true, reason: "核对" }))).toMatchObject({ status: 403, code: "WR7051" });
    expect(await errorOf(await decide(supervisor, first, { counts: true, reason: " " }))).toMatchObject({ status: 400, code: "WR7001" });
    const answer = async (no: number | undefined, counts: boolean) =>
      decisionAnswerSchema.parse(await (await decide(supervisor, no, { counts, reason: "已与窗口核对" })).json());
    expect(await answer(first, true)).toEqual({ setAsideNo: first, answer: "taken", code: null, detail: null });
    expect([(await answer(second, false)).answer, (await answer(third, true)).answer]).toEqual(["left", "taken"]);
    expect(await ofWindow(supervisor)).toEqual([]);
    const settled = await ofWindow(supervisor, "&state=retaken");
    expect(settled.map(({ retaken, undecided, entry }) => [retaken?.outcome, retaken?.reason, undecided === null, entry === null])).toEqual(
      [
        ["taken", "已与窗口核对", true, false],
        ["left", "已与窗口核对", false, true],
        ["taken", "已与窗口核对", true, false],
      ],
    );
    const { ratings } = ratingListSchema.parse(await (await auditor.get("ratings?window=9")).json());
    expect(ratings.map(({ byDecision }) => byDecision).toSorted()).toEqual([false, false, false, false, true]);
    const { events } = accessEventListSchema.parse(await (await auditor.get("audit/events?limit=4")).json());
    expect(events.map(({ kind, by }) => [kind, by])).toEqual(
      expect.arrayContaining([
        ["entry-counted", "supervisor.one"],
        ["entry-left", "supervisor.one"],
      ]),
    );
    const all = accessEventListSchema.parse(await (await auditor.get("audit/events?limit=50")).json()).events;
    expect(all.find(({ kind }) => kind === "entry-file-taken")).toMatchObject({
      by: "it.one",
      detail: expect.stringContaining("3 entries"),
    });
  });

  test("retires a window PC with a reason and on record, by IT alone", async () => {
    const pc = await world.enrolled("10");
    const { browser: supervisor } = await signedIn(world, { name: "supervisor.two", role: "supervisor" });
    const { browser: auditor } = await signedIn(world, { name: "auditor.two", role: "auditor" });
    const retire = (by: TestBrowser, json: unknown) => by.post(`window-pcs/${pc.windowPcId}/retire`, json);
    expect(await errorOf(await retire(supervisor, { reason: "已报废" }))).toMatchObject({ status: 403, code: "WR7051" });
    expect(await errorOf(await retire(browser, {}))).toMatchObject({ status: 400, code: "WR7001" });
    const isGone = async () => {
      const { windowPcs } = windowPcListSchema.parse(await (await browser.get("window-pcs?window=10")).json());
      return windowPcs.map((one) => one.isGone);
    };
    expect(await isGone()).toEqual([false]);
    expect(await (await retire(browser, { reason: "已报废" })).json()).toEqual({ windowPcId: pc.windowPcId, windowNo: "10" });
    expect(await isGone()).toEqual([true]);
    const { events } = accessEventListSchema.parse(await (await auditor.get("audit/events?limit=5")).json());
    expect(events.find(({ kind }) => kind === "window-pc-retired")).toMatchObject({
      by: "it.one",
      detail: expect.stringContaining("已报废"),
    });
  });
});
