import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectStrip } from "../src/core/screens/test/connected-strip.ts";
import type { Refusal } from "../src/messages/envelope.ts";
import { sentenceOf } from "../src/ui/words/sentence.ts";
import { openWindow, TestClock, temporaryFolder } from "./window-rig.ts";

const ITEM = { itemCode: "110101", itemName: "身份证补领（样例）" };
const visit = (caseNo: string, over: object = {}) => ({ caseNo, visitNo: 1, ...ITEM, ...over });

let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let rig: ReturnType<typeof openWindow>;
let strip: ReturnType<typeof connectStrip>;
const open = (windowNo: string): void => {
  rig = openWindow(folder.path, clock, { windowNo });
  strip = connectStrip(rig.window, folder.path);
  rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
};
beforeEach(() => {
  folder = temporaryFolder();
  clock = new TestClock();
  open("8");
});
afterEach(() => {
  strip.end();
  rig.close();
  folder.remove();
});

/** What the strip says to this refusal, in Chinese. */
const said = async (name: string, body: object): Promise<string> => {
  const { error } = (await strip.ask(name, body)) as { error?: Refusal };
  return error === undefined ? "done" : sentenceOf(error.code, error.detail, "zh-CN", error.facts);
};

describe("A clerk whose request is refused reads in Chinese", () => {
  test("which field is wrong, and in which of several cases", async () => {
    expect(await said("case.start", visit("x".repeat(65)))).toBe("“办件编号”不符合要求，请改正后再试。（WR5103）");
    expect(await said("case.start", visit("A-1", { visitNo: 0 }))).toBe("“服务次数”不符合要求，请改正后再试。（WR5103）");
    expect(
      await said("case.endTheme", { themeNo: "T", themeName: "开办企业（样例）", cases: [visit("A-1"), visit("A-2", { itemName: " " })] }),
    ).toBe("第 2 件的“事项名称”不符合要求，请改正后再试。（WR5103）");
    const form = {
      caseNo: "A-1",
      visitNo: 1,
      level: 1,
      words: "",
      name: "",
      phone: "",
      typedBy: "1001",
      reasons: [103],
      reasonList: "none",
    };
    rig.serve("A-1");
    rig.window.signIn({ staffNo: "1002", name: "李四样例", beside: true }, rig.caller);
    expect(await said("paper.enter", { ...form, typedBy: "1002" })).toBe("“评价指标”不符合要求，请改正后再试。（WR5003）");
    expect(await said("paper.enter", { ...form, reasons: ["x"] })).toBe("“评价指标”不符合要求，请改正后再试。（WR5103）");
    // What no form of the strip has is not named.
    expect(await said("case.start", visit("A-2", { colour: "red" }))).toBe("填写内容不符合要求，请检查后再试。（WR5103）");
  });

  test("which case stands in the way: the open one, one at another window, or one of another item", async () => {
    await said("case.start", visit("A-1"));
    expect(await said("case.start", visit("A-2"))).toBe("本窗口的办件 A-1 还未结束，请先结束或取消。（WR5007）");
    expect(await said("case.endBatch", { cases: [visit("A-3"), visit("A-4")] })).toContain("办件 A-1 还未结束");
    expect(await said("case.start", visit("A-1", { itemName: "护照换发（样例）" }))).toBe(
      "办件 A-1 已按“身份证补领（样例）”开始，请核对事项；如事项有误，请先取消再重新开始。（WR5007）",
    );
    rig.close();
    open("9");
    expect(await said("case.start", visit("A-1"))).toBe("办件 A-1 正在 8 号窗口办理，请核对编号，或到该窗口结束或取消。（WR5007）");
  });

  test("how long to wait after wrong PINs, and whom to ask when waiting does not help", async () => {
    rig.clerkDesk.add({ staffNo: "1005", name: "钱七样例" });
    await rig.clerkDesk.setPin({ staffNo: "1005", pin: "340786" });
    const sentences: string[] = [];
    for (let turn = 0; turn < 40; turn++) {
      sentences.push(await said("clerk.signInWithPin", { staffNo: "1005", pin: "111222" }));
      clock.advance(1000);
    }
    expect(sentences[0]).toMatch(/^工号或密码不正确，请重新输入/);
    const locked = sentences.find((sentence) => sentence.includes("WR5020"));
    expect(locked).toMatch(/^密码多次输错，已暂时锁定，请 \d+ (秒|分钟)后再试，或请信息技术人员解锁。（WR5020）$/);
    expect(sentences.some((sentence) => /已暂时锁定，请 \d+ (秒|分钟)后再试.*WR5019/.test(sentence))).toBe(true);
  });
});
