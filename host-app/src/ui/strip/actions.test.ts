import type { DeskState } from "@window-rating/protocol/desk";
import { describe, expect, test } from "vitest";
import { cancelTarget, codeOf, mayHaveServed, possibilities } from "./actions.ts";

const request = { requestId: "r", caseNo: "A-7", visitNo: 2, staffNo: "1001", itemName: "x", cases: 1, isAgain: false };
const state = (changes: object = {}): DeskState =>
  ({
    windowNo: "12",
    clerk: { staffNo: "1001", name: "张三样例" },
    clerks: [{ staffNo: "1001", name: "张三样例" }],
    allows: { manualTrigger: true, ownTotals: false },
    openCase: null,
    request: null,
    ...changes,
  }) as unknown as DeskState;
const openCase = { caseNo: "A-8", visitNo: 1, itemCode: "1", itemName: "y" };

describe("What can be done on the strip", () => {
  test("is nothing without a connection", () => {
    expect(new Set(Object.values(possibilities("connecting", state())))).toEqual(new Set(["notConnected"]));
    expect(new Set(Object.values(possibilities("connected", undefined)))).toEqual(new Set(["notConnected"]));
  });

  test("needs a clerk where it is about cases", () => {
    const possible = possibilities("connected", state({ clerk: null, clerks: [], openCase }));
    for (const action of ["endCase", "startCase", "cancelCase", "inviteAgain", "severalCases", "paperForm", "signOut"] as const)
      expect([action, possible[action]]).toEqual([action, "noClerk"]);
    expect([possible.changeClerk, possible.pause, possible.settings]).toEqual([null, null, null]);
  });

  test("is not ending a case by hand where the site forbids it, and says so", () => {
    const possible = possibilities("connected", state({ openCase, allows: { manualTrigger: false, ownTotals: false } }));
    expect([possible.endCase, possible.severalCases, possible.inviteAgain, possible.cancelCase]).toEqual([
      "manualOff",
      "manualOff",
      "manualOff",
      null,
    ]);
  });

  test("follows the case: it can be ended when it is open, and another started when it is not", () => {
    expect(possibilities("connected", state({ openCase }))).toMatchObject({ endCase: null, startCase: "caseOpen", cancelCase: null });
    expect(possibilities("connected", state())).toMatchObject({ endCase: "noCase", startCase: null, cancelCase: "nothingToCancel" });
  });

  test("is inviting again when the core says that it can be done", () => {
    const again = (canInviteAgain: boolean) => state({ request: { ...request, state: "timed-out", canInviteAgain, code: null } });
    expect(possibilities("connected", again(true)).inviteAgain).toBeNull();
    expect(possibilities("connected", again(false)).inviteAgain).toBe("cannotInvite");
  });

  test("takes back the invitation that is on the pad before it cancels the case that was started meanwhile", () => {
    expect(cancelTarget(state({ openCase, request: { ...request, state: "shown" } }))).toEqual({
      is: "invitation",
      caseNo: "A-7",
      visitNo: 2,
    });
    expect(cancelTarget(state({ openCase, request: { ...request, state: "rated" } }))).toEqual({ is: "case", caseNo: "A-8", visitNo: 1 });
    expect(cancelTarget(state())).toBeNull();
  });

  test("leaves open who served a case that somebody started who has left", () => {
    const [zhang, li] = [
      { staffNo: "1001", name: "张三样例" },
      { staffNo: "1002", name: "李四样例" },
    ];
    expect(mayHaveServed(state({ clerks: [li], openCase: { ...openCase, staffNo: "1001" } }))).toEqual([
      li,
      { staffNo: "1001", name: null },
    ]);
    expect(mayHaveServed(state({ clerks: [zhang, li], openCase: { ...openCase, staffNo: "1001" } }))).toEqual([zhang, li]);
    expect(mayHaveServed(state({ clerks: [zhang, li] }))).toEqual([zhang, li]);
  });

  test("shows a code to whoever may still rate, and to nobody who has", () => {
    const code = { text: "https://rate.example/c/1", expiresAtMs: 5 };
    for (const [now, shown] of [
      ["shown", true],
      ["timed-out", true],
      ["expired", true],
      ["rated", false],
      ["cancelled", false],
    ] as const)
      expect([now, codeOf(state({ request: { ...request, state: now, code } })) !== null]).toEqual([now, shown]);
    expect(codeOf(state({ request: { ...request, state: "shown", code: null } }))).toBeNull();
  });
});
