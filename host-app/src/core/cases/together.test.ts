import { entryBodySchema } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

const ITEM = { itemCode: "110101", itemName: "身份证补领（样例）" };
const OTHER_ITEM = { itemCode: "220202", itemName: "企业设立（样例）" };
const visit = (caseNo: string, over: object = {}) => ({ caseNo, visitNo: 1, ...ITEM, ...over });
const HOW = { completed: true, trigger: "business-system" } as const;

let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let rig: ReturnType<typeof openWindow>;
beforeEach(() => {
  folder = temporaryFolder();
  clock = new TestClock();
  rig = openWindow(folder.path, clock);
  rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
});
afterEach(() => {
  rig.close();
  folder.remove();
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "done";
};
const endBatch = (caseNos: readonly string[], over: object = {}) =>
  rig.window.endBatch({ cases: caseNos.map((no) => visit(no)), ...HOW, ...over }, rig.caller);
const endTheme = (cases: readonly ReturnType<typeof visit>[], over: object = {}) =>
  rig.window.endTheme({ themeNo: "T-1", themeName: "开办企业", cases: [...cases], ...HOW, ...over }, rig.caller);
const inviteAgain = (caseNo = "A-1", trigger: "manual" | "business-system" = "manual") =>
  rig.window.inviteAgain(caseNo, { visitNo: 1, trigger }, rig.caller);
const opened = () => rig.commands.filter(({ type }) => type === "openRating").length;
const entries = () => rig.bodies().map((body) => entryBodySchema.parse(body));

describe("a batch", () => {
  test("of two or more cases of one item is one request and one rating, which names all of them", () => {
    const { requestId } = endBatch(["A-1", "A-2", "A-3"], { batchNo: "B-77" });
    expect(opened()).toBe(1);
    expect(rig.window.state().request).toMatchObject({ requestId, caseNo: "A-1", cases: 3, state: "waiting" });
    rig.press(requestId, 4);
    expect(entries()).toEqual([
      expect.objectContaining({
        kind: "rating",
        level: 4,
        binding: expect.objectContaining({
          caseNo: "A-1",
          group: {
            kind: "batch",
            no: "B-77",
            others: [
              { caseNo: "A-2", visitNo: 1 },
              { caseNo: "A-3", visitNo: 1 },
            ],
          },
        }),
      }),
    ]);
  });

  test("has a number of its own if the business system gives none", () => {
    const { requestId } = endBatch(["A-1", "A-2"]);
    rig.press(requestId, 4);
    expect(rig.bodies()[0].binding.group.no).toBe(requestId);
  });

  test("is refused with fewer than two cases, with a case twice, or with two items; and nothing has changed then", () => {
    expect(codeOf(() => endBatch([]))).toBe("WR5025");
    expect(codeOf(() => endBatch(["A-1"]))).toBe("WR5025");
    expect(codeOf(() => endBatch(["A-1", "A-1"]))).toBe("WR5025");
    const mixed = { cases: [visit("A-1"), visit("A-2", OTHER_ITEM)], ...HOW };
    expect(codeOf(() => rig.window.endBatch(mixed, rig.caller))).toBe("WR5025");
    expect(rig.database.prepare("SELECT count(*) AS n FROM cases").get()).toEqual({ n: 0 });
    expect([rig.window.state().request, opened()]).toEqual([null, 0]);
  });

  test("takes the case in progress with it, and is refused while another one is in progress", () => {
    rig.window.startCase(visit("A-2"), rig.caller);
    expect(codeOf(() => endBatch(["B-1", "B-2"]))).toBe("WR5007");
    endBatch(["A-1", "A-2"]);
    expect(rig.window.state().openCase).toBeNull();
  });

  test("holds no case that has ended, was cancelled, or is another window's", () => {
    rig.serve("A-1");
    expect(codeOf(() => endBatch(["A-1", "A-2"]))).toBe("WR5006");
    rig.window.startCase(visit("A-3"), rig.caller);
    rig.window.cancelCase("A-3", { visitNo: 1 }, rig.caller);
    expect(codeOf(() => endBatch(["A-3", "A-2"]))).toBe("WR5006");
    rig.close();
    rig = openWindow(folder.path, clock, { windowNo: "9" });
    rig.window.signIn({ staffNo: "1002", name: "李四样例" }, rig.caller);
    expect(codeOf(() => endBatch(["A-1", "A-2"]))).toBe("WR5007");
  });

  test("sent twice is ended once, and each of its cases has ended", () => {
    endBatch(["A-1", "A-2"]);
    expect(codeOf(() => endBatch(["A-1", "A-2"]))).toBe("WR5006");
    expect(codeOf(() => rig.window.endCase("A-2", { visitNo: 1, ...HOW }, rig.caller))).toBe("WR5006");
    expect(codeOf(() => rig.window.startCase(visit("A-2"), rig.caller))).toBe("WR5006");
    expect(opened()).toBe(1);
  });

  test("is taken back as a whole by any of its cases", () => {
    const { requestId } = endBatch(["A-1", "A-2"]);
    rig.window.cancelCase("A-2", { visitNo: 1 }, rig.caller);
    expect(rig.window.state().request).toMatchObject({ requestId, state: "cancelled" });
    expect(codeOf(() => rig.window.cancelCase("A-1", { visitNo: 1 }, rig.caller))).toBe("done");
  });

  test("records who ended it and how, and is refused by hand where the site has switched that off (I12)", () => {
    rig.close();
    rig = openWindow(folder.path, clock, { manualTrigger: false });
    expect(rig.window.state().allows.manualTrigger).toBe(false);
    expect(codeOf(() => endBatch(["A-1", "A-2"], { trigger: "manual" }))).toBe("WR5008");
    expect(codeOf(() => endTheme([visit("A-1"), visit("A-2")], { trigger: "manual" }))).toBe("WR5008");
    for (const [index, trigger] of (["link", "push"] as const).entries()) {
      const { requestId } = endBatch([`${index}-1`, `${index}-2`], { trigger });
      rig.press(requestId, 5);
      expect(rig.bodies().at(-1).binding).toMatchObject({ trigger, triggeredBy: "hall system" });
    }
  });

  test("is on disk as a whole or not at all", () => {
    rig.database.exec("CREATE TRIGGER full BEFORE INSERT ON cases WHEN NEW.case_no = 'A-2' BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(codeOf(() => endBatch(["A-1", "A-2"]))).toBe("WR4008");
    expect([rig.window.state().request, rig.database.prepare("SELECT count(*) AS n FROM cases").get()]).toEqual([null, { n: 0 }]);
  });

  test("of the most cases, with the longest names, fits an entry that central takes", () => {
    const long = (length: number, index: number) => `"\\${index}`.padEnd(length, '"');
    const cases = (most: number, item: (index: number) => object) =>
      Array.from({ length: most }, (_, index) => visit(long(64, index), { visitNo: 99, ...item(index) }));
    const item = { itemCode: long(64, 1), itemName: long(128, 1) };
    rig.window.signIn({ staffNo: long(32, 1), name: long(64, 1) }, rig.caller);
    const batch = cases(50, () => item).map((one) => ({ ...one, caseNo: `1${one.caseNo.slice(1)}` }));
    const theme = cases(16, (index) => ({ itemCode: long(64, index), itemName: long(128, index) }));
    for (const { requestId } of [
      rig.window.endBatch({ batchNo: long(64, 2), cases: batch, ...HOW }, rig.caller),
      endTheme(theme, { themeNo: long(64, 3), themeName: long(128, 3) }),
    ])
      rig.press(requestId, 5);
    const longest = Math.max(...rig.bodies().map((body) => JSON.stringify(body).length));
    // A touchscreen adds at most 2 KB: reasons, and what is sealed.
    expect(longest).toBeLessThan(16_384 - 2_048);
  });
});

describe("a theme", () => {
  test("of several items is one overall rating, which names the theme and all of its cases", () => {
    rig.ready(0x0000_ffff);
    const { requestId } = endTheme([visit("A-1"), visit("A-2", OTHER_ITEM)]);
    // The citizen is asked about the life event, not about the first of its items.
    expect(rig.commands.at(-1)).toMatchObject({ type: "openTouchRating", itemName: "开办企业" });
    rig.press(requestId, 5);
    expect(entryBodySchema.parse(rig.bodies()[0])).toMatchObject({
      binding: {
        caseNo: "A-1",
        group: { kind: "theme", no: "T-1", name: "开办企业", others: [{ caseNo: "A-2", visitNo: 1, ...OTHER_ITEM }] },
      },
    });
  });

  test("is refused with fewer than two cases, or with one twice", () => {
    expect(codeOf(() => endTheme([visit("A-1")]))).toBe("WR5025");
    expect(codeOf(() => endTheme([visit("A-1"), visit("A-1", OTHER_ITEM)]))).toBe("WR5025");
  });
});

describe("an invitation", () => {
  const notRated = (caseNo = "A-1") => {
    const requestId = rig.serve(caseNo);
    rig.shows(requestId);
    rig.timedOut(requestId);
    return requestId;
  };

  test("is given once more after nobody rated, for the same request, and both are on the record", () => {
    const requestId = notRated();
    expect(rig.window.state().request).toMatchObject({ state: "timed-out", canInviteAgain: true, isAgain: false });
    clock.advance(5_000);
    expect(inviteAgain()).toMatchObject({ requestId, state: "waiting" });
    expect(rig.window.state().request).toMatchObject({ requestId, state: "waiting", canInviteAgain: false, isAgain: true });
    expect(opened()).toBe(2);
    rig.shows(requestId);
    rig.press(requestId, 4);
    expect(entries()).toMatchObject([
      { kind: "not-rated", reason: "timed-out" },
      {
        kind: "rating",
        circumstance: "in-time",
        binding: { requestId, trigger: "business-system" },
        again: { trigger: "manual", by: "hall system", at: { wallMs: clock.wall } },
      },
    ]);
    expect(entries()[0]).not.toHaveProperty("again");
  });

  test("is refused a second time, by the verb and by the database itself", () => {
    const requestId = notRated();
    inviteAgain();
    expect(codeOf(() => inviteAgain())).toBe("WR5026");
    rig.timedOut(requestId);
    // Before the pad has shown it again, that is the first time-out told late; then the window's own clock ends it.
    rig.shows(requestId);
    rig.timedOut(requestId);
    expect(rig.window.state().request).toMatchObject({ state: "timed-out", canInviteAgain: false });
    expect(codeOf(() => inviteAgain())).toBe("WR5026");
    expect(() => rig.database.prepare("UPDATE requests SET again_by = 'x'").run()).toThrow(/once/);
    expect(entries().map((body) => [body.kind, "again" in body])).toEqual([
      ["not-rated", false],
      ["not-rated", true],
    ]);
  });

  test("is refused after a rating, however it came, and after it was taken back", () => {
    rig.press(rig.serve("A-1"), 1);
    expect(codeOf(() => inviteAgain())).toBe("WR5026");
    const late = notRated("A-2");
    rig.press(late, 5);
    expect(codeOf(() => inviteAgain("A-2"))).toBe("WR5026");
    rig.serve("A-3");
    rig.window.cancelCase("A-3", { visitNo: 1 }, rig.caller);
    expect(codeOf(() => inviteAgain("A-3"))).toBe("WR5026");
    expect(codeOf(() => inviteAgain("A-9"))).toBe("WR5005");
  });

  test("is refused while it is still open, once another case has ended, and once another citizen has come", () => {
    rig.serve("A-1");
    expect(codeOf(() => inviteAgain())).toBe("WR5026");
    notRated("A-2");
    expect(codeOf(() => inviteAgain("A-1"))).toBe("WR5026");
    rig.window.startCase(visit("A-3"), rig.caller);
    expect(codeOf(() => inviteAgain("A-2"))).toBe("WR5026");
    expect(rig.window.state().request?.canInviteAgain).toBe(false);
    rig.window.cancelCase("A-3", { visitNo: 1 }, rig.caller);
    expect(codeOf(() => inviteAgain("A-2"))).toBe("done");
  });

  test("by hand is refused where the site has switched that off; the business system may still ask (I12)", () => {
    notRated();
    rig.close();
    rig = openWindow(folder.path, clock, { manualTrigger: false });
    expect(codeOf(() => inviteAgain("A-1", "manual"))).toBe("WR5008");
    expect(codeOf(() => inviteAgain("A-1", "business-system"))).toBe("done");
  });

  test("meets a press that comes in the same turn: the press counts, and nobody is asked again (I4)", () => {
    const requestId = notRated();
    // The press has joined a commit that is still to come.
    rig.window.pressed(
      {
        requestId: requestId as never,
        level: 2,
        time: { sinceOpenMs: 29_000, padWallMs: null },
        origin: {
          serialNumber: "SIM-1",
          model: "generic/five-button",
          firmware: "1.0.0",
          storeId: 77,
          eventNo: 99,
          bootCount: 1,
          secured: false,
          port: "memory",
        },
      },
      () => {},
    );
    expect(codeOf(() => inviteAgain())).toBe("WR5026");
    rig.store.flush();
    expect([rig.window.state().request?.state, opened()]).toEqual(["rated", 1]);
    expect(rig.bodies().map(({ kind }) => kind)).toEqual(["not-rated", "rating"]);
  });

  test("has as long as the first one, also after a restart, and ends by itself", () => {
    const requestId = notRated();
    clock.advance(3_600_000);
    inviteAgain();
    rig.close();
    clock.advance(10_000);
    rig = openWindow(folder.path, clock);
    rig.window.start();
    rig.ready();
    expect(rig.commands.at(-1)).toMatchObject({ type: "openRating", timeoutMs: 30_000 });
    expect(rig.window.state().request).toMatchObject({ requestId, state: "waiting", isAgain: true });
    clock.advance(150_000);
    rig.window.start();
    expect(rig.window.state().request?.state).toBe("expired");
  });

  test("of a batch is given for all of it by any of its cases", () => {
    const { requestId } = endBatch(["A-1", "A-2"]);
    rig.shows(requestId);
    rig.timedOut(requestId);
    expect(inviteAgain("A-2").requestId).toBe(requestId);
  });

  test("that is given again goes on though a pad that was away tells only now that the first one timed out", () => {
    const requestId = rig.serve("A-1");
    rig.shows(requestId);
    rig.pad.isThere = false;
    clock.advance(36_000);
    rig.window.start();
    expect(rig.window.state().request?.state).toBe("timed-out");
    inviteAgain();
    rig.pad.isThere = true;
    rig.timedOut(requestId);
    expect(rig.window.state().request?.state).toBe("waiting");
    rig.ready();
    rig.shows(requestId);
    rig.press(requestId, 5);
    expect(rig.bodies().at(-1)).toMatchObject({ kind: "rating", circumstance: "in-time" });
  });
});
