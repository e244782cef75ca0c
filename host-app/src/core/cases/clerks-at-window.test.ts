import { entryBodySchema } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

const ZHANG = { staffNo: "1001", name: "张三样例" };
const LI = { staffNo: "1002", name: "李四样例" };
const WANG = { staffNo: "1003", name: "王五样例" };
const VISIT = { caseNo: "A-1", visitNo: 1, itemCode: "110101", itemName: "身份证补领（样例）" };
const END = { visitNo: 1, completed: true, trigger: "business-system" } as const;

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

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "done";
};
const start = (over: object = {}) => rig.window.startCase({ ...VISIT, ...over }, rig.caller);
const end = (over: object = {}, caseNo = "A-1") => rig.window.endCase(caseNo, { ...END, ...over }, rig.caller);
const staffOf = () => rig.bodies().map(({ binding }) => binding.staffNo);
const signIns = () =>
  rig.database.prepare("SELECT staff_no, way, signed_out_why FROM sign_ins ORDER BY id").all() as {
    staff_no: string;
    way: string;
    signed_out_why: string | null;
  }[];

describe("a change of shift", () => {
  test("is one step: the next clerk signs in, and the one before is signed out by it", () => {
    rig.window.signIn(ZHANG, rig.caller);
    rig.window.signIn(LI, rig.caller);
    expect(rig.window.state()).toMatchObject({ clerk: LI, clerks: [LI] });
    expect(signIns()).toEqual([
      { staff_no: "1001", way: "business-system", signed_out_why: "shift" },
      { staff_no: "1002", way: "business-system", signed_out_why: null },
    ]);
  });

  test("leaves the cases that ended before with the clerk who served them (I3, I5)", () => {
    const requestId = rig.serve("A-1", "1001");
    rig.window.signIn(LI, rig.caller);
    rig.press(requestId, 2);
    expect(entryBodySchema.parse(rig.bodies()[0])).toMatchObject({ kind: "rating", binding: { staffNo: "1001", clerkName: "张三样例" } });
  });

  test("shows the card of the clerk who is rated while the rating is open, and that of the next one afterwards", () => {
    const screens: unknown[] = [];
    const send = rig.atWindow.screen.clerk.bind(rig.atWindow.screen);
    rig.atWindow.screen.clerk = (clerk) => {
      screens.push(clerk?.staffNo ?? null);
      send(clerk);
    };
    const requestId = rig.serve("A-1", "1001");
    rig.window.signIn(LI, rig.caller);
    expect(screens).toEqual(["1001"]);
    rig.press(requestId, 5);
    expect(screens).toEqual(["1001", "1002"]);
  });

  test("in the middle of a case asks who served it, for it could be either; neither is guessed", () => {
    rig.window.signIn(ZHANG, rig.caller);
    start();
    rig.window.signIn(LI, rig.caller);
    expect(rig.window.state().openCase).toMatchObject({ caseNo: "A-1", staffNo: "1001" });
    expect(codeOf(() => end())).toBe("WR5018");
    expect(codeOf(() => end({ staffNo: "1003" }))).toBe("WR5018");
    expect(rig.window.state().openCase?.caseNo).toBe("A-1");
    rig.press(end({ staffNo: "1001" }).requestId, 4);
    start({ caseNo: "A-2" });
    rig.press(end({}, "A-2").requestId, 4);
    expect(staffOf()).toEqual(["1001", "1002"]);
  });

  test("lets a case be ended for the clerk who has left, if that is said; without anybody at the window nothing else can be", () => {
    rig.window.signIn(ZHANG, rig.caller);
    start();
    rig.window.signOut({}, rig.caller);
    expect(codeOf(() => end())).toBe("WR5004");
    expect(codeOf(() => end({ staffNo: "1002" }))).toBe("WR5018");
    rig.press(end({ staffNo: "1001" }).requestId, 4);
    expect(staffOf()).toEqual(["1001"]);
  });

  test("outlives a restart in the middle of it: the one who was on disk is there, and no one else", () => {
    rig.window.signIn(ZHANG, rig.caller);
    const failing = rig.database.prepare("SELECT 1");
    failing.get();
    // The second half of the step cannot be written: the first half is not, either.
    rig.database.exec("CREATE TRIGGER full BEFORE INSERT ON sign_ins BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(codeOf(() => rig.window.signIn(LI, rig.caller))).toBe("WR4008");
    expect(rig.window.state().clerks).toEqual([ZHANG]);
    rig.close();
    rig = openWindow(folder.path, clock);
    expect(rig.window.state().clerks).toEqual([ZHANG]);
  });
});

describe("two clerks at one window", () => {
  beforeEach(() => {
    rig.window.signIn(ZHANG, rig.caller);
    rig.window.signIn({ ...LI, beside: true }, rig.caller);
  });

  test("are both on duty, and a third finds no seat", () => {
    expect(rig.window.state()).toMatchObject({ clerks: [ZHANG, LI], clerk: LI });
    expect(codeOf(() => rig.window.signIn({ ...WANG, beside: true }, rig.caller))).toBe("WR5024");
    rig.window.signIn({ ...LI, beside: true }, rig.caller);
    expect(rig.window.state().clerks).toEqual([ZHANG, LI]);
    rig.close();
    rig = openWindow(folder.path, clock);
    expect(rig.window.state().clerks).toEqual([ZHANG, LI]);
  });

  test("say who ended the case; whoever it was is rated, and without a word nobody is", () => {
    start();
    expect(rig.window.state().openCase).not.toHaveProperty("staffNo");
    expect(codeOf(() => end())).toBe("WR5018");
    expect(rig.bodies()).toEqual([]);
    rig.press(end({ staffNo: "1001" }).requestId, 3);
    start({ caseNo: "A-2" });
    rig.press(end({ staffNo: "1002" }, "A-2").requestId, 3);
    expect(staffOf()).toEqual(["1001", "1002"]);
  });

  test("may say it when the case begins, and another one may end it all the same, if that is said", () => {
    start({ staffNo: "1001" });
    expect(rig.window.state().openCase?.staffNo).toBe("1001");
    expect(codeOf(() => end())).toBe("WR5018");
    rig.press(end({ staffNo: "1002" }).requestId, 3);
    expect(staffOf()).toEqual(["1002"]);
    expect(codeOf(() => start({ caseNo: "A-2", staffNo: "1003" }))).toBe("WR5018");
  });

  test("leave one by one, and a case goes on with the one who stays", () => {
    start();
    rig.window.signOut({ staffNo: "1001" }, rig.caller);
    expect(rig.window.state().clerks).toEqual([LI]);
    rig.press(end().requestId, 3);
    expect(staffOf()).toEqual(["1002"]);
    rig.window.signIn({ ...ZHANG, beside: true }, rig.caller);
    rig.window.signOut({}, rig.caller);
    expect(rig.window.state()).toMatchObject({ clerk: null, clerks: [] });
  });

  test("give way to one who takes over alone, also if it is one of them", () => {
    rig.window.signIn(LI, rig.caller);
    expect(rig.window.state().clerks).toEqual([LI]);
  });

  test("show no card on the pad until it is known whose rating it is", () => {
    const cards = () => rig.commands.flatMap((command) => (command.type === "staffCard" ? [command.staffNo] : []));
    rig.ready(0x0000_ffff);
    expect(cards().at(-1)).toBe("");
    start();
    const { requestId } = end({ staffNo: "1001" });
    expect(cards().at(-1)).toBe("1001");
    rig.window.cancelCase("A-1", { visitNo: 1 }, rig.caller);
    expect([requestId !== "", cards().at(-1)]).toEqual([true, ""]);
  });

  test("see their own totals each, by saying whose", () => {
    expect(codeOf(() => rig.window.ownTotals({ staffNo: "1001" }))).toBe("WR5030");
    rig.close();
    rig = openWindow(folder.path, clock, { ownTotals: { delayHours: 24 } });
    expect(codeOf(() => rig.window.ownTotals({}))).toBe("WR5018");
    expect(codeOf(() => rig.window.ownTotals({ staffNo: "1003" }))).toBe("WR5030");
    expect(rig.window.ownTotals({ staffNo: "1001" })).toEqual({ pools: [], pending: false });
  });
});

describe("the own totals of a clerk", () => {
  test("count what was pressed for that clerk at this PC, and come a day late", () => {
    rig.close();
    rig = openWindow(folder.path, clock, { ownTotals: { delayHours: 24 } });
    for (let count = 0; count < 45; count++) {
      rig.press(rig.serve(`A-${count}`, "1001"), count < 24 ? 5 : 1);
      rig.press(rig.serve(`B-${count}`, "1002"), 5);
    }
    rig.window.signIn(ZHANG, rig.caller);
    expect(rig.window.ownTotals({})).toEqual({ pools: [], pending: true });
    clock.advance(48 * 3_600_000);
    expect(rig.window.ownTotals({})).toMatchObject({
      pools: [
        { ratings: 20, good: "under-80" },
        { ratings: 20, good: "90-or-more" },
      ],
      pending: true,
    });
    rig.window.signIn(LI, rig.caller);
    expect(rig.window.ownTotals({}).pools.map(({ good }) => good)).toEqual(["90-or-more", "90-or-more"]);
  });
});

describe("clerks who are idle", () => {
  const MINUTE = 60_000;
  const withIdle = (idleMs: number): void => {
    rig.close();
    rig = openWindow(folder.path, clock, { idleMs });
  };
  /** The timer of the window, without waiting for it. */
  const timePasses = (ms: number): void => {
    clock.advance(ms);
    rig.window.stop();
    rig.window.start();
  };
  const notices = () => rig.events.flatMap((event) => (event.event === "notice" ? [`${event.code} ${event.text}`] : []));

  test("are signed out after the site's time, and that is said", () => {
    withIdle(10 * MINUTE);
    rig.window.signIn(ZHANG, rig.caller);
    expect(rig.window.state().signOutInMs).toBe(10 * MINUTE);
    timePasses(10 * MINUTE - 1);
    expect(rig.window.state()).toMatchObject({ clerk: ZHANG, signOutInMs: 1 });
    timePasses(1);
    expect(rig.window.state()).toMatchObject({ clerk: null, signOutInMs: null });
    expect(signIns().at(-1)?.signed_out_why).toBe("idle");
    expect(notices()).toEqual([expect.stringMatching(/^WR5029 .*1001.*no case/)]);
  });

  test("keep the case in progress, which is said; the next one goes on with it and says who served", () => {
    withIdle(10 * MINUTE);
    rig.window.signIn(ZHANG, rig.caller);
    start();
    timePasses(10 * MINUTE);
    expect(notices()).toEqual([expect.stringMatching(/case A-1 visit 1 is kept/)]);
    expect(rig.window.state()).toMatchObject({ clerk: null, openCase: { caseNo: "A-1", staffNo: "1001" } });
    rig.window.signIn(ZHANG, rig.caller);
    rig.press(end().requestId, 5);
    expect(staffOf()).toEqual(["1001"]);
  });

  test("stay while a citizen is asked, and as long again after the answer", () => {
    withIdle(1 * MINUTE);
    rig.pad.isThere = false;
    const requestId = rig.serve("A-1");
    expect(rig.window.state().signOutInMs).toBeNull();
    timePasses(2 * MINUTE);
    expect(rig.window.state().clerk?.staffNo).toBe("1001");
    rig.press(requestId, 4);
    expect(rig.window.state().signOutInMs).toBe(1 * MINUTE);
    timePasses(1 * MINUTE);
    expect(rig.window.state().clerk).toBeNull();
  });

  test("stay while they do anything, or say that they are there", () => {
    withIdle(10 * MINUTE);
    rig.window.signIn(ZHANG, rig.caller);
    for (const act of [
      () => rig.window.stay(rig.caller),
      () => rig.window.pause({ text: "" }, rig.caller),
      () => rig.window.showNotice({ text: "请出示身份证", seconds: 0 }, rig.caller),
      () => rig.window.asked("callNext", "call"),
      () => codeOf(() => rig.window.endCase("A-9", END, rig.caller)),
    ]) {
      timePasses(9 * MINUTE);
      act();
    }
    timePasses(9 * MINUTE);
    expect(rig.window.state().clerk).toEqual(ZHANG);
  });

  test("who were signed in when the PC was switched off are signed out when it starts the next morning, those of a minute ago are not", () => {
    withIdle(10 * MINUTE);
    rig.window.signIn(ZHANG, rig.caller);
    clock.advance(1 * MINUTE);
    withIdle(10 * MINUTE);
    rig.window.start();
    expect(rig.window.state()).toMatchObject({ clerk: ZHANG, signOutInMs: 9 * MINUTE });
    clock.advance(14 * 60 * MINUTE);
    clock.bootId = "boot-2";
    clock.monotonic = 5;
    withIdle(10 * MINUTE);
    rig.window.start();
    expect(rig.window.state().clerk).toBeNull();
  });

  test("are not signed out by a wall clock that jumps (I11), nor at all where the site has no such rule", () => {
    withIdle(10 * MINUTE);
    rig.window.signIn(ZHANG, rig.caller);
    clock.wall += 86_400_000;
    rig.window.stay(rig.caller);
    expect(rig.window.state()).toMatchObject({ clerk: ZHANG, signOutInMs: 10 * MINUTE });
    withIdle(0);
    timePasses(30 * 86_400_000);
    expect(rig.window.state()).toMatchObject({ clerk: ZHANG, signOutInMs: null });
  });
});
