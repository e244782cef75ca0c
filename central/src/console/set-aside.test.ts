import type { Entry, PaperBody } from "@window-rating/protocol/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedIn, type TestBrowser } from "../../test/access-world.ts";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import type { WindowPc } from "../../test/window-pc.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite } from "../ratings/site.ts";
import { allRetakeAnswerSchema, entryRetakeAnswerSchema, setAsideListSchema } from "./contract/troubles.ts";

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
});
