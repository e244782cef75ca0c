import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";
import { connectStrip } from "./test/connected-strip.ts";

const ITEM = { itemCode: "110101", itemName: "身份证补领（样例）" };
const visit = (caseNo: string) => ({ caseNo, visitNo: 1, ...ITEM });

let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let rig: ReturnType<typeof openWindow>;
let strip: ReturnType<typeof connectStrip>;
/** A window with its real database, and a strip connected to it. */
const open = (manualTrigger: boolean): void => {
  rig = openWindow(folder.path, clock, { manualTrigger });
  strip = connectStrip(rig.window, folder.path);
};
beforeEach(() => {
  folder = temporaryFolder();
  clock = new TestClock();
  open(true);
  rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
});
afterEach(() => {
  strip.end();
  rig.close();
  folder.remove();
});

interface Bound {
  readonly caseNo: string;
  readonly trigger: string;
  readonly by: string;
  readonly againTrigger: string | null;
  readonly againBy: string | null;
}
/** What is on the record, read from the file by somebody else. */
const onRecord = (): Bound[] => {
  const database = new Database(`${folder.path}/window.db`, { readonly: true });
  try {
    return database
      .prepare<[], Bound>(
        `SELECT case_no AS caseNo, binding ->> '$.trigger' AS trigger, binding ->> '$.triggeredBy' AS by,
                again_trigger AS againTrigger, again_by AS againBy FROM requests ORDER BY rowid`,
      )
      .all();
  } finally {
    database.close();
  }
};
const isDone = async (name: string, body: object): Promise<void> => {
  expect([name, await strip.ask(name, body)]).toMatchObject([name, { body: expect.any(Object) }]);
};
const ENDINGS = [
  ["case.end", { caseNo: "A-1", visitNo: 1 }],
  ["case.endBatch", { cases: [visit("A-1"), visit("A-2")] }],
  ["case.endTheme", { themeNo: "T", themeName: "开办企业（样例）", cases: [visit("A-1"), visit("A-2")] }],
] as const;

describe("What a clerk ends by hand at the strip", () => {
  test("is not cancelled or taken back by anybody who is not signed in", async () => {
    const requestId = rig.serve("A-1");
    rig.shows(requestId);
    await isDone("clerk.signOut", {});
    expect(await strip.ask("case.cancel", { caseNo: "A-1", visitNo: 1 })).toMatchObject({ error: { code: "WR5004" } });
    expect(rig.window.state().request).toMatchObject({ caseNo: "A-1", state: "shown" });
    rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
    await isDone("case.cancel", { caseNo: "A-1", visitNo: 1 });
  });

  test.each(ENDINGS)("with %s is on the record as ended by hand, and by whom (I12)", async (name, body) => {
    await isDone("case.start", visit("A-1"));
    await isDone(name, body);
    expect(onRecord()).toEqual([{ caseNo: "A-1", trigger: "manual", by: "strip, clerk 1001", againTrigger: null, againBy: null }]);
  });

  test("is on the record so when the citizen is invited again, also after the business system had ended it", async () => {
    const requestId = rig.serve("A-1");
    rig.shows(requestId);
    rig.timedOut(requestId);
    await isDone("case.inviteAgain", { caseNo: "A-1", visitNo: 1 });
    expect(onRecord()).toEqual([
      { caseNo: "A-1", trigger: "business-system", by: "hall system", againTrigger: "manual", againBy: "strip, clerk 1001" },
    ]);
  });

  test("cannot be said by the strip to have been the business system", async () => {
    await isDone("case.start", visit("A-1"));
    for (const [name, body] of ENDINGS)
      expect(await strip.ask(name, { ...body, trigger: "business-system" })).toMatchObject({ error: { code: "WR5103" } });
    expect(onRecord()).toEqual([]);
  });

  test("is refused by the core where the site has switched that off, whatever the page shows; the case stays open", async () => {
    rig.close();
    open(false);
    await isDone("case.start", visit("A-1"));
    for (const [name, body] of ENDINGS) expect([name, await strip.ask(name, body)]).toMatchObject([name, { error: { code: "WR5008" } }]);
    expect(onRecord()).toEqual([]);
    expect(rig.window.state()).toMatchObject({ openCase: { caseNo: "A-1" }, request: null });
    const requestId = rig.window.endCase("A-1", { visitNo: 1, completed: true, trigger: "business-system" }, rig.caller).requestId;
    rig.shows(requestId);
    rig.timedOut(requestId);
    expect(await strip.ask("case.inviteAgain", { caseNo: "A-1", visitNo: 1 })).toMatchObject({ error: { code: "WR5008" } });
    expect(onRecord()).toMatchObject([{ trigger: "business-system", againTrigger: null }]);
  });
});
