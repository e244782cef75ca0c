import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { PadFace } from "../face.ts";
import { columns } from "./columns.ts";
import { drawPad, padLine } from "./terminal-view.ts";
import { FACES, FakePad } from "./test/fake-pad.ts";
import { viewOf } from "./view.ts";

const view = (face: Partial<PadFace>) => viewOf({ ...new FakePad().face, ...face });
const draw = (face: Partial<PadFace>, size = {}): readonly string[] =>
  drawPad(view(face), { columns: 80, rows: 24, colour: false, ...size });

describe("a pad in a terminal", () => {
  it("shows five keys that are all alike while it invites, the words and the time left", () => {
    expect(draw(FACES.inviting)).toEqual([
      "评价器 generic/five-button SIM-0001                   [+] 已连接 connected",
      "",
      "请按一个键，评价本次服务                              还剩 18 秒 18 s left",
      "Please press one key to rate this service",
      "",
      "+============+ +============+ +============+ +============+ +============+",
      "|     1      | |     2      | |     3      | |     4      | |     5      |",
      "| 非常不满意 | |   不满意   | |  基本满意  | |    满意    | |  非常满意  |",
      "|    Very    | |Dissatisfied| |   Fairly   | | Satisfied  | |    Very    |",
      "|dissatisfied| |            | | satisfied  | |            | | satisfied  |",
      "|  <?> 可按  | |  <?> 可按  | |  <?> 可按  | |  <?> 可按  | |  <?> 可按  |",
      "|   press    | |   press    | |   press    | |   press    | |   press    |",
      "+============+ +============+ +============+ +============+ +============+",
      "",
      "语音 Voice: 「请您对我们的服务进行评价」 Please rate our service",
      "未存事件 Events kept: 0",
      "",
      "1-5 按键 press | u 拔线/插线 unplug/plug",
      "p 断电 power cut | q 退出 quit",
    ]);
  });

  it("marks the chosen key by its shape and by words, without any colour", () => {
    const lines = draw(FACES.chosen);
    expect(lines).toContain("您选择了：满意");
    expect(lines).toContain("+------------+ +------------+ +------------+ +############+ +------------+");
    expect(lines).toContain("|  ( ) 灯灭  | |  ( ) 灯灭  | |  ( ) 灯灭  | #  [*] 已选  # |  ( ) 灯灭  |");
  });

  it("does not tell after the thanks which key it was", () => {
    const key = /\+~{12}\+/g;
    expect(draw(FACES.thanks).join("\n").match(key)).toHaveLength(10);
  });

  it("shows keys that are down, the kept events and a cable that is out", () => {
    const lines = draw({ ...FACES.unplugged, keysDown: [false, true, false, false, true] }).join("\n");
    expect(lines).toContain("|    >2<     |");
    expect(lines).toContain("|    >5<     |");
    expect(lines).toContain("[x] 已拔线 unplugged");
    expect(lines).toContain("未存事件 Events kept: 2");
  });

  it.each(Object.entries(FACES))("has a look of its own when %s, told by characters alone", (name, face) => {
    const others = Object.entries(FACES).filter(([other]) => other !== name);
    for (const [, other] of others) expect(draw(face)).not.toEqual(draw(other));
  });

  it.each([20, 50, 73, 74, 80, 200])("never goes beyond %i columns", (wide) => {
    const words = ["特别特别特别特别特别特别不满意", "b", "c", "d", "e"];
    for (const face of Object.values(FACES)) {
      for (const line of draw({ ...face, labels: words }, { columns: wide })) expect(columns(line)).toBeLessThanOrEqual(wide);
    }
  });

  it("gives each key a line where five do not fit side by side", () => {
    expect(draw(FACES.chosen, { columns: 40 })).toContain("[*]  4  满意         已选 chosen");
  });

  it("never has more lines than the terminal", () => {
    expect(draw(FACES.inviting, { rows: 6 })).toHaveLength(6);
  });

  it("adds colour only when asked, and then changes nothing else", () => {
    const colour = draw(FACES.inviting, { colour: true }).join("\n");
    expect(colour).toContain("\x1b[1;33m");
    expect(stripVTControlCharacters(colour)).toBe(draw(FACES.inviting).join("\n"));
  });

  it("lets no words from the host steer the terminal", () => {
    const evil = { labels: ["\x1b[2J", "b", "c", "d", "e"], spoken: { id: 2, zh: "\x1b]0;x\x07", en: "\r\n", at: 1 } };
    const text = [
      ...draw({ ...FACES.chosen, ...evil }),
      padLine(view({ ...FACES.chosen, ...evil, lamps: ["chosen", "off", "off", "off", "off"] })),
    ];
    expect(text.join("")).not.toMatch(/\p{Cc}/u);
  });
});

it("a pad in one line says the same", () => {
  expect(padLine(view(FACES.thanks))).toBe(
    "谢谢您的评价！ Thank you for your rating! | 1\\o/ 2\\o/ 3\\o/ 4\\o/ 5\\o/ | [+] 已连接 connected | 语音 「谢谢」 Thank you | 未存事件 0",
  );
  expect(padLine(view({ keysDown: [false, false, true, false, false] }))).toContain("3( )v");
});
