import { describe, expect, it } from "vitest";
import type { PadFace } from "../face.ts";
import { FACES, FakePad } from "./test/fake-pad.ts";
import { viewOf } from "./view.ts";

const view = (face: Partial<PadFace>) => viewOf({ ...new FakePad().face, ...face });

describe("the view of a pad", () => {
  it.each<[string, Partial<PadFace>, string, string]>([
    ["at rest", FACES.idle, "您好，办完业务后请在这里评价", "Hello. Please rate here when your service is done"],
    ["inviting", FACES.inviting, "请按一个键，评价本次服务", "Please press one key to rate this service"],
    ["chosen", FACES.chosen, "您选择了：满意", "You chose: Satisfied"],
    ["thanking", FACES.thanks, "谢谢您的评价！", "Thank you for your rating!"],
    ["out of order", FACES.fault, "评价器故障，请告诉工作人员", "Out of order. Please tell the clerk"],
    ["unplugged", FACES.unplugged, "连接线已拔出", "The cable is unplugged"],
    ["connecting", { connection: "waiting" }, "正在连接，请稍候", "Connecting, please wait"],
    ["silent", { connection: "silent" }, "评价器没有响应", "The pad does not respond"],
    ["identifying itself", { lamps: ["blink", "blink", "blink", "blink", "blink"] }, "正在识别这台评价器", "Identifying this pad"],
    ["without power", { ...FACES.inviting, power: false }, "已断电", "No power"],
  ])("of one %s tells the citizen so", (_, face, zh, en) => {
    expect(view(face).headline).toEqual({ zh, en });
  });

  it("goes on inviting while the cable is out or the pad is being identified: the press counts all the same", () => {
    for (const change of [{ connection: "unplugged" } as const, { lamps: ["blink", "blink", "blink", "blink", "blink"] } as const]) {
      expect(view({ ...FACES.inviting, ...change }).headline.zh).toBe("请按一个键，评价本次服务");
    }
  });

  it("says of a pad without power that it has none, and of a cable that is out that it is out", () => {
    expect(view(FACES.dark).connection).toEqual({ is: "waiting", zh: "无供电", en: "no power" });
    expect(view({ ...FACES.dark, connection: "unplugged" }).connection.zh).toBe("已拔线");
  });

  it("uses the words of the region on the keys, and its own where there are none", () => {
    expect(view({ labels: ["很差", "", "一般", "好", "很好"] }).keys.map(({ zh }) => zh)).toEqual(["很差", "不满意", "一般", "好", "很好"]);
    expect(view({ labels: [] }).keys.map(({ zh }) => zh)).toEqual(["非常不满意", "不满意", "基本满意", "满意", "非常满意"]);
  });

  it("holds no character from a wire that steers a terminal or turns text around", () => {
    const evil = "满\x1b[2J\u009b1m\u202e意\r\n\u2028";
    const spoken = { id: 2, zh: evil, en: evil, at: 1 };
    const seen = view({ ...FACES.chosen, labels: [evil, evil, evil, evil, evil], spoken, model: evil, serialNumber: evil });
    expect(JSON.stringify(seen).match(/满.*?意/g)).toHaveLength(10);
    expect(JSON.stringify(seen)).not.toMatch(/\\u00|\\[rn]|[\p{Cc}\p{Cf}\p{Zl}]/u);
  });
});
