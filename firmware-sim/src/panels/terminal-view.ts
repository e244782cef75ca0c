import type { LampState } from "../face.ts";
import { apart, centred, left } from "./columns.ts";
import type { KeyView, OtherKeyView, PanelView, Words } from "./view.ts";

const CELL = 12;
const OTHER_CELL = 24;
/** Five keys of 12 columns between borders, and a blank between two of them. */
const ROW_WIDTH = 5 * (CELL + 2) + 4;

/** A lamp as a shape: what is lit differs from what is not, and one chosen from both, without any colour. */
const SHAPES: Readonly<Record<LampState, { mark: string; edge: string; side: string; colour: string }>> = {
  off: { mark: "( )", edge: "-", side: "|", colour: "" },
  invite: { mark: "<?>", edge: "=", side: "|", colour: "\x1b[1;33m" },
  chosen: { mark: "[*]", edge: "#", side: "#", colour: "\x1b[1;36m" },
  thanks: { mark: "\\o/", edge: "~", side: "|", colour: "\x1b[1;32m" },
  fault: { mark: ">!<", edge: "x", side: "x", colour: "\x1b[1;31m" },
  blink: { mark: ")o(", edge: ":", side: ":", colour: "\x1b[1;35m" },
  code: { mark: "(@)", edge: "=", side: "|", colour: "\x1b[1;34m" },
};

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
}

/** The pad as lines of at most `columns` columns and at most `rows` lines. */
export const drawPad = (view: PanelView, { columns: wide, rows, colour }: TerminalSize): readonly string[] => {
  const width = Math.max(20, Math.min(wide, ROW_WIDTH));
  const paint = (text: string, lamp: LampState): string =>
    colour && SHAPES[lamp].colour !== "" ? `${SHAPES[lamp].colour}${text}\x1b[0m` : text;
  const isWide = wide >= ROW_WIDTH;
  const title = `评价器 ${view.model} ${view.serialNumber}`;
  const keys = isWide ? keyRow(view.keys, paint) : view.keys.map((key) => keyLine(key, width, paint));
  const remaining = remainingWords(view.remainingMs);
  const lines = [
    ...(isWide ? [apart(title, connectionMark(view), width)] : [left(title, width), left(connectionMark(view), width)]),
    "",
    apart(view.headline.zh, remaining, width),
    left(view.headline.en, width),
    "",
    ...keys,
    ...otherKeyLines(view.otherKeys, width),
    "",
    left(`语音 Voice: ${spokenWords(view.spoken)}`, width),
    left(`未存事件 Events kept: ${view.pendingEvents}`, width),
    "",
    left(`1-5${view.otherKeys.length === 0 ? "" : " a-…"} 按键 press | u 拔线/插线 unplug/plug`, width),
    left("p 断电 power cut | q 退出 quit", width),
  ];
  return lines.slice(0, Math.max(1, rows)).map((line) => line.trimEnd());
};

/** All that a panel shows in one line, for output that is not a terminal. */
export const padLine = (view: PanelView): string => {
  const lamps = view.keys.map(({ key, lamp, isDown }) => `${key}${SHAPES[lamp].mark}${isDown ? "v" : ""}`).join(" ");
  const { zh, en } = view.headline;
  return `${zh} ${en} | ${lamps} | ${connectionMark(view)} | 语音 ${spokenWords(view.spoken)} | 未存事件 ${view.pendingEvents}`;
};

const connectionMark = ({ connection }: PanelView): string =>
  `[${connection.is === "ready" ? "+" : connection.is === "waiting" ? "~" : "x"}] ${connection.zh} ${connection.en}`;

const spokenWords = (spoken: Words | null): string => (spoken === null ? "-" : `「${spoken.zh}」 ${spoken.en}`);

const remainingWords = (remainingMs: number | null): string =>
  remainingMs === null ? "" : `还剩 ${Math.ceil(remainingMs / 1000)} 秒 ${Math.ceil(remainingMs / 1000)} s left`;

type Paint = (text: string, lamp: LampState) => string;

const keyRow = (keys: readonly KeyView[], paint: Paint): string[] => {
  const row = (of: (key: KeyView) => string): string => keys.map((key) => paint(of(key), key.lamp)).join(" ");
  const inside = (of: (key: KeyView) => string) => (key: KeyView) => {
    const { side } = SHAPES[key.lamp];
    return `${side}${centred(of(key), CELL)}${side}`;
  };
  const edge = ({ lamp }: KeyView): string => `+${SHAPES[lamp].edge.repeat(CELL)}+`;
  return [
    row(edge),
    row(inside(({ key, isDown }) => (isDown ? `>${key}<` : `${key}`))),
    row(inside(({ zh }) => zh)),
    ...[0, 1].map((line) => row(inside(({ en }) => en.split(" ")[line] ?? ""))),
    row(inside(({ lamp, lampWords }) => `${SHAPES[lamp].mark} ${lampWords.zh}`)),
    row(inside(({ lampWords }) => lampWords.en)),
    row(edge),
  ];
};

/** Keys without a level: so many to a line as fit. */
const otherKeyLines = (keys: readonly OtherKeyView[], width: number): string[] => {
  const perLine = Math.max(1, Math.floor(width / OTHER_CELL));
  return keys.flatMap((_, index) => {
    if (index % perLine > 0) return [];
    const row = keys
      .slice(index, index + perLine)
      .map(({ letter, zh, en, isDown }) => `${isDown ? `>${letter}<` : ` ${letter} `} ${zh} ${en}`);
    return [left(row.map((cell) => left(cell, OTHER_CELL)).join(""), width)];
  });
};

/** One line for a key, where five do not fit side by side. */
const keyLine = ({ key, zh, lamp, lampWords, isDown }: KeyView, width: number, paint: Paint): string =>
  paint(left(`${SHAPES[lamp].mark} ${isDown ? `>${key}<` : ` ${key} `} ${left(zh, 12)} ${lampWords.zh} ${lampWords.en}`, width), lamp);
