import type { DeskState } from "@window-rating/protocol/desk";
import { describe, expect, test } from "vitest";
import { words } from "../words/words.ts";
import { ageWords, clockTime, type LineAbout, lineOf, whyNoCode } from "./line.ts";
import { wellState } from "./test/desk-state.ts";

const request = (state: string, more: object = {}): DeskState["request"] =>
  ({
    requestId: "r",
    caseNo: "A-7",
    visitNo: 1,
    staffNo: "1001",
    itemName: "身份证补领",
    state,
    cases: 1,
    isAgain: false,
    canInviteAgain: false,
    code: null,
    ...more,
  }) as DeskState["request"];

const openCase = { caseNo: "A-8", visitNo: 1, itemCode: "1", itemName: "护照换发" };

const line = (changes: Partial<DeskState> = {}, about: Partial<LineAbout> = {}) =>
  lineOf({ standing: "connected", state: { ...wellState, ...changes }, sinceMs: 0, t: words.t, language: "zh-CN", ...about });

describe("The strip's line", () => {
  test("says that all is well only while it is", () => {
    expect(line()).toEqual({ tone: "good", main: "空闲，可以开始办件", details: ["评价器已连接", "全部已上传", "尚未同步"] });
    expect(line({ openCase }).tone).toBe("good");
  });

  test.each([
    ["its database is damaged", "stop", line({}, { outOfOrder: "WR4001", state: undefined })],
    ["no state has come yet", "look", lineOf({ standing: "connecting", state: undefined, sinceMs: 0, t: words.t, language: "zh-CN" })],
    ["the connection is lost", "stop", line({}, { standing: "connecting" })],
    ["the screen was ended", "stop", line({}, { standing: "refused" })],
    ["the pad is absent", "stop", line({ pad: { connection: "absent" } })],
    ["the pad has failed", "stop", line({ pad: { connection: "failed", cause: "WR1011 Pad is not paired: x. y" } })],
    ["a key of the pad is held down", "stop", line({ pad: { connection: "ready", cause: "WR1061 Key of the pad is held down: x. y" } })],
    ["the pad is connecting", "look", line({ pad: { connection: "connecting" } })],
    ["nobody is signed in", "look", line({ clerk: null, clerks: [] })],
    ["the window pauses", "look", line({ pause: { text: "" } })],
    ["central refused something", "look", line({ queue: { ...wellState.queue, setAside: 2 } })],
    [
      "central is not reached",
      "look",
      line({ queue: { ...wellState.queue, waiting: 3, oldestMs: 5000, cause: "WR6001 Central cannot be reached: x. y" } }),
    ],
    ["something has waited for over an hour", "look", line({ queue: { ...wellState.queue, waiting: 1, oldestMs: 3_600_001 } })],
  ])("when %s the tone is %s", (_when, tone, found) => expect(found.tone).toBe(tone));

  test("says nothing old as if it were new: without a connection it tells no case, no pad and no queue", () => {
    const lost = line({ openCase, queue: { ...wellState.queue, waiting: 3 } }, { standing: "connecting" });
    expect(lost).toEqual({ tone: "stop", main: "与本机程序断开，正在自动重新连接。评价器上的评价不会丢失。", details: [] });
  });

  test.each([
    ["waiting", "正在点亮评价器：办件 A-7"],
    ["shown", "请群众评价：办件 A-7"],
    ["rated", "已收到评价：办件 A-7"],
    ["timed-out", "未评价：办件 A-7（到时未按键）"],
    ["expired", "未评价：办件 A-7（评价器未能显示）"],
    ["cancelled", "已取消：办件 A-7"],
    ["superseded", "未评价：办件 A-7（已开始下一次邀请）"],
    ["refused-by-pad", "评价器没有接受：办件 A-7"],
  ])("tells a request that is %s: %s", (state, sentence) => expect(line({ request: request(state) }).main).toBe(sentence));

  test("tells that a request waits for a pad that is away, before it tells of the pad", () => {
    const waiting = line({ request: request("waiting"), pad: { connection: "absent" } });
    expect([waiting.tone, waiting.main, waiting.details[0]]).toEqual(["stop", "等待评价器：办件 A-7", "评价器未连接"]);
  });

  test.each(["absent", "failed"] as const)("asks nobody for a press on a pad that is %s, though it was lit", (connection) => {
    const shown = line({ request: request("shown"), pad: { connection } });
    expect([shown.tone, shown.main]).toEqual(["stop", "等待评价器：办件 A-7"]);
  });

  test("tells for whom a rating counts when somebody else sits here since", () => {
    const other = { staffNo: "1002", name: "李四样例" };
    const changed = line({ request: request("shown"), clerk: other, clerks: [other] });
    expect(changed.details).toContain("本次评价记在工号 1001 名下");
    for (const told of [line({ request: request("shown") }), line({ request: request("rated"), clerk: other, clerks: [other] })])
      expect(told.details.join()).not.toContain("名下");
  });

  test("says why a person should look, whatever else the line tells of", () => {
    const alone = line({ openCase, clerk: null, clerks: [], pause: { text: "午休" } });
    expect([alone.tone, alone.main]).toEqual(["look", "正在办理：A-8 护照换发"]);
    expect(alone.details.slice(0, 2)).toEqual(["无人签到，请签到", "暂停服务中：午休"]);
  });

  test("tells of the case behind the pad that is away: one in progress, or what became of the last one", () => {
    const away = line({ openCase, request: request("rated"), pad: { connection: "absent" } });
    expect([away.main, away.details]).toEqual(["评价器未连接", ["正在办理：A-8 护照换发", "全部已上传", "尚未同步"]]);
    expect(line({ openCase }).details).not.toContain("正在办理：A-8 护照换发");
    const expired = line({ request: request("expired", { canInviteAgain: true }), pad: { connection: "absent" } });
    expect([expired.main, expired.details[0]]).toEqual(["评价器未连接", "未评价：办件 A-7（评价器未能显示）"]);
  });

  test.each([
    ["WR1060", "评价器存储已满，正在取出其中的评价；腾出空间后会自动继续邀请评价。（WR1060）"],
    ["WR1061", "评价器有按键一直被按住，请移开压住按键的物品；松开后会自动继续邀请评价。（WR1061）"],
    ["WR1062", "评价器暂时无法保存评价，恢复后会自动继续邀请评价；如一直如此，请更换评价器。（WR1062）"],
  ])("tells that a request waits for a pad that is there and takes no rating, and why: %s", (code, sentence) => {
    const waiting = line({ request: request("waiting"), pad: { connection: "ready", cause: `${code} in English: x. y` } });
    expect([waiting.tone, waiting.main]).toEqual(["stop", "等待评价器：办件 A-7"]);
    expect(waiting.details).toContain(sentence);
  });

  test("puts the invitation before the case that was started meanwhile, and tells of that too", () => {
    const both = line({ request: request("shown", { isAgain: true, cases: 3 }), openCase });
    expect(both.main).toBe("再次邀请评价：办件 A-7 等 3 件");
    expect(both.details).toContain("另有办件 A-8 未结束");
  });

  test("tells causes in the clerk's language with the code, what waits with its age, and when the clerk will be signed out", () => {
    const queue = { waiting: 3, oldestMs: 700_000, setAside: 1, lastSyncMs: 0, cause: "WR6001 Central cannot be reached: refused. z" };
    const { details } = line({ queue, signOutInMs: 50_000 }, { sinceMs: 20_000 });
    expect(details[0]).toBe("30 秒后自动签退");
    expect(details).toContain("待上传 3 条，最早 12 分钟前");
    expect(details).toContain("中心退回 1 条，请信息技术人员查看");
    expect(details.at(-1)).toBe("连不上中心；评价保存在本机，恢复后自动上传。（WR6001）");
  });

  test("never tells of a level, whatever a state may hold", () => {
    const leaking = { ...wellState, request: { ...request("rated"), level: 2, satisfaction: "不满意" } } as DeskState;
    const told = JSON.stringify(lineOf({ standing: "connected", state: leaking, sinceMs: 0, t: words.t, language: "zh-CN" }));
    expect(told).not.toMatch(/满意|level|2/);
  });

  test("says in the clerk's language why a case has no code, and in the core's words what it does not know", () => {
    expect(whyNoCode("central cannot be reached: ECONNREFUSED", words.t)).toBe("没有二维码：连不上中心");
    expect(whyNoCode("this window PC is not enrolled at central", words.t)).toBe("没有二维码：本机尚未在中心登记");
    expect(whyNoCode("HTTP 500", words.t)).toBe("没有二维码：中心没有给出（HTTP 500）");
  });

  test("writes ages and times short, and a day only if it was another", () => {
    expect([0, 119_000, 120_000, 7_100_000, 7_300_000, 200_000_000].map((ms) => ageWords(ms, words.t))).toEqual([
      "0 秒",
      "119 秒",
      "2 分钟",
      "118 分钟",
      "2 小时",
      "2 天",
    ]);
    const now = new Date(2026, 10, 21, 16, 5);
    expect(clockTime(new Date(2026, 10, 21, 9, 41).getTime(), "zh-CN", now)).toBe("09:41");
    expect(clockTime(new Date(2026, 10, 20, 9, 41).getTime(), "zh-CN", now)).toMatch(/11.20.* 09:41/);
  });
});
