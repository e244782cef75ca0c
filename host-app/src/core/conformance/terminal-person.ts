import type { Interface } from "node:readline/promises";
import type { Person, ScreenTouch, Skill } from "./person.ts";

const NUMBERS = ["", "一", "二", "三", "四", "五"];

const touchOf = (what: ScreenTouch): readonly [string, string] => {
  switch (what.do) {
    case "level":
      return [`在屏幕上点选第${NUMBERS[what.level]}级（${what.level} 星）`, `touch level ${what.level} on the screen`];
    case "reason":
      return ["点选显示的第一条评价指标", "touch the first of the reasons that are shown"];
    case "back":
      return ["点“返回”", "touch back"];
    case "confirm":
      return what.words === ""
        ? ["点“确认”", "touch confirm"]
        : [`在文字意见中输入“${what.words}”，再点“确认”`, `type ${what.words} as words, then touch confirm`];
  }
};

/** A technician at the pad, told what to do line by line. The one skill that no person has is to touch a key for a few milliseconds. */
export const terminalPerson = (terminal: Interface, print: (line: string) => void): Person => {
  const done = async (zh: string, en: string): Promise<void> => {
    await terminal.question(`  → ${zh}，然后按回车。 ${en}, then press Enter. `);
  };
  const now = async (zh: string, en: string): Promise<void> => print(`  → 现在：${zh}。 Now: ${en}.`);
  return {
    can: new Set<Skill>(["keys", "cable", "power", "eyes", "pairing", "touch"]),
    press: (key) => now(`按一下第${NUMBERS[key]}个键`, `press key ${key} once`),
    pressed: (key) => done(`按一下第${NUMBERS[key]}个键`, `press key ${key} once`),
    pressAndCutPower: (key) =>
      done(`按一下第${NUMBERS[key]}个键，评价器一有反应就切断电源`, `press key ${key}, and cut the pad's power as soon as its lamp lights`),
    touch: (what) => done(...touchOf(what)),
    brush: async () => undefined,
    down: (key) => done(`按住第${NUMBERS[key]}个键不放`, `hold key ${key} down and keep holding it`),
    up: (key) => done(`松开第${NUMBERS[key]}个键`, `let key ${key} go`),
    pullCable: () => done("拔下评价器的数据线（不要断电）", "pull the pad's data cable (leave it powered if you can)"),
    putCable: () => done("插回数据线", "put the cable back"),
    cutPower: () => done("切断评价器电源", "cut the pad's power"),
    restorePower: () => done("恢复评价器电源", "restore the pad's power"),
    holdPairingKey: () => now("按住评价器的配对键 5 秒后松开", "hold the pad's pairing key for 5 s, then let go"),
    readCode: () => terminal.question("  → 输入评价器显示或闪烁的八位配对码。 Type the eight-digit code that the pad shows or blinks: "),
    sees: async (question) => {
      // A slip of the finger is no answer: it would fail the pad.
      for (;;) {
        const answer = (await terminal.question(`  → ${question} [y/n] `)).trim();
        if (/^[yY是对]/.test(answer)) return true;
        if (/^[nN否不]/.test(answer)) return false;
      }
    },
  };
};

/** Nobody at the pad: whatever needs hands or eyes is left out. */
export const NOBODY: Person = {
  can: new Set<Skill>(),
  press: async () => undefined,
  pressed: async () => undefined,
  pressAndCutPower: async () => undefined,
  touch: async () => undefined,
  brush: async () => undefined,
  down: async () => undefined,
  up: async () => undefined,
  pullCable: async () => undefined,
  putCable: async () => undefined,
  cutPower: async () => undefined,
  restorePower: async () => undefined,
  holdPairingKey: async () => undefined,
  readCode: async () => "",
  sees: async () => false,
};
