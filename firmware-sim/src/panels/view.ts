import { LEVELS } from "@window-rating/protocol/rating";
import { KEYS, type KeyNo, type LampState, NO_KEY, type PadConnection, type PadFace, type PadPhase } from "../face.ts";

/** Chinese first, English second, on every panel. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface KeyView extends Words {
  readonly key: KeyNo;
  readonly lamp: LampState;
  /** The lamp in words, so that nothing is told by colour alone. */
  readonly lampWords: Words;
  readonly isDown: boolean;
}

export interface OtherKeyView extends Words {
  readonly key: string;
  readonly letter: string;
  readonly isDown: boolean;
}

/** A pad's face in words: what every panel draws, each in its own way. */
export interface PanelView {
  /** What a citizen needs to know now. */
  readonly headline: Words;
  /** What the pad shows; without power it shows nothing. */
  readonly look: PadPhase | "dark";
  readonly keys: readonly KeyView[];
  /** Keys without a level, each with the letter that presses it at a terminal. */
  readonly otherKeys: readonly OtherKeyView[];
  readonly connection: Words & { readonly is: PadConnection };
  readonly spoken: (Words & { readonly at: number }) | null;
  readonly remainingMs: number | null;
  readonly pendingEvents: number;
  readonly model: string;
  readonly serialNumber: string;
}

/** How long the power is away when a panel cuts it, milliseconds: long enough to be seen. */
export const POWER_CUT_MS = 3000;
/** How long a panel holds a key at the least, milliseconds: a click is shorter than the debounce time of a real key. */
export const TAP_MS = 80;

const LAMP_WORDS: Readonly<Record<LampState, Words>> = {
  off: { zh: "灯灭", en: "off" },
  invite: { zh: "可按", en: "press" },
  chosen: { zh: "已选", en: "chosen" },
  thanks: { zh: "谢谢", en: "thanks" },
  fault: { zh: "故障", en: "fault" },
  blink: { zh: "识别", en: "identify" },
  code: { zh: "亮", en: "lit" },
};

const CONNECTION_WORDS: Readonly<Record<PadConnection, Words>> = {
  ready: { zh: "已连接", en: "connected" },
  waiting: { zh: "正在连接", en: "connecting" },
  unplugged: { zh: "已拔线", en: "unplugged" },
  silent: { zh: "无响应", en: "not responding" },
};

/** What is known of the line to the host; a pad without power is not connecting to anything. */
const connectionWords = ({ connection, power }: PadFace): Words =>
  power || connection === "unplugged" ? CONNECTION_WORDS[connection] : { zh: "无供电", en: "no power" };

const IDLE_HEADLINES: Readonly<Record<PadConnection, Words>> = {
  ready: { zh: "您好，办完业务后请在这里评价", en: "Hello. Please rate here when your service is done" },
  waiting: { zh: "正在连接，请稍候", en: "Connecting, please wait" },
  unplugged: { zh: "连接线已拔出", en: "The cable is unplugged" },
  silent: { zh: "评价器没有响应", en: "The pad does not respond" },
};

const PAIRING_HEADLINES = {
  code: { zh: "正在配对：请按次序在电脑上输入亮灯的键号", en: "Pairing: type the numbers of the lamps on the PC, in the order they light" },
  press: { zh: "电脑提示配对码正确后，请按 3 号键", en: "When the PC says that the code was right, press key 3" },
} as const;

/** Words from a wire, with nothing in them that steers a terminal or turns text around. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");

/** Words on the keys by level; a pad that was never told any has its own. */
const keyWords = (face: PadFace): readonly Words[] =>
  LEVELS.map(({ zh, en }, index) => {
    const label = face.labels[index] ?? "";
    return label === NO_KEY ? { zh: NO_KEY, en: NO_KEY } : { zh: printable(label) || zh, en };
  });

/** Letters for keys without a level; u, p and q do other things at a terminal. */
const LETTERS = "abcdefghijklmnorstvwxyz";

const headlineOf = (face: PadFace, words: readonly Words[]): Words => {
  if (!face.power) return { zh: "已断电", en: "No power" };
  switch (face.phase) {
    case "answering":
    case "inviting":
      return { zh: "请按一个键，评价本次服务", en: "Please press one key to rate this service" };
    case "chosen": {
      const chosen = words[face.lamps.indexOf("chosen")];
      return chosen ? { zh: `您选择了：${chosen.zh}`, en: `You chose: ${chosen.en}` } : { zh: "已选择", en: "Chosen" };
    }
    case "thanks":
      return { zh: "谢谢您的评价！", en: "Thank you for your rating!" };
    case "fault":
      return { zh: "评价器故障，请告诉工作人员", en: "Out of order. Please tell the clerk" };
    case "paused":
      return { zh: "暂停服务", en: "Service paused" };
    case "testing":
      return { zh: "正在试用这台评价器，按键不计入评价", en: "This pad is being tested; keys choose nothing" };
    case "pairing":
      return PAIRING_HEADLINES[face.pairing?.is === "press" ? "press" : "code"];
    case "idle":
      return face.lamps.includes("blink") ? { zh: "正在识别这台评价器", en: "Identifying this pad" } : IDLE_HEADLINES[face.connection];
  }
};

export const viewOf = (face: PadFace): PanelView => {
  const words = keyWords(face);
  return {
    headline: headlineOf(face, words),
    look: face.power ? face.phase : "dark",
    keys: KEYS.map((key) => {
      const lamp = face.lamps[key - 1] ?? "off";
      const { zh, en } = words[key - 1] ?? { zh: "", en: "" };
      return { key, zh, en, lamp, lampWords: LAMP_WORDS[lamp], isDown: face.keysDown[key - 1] ?? false };
    }),
    otherKeys: (face.otherKeys ?? [])
      .slice(0, LETTERS.length)
      .map(({ key, zh, en, isDown }, index) => ({ key, letter: LETTERS[index] ?? "", zh: printable(zh), en: printable(en), isDown })),
    connection: { is: face.connection, ...connectionWords(face) },
    spoken: face.spoken && { zh: printable(face.spoken.zh), en: printable(face.spoken.en), at: face.spoken.at },
    remainingMs: face.remainingMs,
    pendingEvents: face.pendingEvents,
    model: printable(face.model),
    serialNumber: printable(face.serialNumber),
  };
};
