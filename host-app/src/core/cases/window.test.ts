import { entryBodySchema } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

describe("a window", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let clock: TestClock;
  let rig: ReturnType<typeof openWindow>;

  beforeEach(() => {
    folder = temporaryFolder();
    clock = new TestClock();
    rig = openWindow(folder.path, clock);
  });
  afterEach(() => {
    rig.close();
    folder.remove();
  });

  const errorOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return "none";
  };

  test("lights the pad when a case ends and binds the press to case, visit, item, clerk and window", () => {
    const requestId = rig.serve("A-1");
    expect(rig.commands.at(-1)).toMatchObject({ type: "openRating", timeoutMs: 30_000 });
    rig.shows(requestId);
    rig.press(requestId, 4);
    const [body] = rig.bodies();
    expect(entryBodySchema.parse(body)).toMatchObject({
      kind: "rating",
      level: 4,
      circumstance: "in-time",
      binding: {
        requestId,
        caseNo: "A-1",
        visitNo: 1,
        staffNo: "1001",
        windowNo: "8",
        trigger: "business-system",
        triggeredBy: "hall system",
      },
    });
    expect(rig.window.state().request).toMatchObject({ requestId, state: "rated" });
  });

  test("I1: tells the pad that a press is stored only when it is on disk", () => {
    const requestId = rig.serve("A-1");
    let onDisk = -1;
    const push = rig.commands.push.bind(rig.commands);
    rig.commands.push = (...commands) => {
      if (commands[0]?.type === "stored") onDisk = rig.bodies().length;
      return push(...commands);
    };
    rig.press(requestId, 5);
    expect(onDisk).toBe(1);
    expect(rig.stored()).toEqual([1]);
  });

  test("I3: a press that comes after the next case has opened lands on its own case", () => {
    const first = rig.serve("A-1");
    rig.shows(first);
    const second = rig.serve("A-2");
    rig.press(first, 1);
    rig.press(second, 5);
    const rated = rig.bodies().filter((body) => body.kind === "rating");
    expect(rated.map((body) => [body.binding.caseNo, body.level, body.circumstance])).toEqual([
      ["A-1", 1, "after-next-case"],
      ["A-2", 5, "in-time"],
    ]);
  });

  test("I3, I5: a press that comes after a change of clerk counts for the clerk who ended the case", () => {
    const requestId = rig.serve("A-1", "1001");
    rig.window.signOut({}, rig.caller);
    rig.window.signIn({ staffNo: "1002", name: "李四样例" }, rig.caller);
    rig.press(requestId, 2);
    expect(rig.bodies()[0].binding).toMatchObject({ staffNo: "1001", clerkName: "张三样例" });
  });

  test("I3: a press made before a cancel reached the pad counts, and says so", () => {
    const requestId = rig.serve("A-1");
    rig.window.cancelCase("A-1", { visitNo: 1 }, rig.caller);
    expect(rig.commands.at(-1)).toMatchObject({ type: "cancelRating" });
    rig.press(requestId, 1);
    expect(rig.bodies().map((body) => body.reason ?? body.circumstance)).toEqual(["cancelled", "after-cancel"]);
  });

  test("I4: a repeated event changes nothing and is acknowledged again", () => {
    const requestId = rig.serve("A-1");
    rig.press(requestId, 3, 7);
    rig.press(requestId, 3, 7);
    expect(rig.bodies()).toHaveLength(1);
    expect(rig.stored()).toEqual([7, 7]);
  });

  test("I4: a second rating of one request under another event number is kept, told, and does not count", () => {
    const requestId = rig.serve("A-1");
    rig.press(requestId, 3, 7);
    rig.press(requestId, 5, 8);
    expect(rig.bodies().map((body) => body.level)).toEqual([3]);
    expect(rig.events.some((event) => event.event === "notice" && event.code === "WR4007")).toBe(true);
    expect(rig.database.prepare("SELECT count(*) AS n FROM pad_events").get()).toEqual({ n: 2 });
  });

  test("keeps a press for a request it does not know as unbound, and shows it", () => {
    rig.press("01890000-0000-7000-8000-00000000abcd", 2);
    expect(entryBodySchema.parse(rig.bodies()[0])).toMatchObject({ kind: "unbound", level: 2 });
    expect(rig.events.some((event) => event.event === "notice" && event.code === "WR4006")).toBe(true);
    expect(rig.stored()).toEqual([1]);
  });

  test("I10: a time-out is not rated, never a level", () => {
    const requestId = rig.serve("A-1");
    rig.shows(requestId);
    rig.timedOut(requestId);
    const [body] = rig.bodies();
    expect(body).toMatchObject({ kind: "not-rated", reason: "timed-out" });
    expect(JSON.stringify(body)).not.toContain("level");
    expect(rig.window.state().request?.state).toBe("timed-out");
  });

  test("shows a waiting request to a pad that comes back, with the time it still has", () => {
    rig.pad.isThere = false;
    rig.serve("A-1");
    clock.advance(125_000);
    rig.pad.isThere = true;
    rig.ready();
    expect(rig.commands.at(-1)).toMatchObject({ type: "openRating", timeoutMs: 25_000 });
  });

  test("does not show a request that expired while the pad was away", () => {
    rig.pad.isThere = false;
    rig.serve("A-1");
    clock.advance(151_000);
    rig.pad.isThere = true;
    rig.ready();
    expect(rig.commands.map(({ type }) => type)).toEqual(["configure", "setTime", "idle"]);
    rig.window.start();
    expect(rig.bodies()[0]).toMatchObject({ kind: "not-rated", reason: "expired" });
  });

  test("takes up the request of a run that was killed", () => {
    const requestId = rig.serve("A-1");
    rig.shows(requestId);
    rig.database.close();
    clock.advance(2_000);
    rig = openWindow(folder.path, clock);
    rig.window.start();
    rig.ready();
    expect(rig.commands.at(-1)).toMatchObject({ type: "openRating" });
    rig.press(requestId, 5);
    expect(rig.bodies().at(-1)).toMatchObject({ kind: "rating", binding: { caseNo: "A-1" }, circumstance: "in-time" });
  });

  test("after a restart of the machine with the clock set back, an old request is over and a press still finds its case", () => {
    const requestId = rig.serve("A-1");
    rig.shows(requestId);
    rig.database.close();
    clock.bootId = "boot-2";
    clock.monotonic = 5;
    clock.wall -= 3 * 86_400_000;
    rig = openWindow(folder.path, clock);
    rig.window.start();
    expect(rig.window.state().request?.state).toBe("timed-out");
    rig.press(requestId, 4);
    expect(rig.bodies().at(-1)).toMatchObject({ kind: "rating", circumstance: "after-timeout", committedAt: { bootId: "boot-2" } });
  });

  test("I11: a clock set forward by days within one boot does not end a request", () => {
    const requestId = rig.serve("A-1");
    rig.shows(requestId);
    clock.wall += 5 * 86_400_000;
    rig.window.start();
    expect(rig.window.state().request?.state).toBe("shown");
  });

  test("I12: records who ended the case and how, and refuses the manual trigger where the site switched it off", () => {
    rig.close();
    rig = openWindow(folder.path, clock, { manualTrigger: false });
    rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
    rig.window.startCase({ caseNo: "A-1", visitNo: 1, itemCode: "1", itemName: "样例" }, rig.caller);
    expect(errorOf(() => rig.window.endCase("A-1", { visitNo: 1, completed: true, trigger: "manual" }, rig.caller))).toBe("WR5008");
    expect(rig.window.state().openCase?.caseNo).toBe("A-1");
  });

  test("refuses what cannot be: no clerk, a case never started, ended twice, two at once, cancelled twice over", () => {
    const visit = { caseNo: "A-1", visitNo: 1, itemCode: "1", itemName: "样例" };
    const end = { visitNo: 1, completed: true, trigger: "business-system" } as const;
    expect(errorOf(() => rig.window.startCase(visit, rig.caller))).toBe("WR5004");
    expect(errorOf(() => rig.window.endCase("A-1", end, rig.caller))).toBe("WR5004");
    rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
    expect(errorOf(() => rig.window.endCase("A-9", end, rig.caller))).toBe("WR5005");
    rig.window.startCase(visit, rig.caller);
    rig.window.startCase(visit, rig.caller);
    expect(errorOf(() => rig.window.startCase({ ...visit, caseNo: "A-2" }, rig.caller))).toBe("WR5007");
    rig.window.endCase("A-1", end, rig.caller);
    expect(errorOf(() => rig.window.endCase("A-1", end, rig.caller))).toBe("WR5006");
    expect(errorOf(() => rig.window.startCase(visit, rig.caller))).toBe("WR5006");
    expect(errorOf(() => rig.window.cancelCase("A-9", { visitNo: 1 }, rig.caller))).toBe("WR5009");
    const requestId = rig.window.state().request?.requestId as string;
    rig.press(requestId, 5);
    expect(errorOf(() => rig.window.cancelCase("A-1", { visitNo: 1 }, rig.caller))).toBe("WR5009");
  });

  test("a request that the pad cannot show at all ends without a rating, and the reason is told", () => {
    const requestId = rig.serve("A-1");
    rig.refuses(requestId, "unsupported");
    expect(rig.window.state().request).toMatchObject({ requestId, state: "refused-by-pad" });
    expect(rig.events.some((event) => event.event === "notice" && event.text.includes("unsupported"))).toBe(true);
  });

  test("binds a clerk by the name that central has told, and by the one of the business system until then", () => {
    rig.press(rig.serve("A-1"), 4);
    rig.officialNames.set("1001", "张三样例甲");
    rig.press(rig.serve("A-2"), 4);
    const names = rig.bodies().flatMap((body) => (body.kind === "rating" ? [body.binding.clerkName] : []));
    expect(names).toEqual([expect.not.stringMatching("张三样例甲"), "张三样例甲"]);
  });

  test("I9: what the desk sees never holds a level", () => {
    const requestId = rig.serve("A-1");
    rig.press(requestId, 1);
    expect(JSON.stringify([rig.events, rig.window.state()])).not.toContain("level");
  });
});
