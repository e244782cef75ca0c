import { EDGES } from "../messages/shared-shell.ts";
import type { CoreHealth } from "./core-link.ts";
import type { Edge } from "./place.ts";

export interface TrayFacts {
  readonly core: "starting" | "own" | "guest" | "told";
  /** null: not known, or not ours to know. */
  readonly health: CoreHealth | null;
  readonly edge: Edge;
  /** null: this system starts programs by itself, as its administrator has it. */
  readonly startsWithSession: boolean | null;
  /** Keys that another program has. */
  readonly takenKeys: readonly string[];
  readonly settingsTrouble: string | null;
  readonly updateText: string | null;
}

/** Told by shape: a disc, a triangle, a square. */
export type TrayShape = "well" | "attention" | "trouble";

export type TrayDeed = "show" | "keys" | "console" | "reload" | "quit";

export type TrayItem =
  | { readonly is: "text"; readonly label: string }
  | { readonly is: "line" }
  | { readonly is: "deed"; readonly deed: TrayDeed; readonly label: string }
  | { readonly is: "edge"; readonly edge: Edge; readonly label: string; readonly checked: boolean }
  | { readonly is: "autostart"; readonly label: string; readonly checked: boolean };

export interface TrayModel {
  readonly shape: TrayShape;
  readonly tip: string;
  readonly items: readonly TrayItem[];
}

const EDGE_LABELS: Readonly<Record<Edge, string>> = {
  top: "停靠在上方 Top",
  bottom: "停靠在下方 Bottom",
  left: "停靠在左侧 Left",
  right: "停靠在右侧 Right",
};

/** The icon beside the clock and its menu. Tells no level and no name. */
export const trayModel = (facts: TrayFacts): TrayModel => {
  const { shape, lines } = stateOf(facts);
  const troubles = [
    ...facts.takenKeys.map((key) => `快捷键被其他程序占用 Key taken: ${key}`),
    ...(facts.settingsTrouble === null ? [] : [`设置文件有误 ${facts.settingsTrouble}`]),
  ];
  const text = (label: string): TrayItem => ({ is: "text", label });
  return {
    shape: shape === "well" && troubles.length > 0 ? "attention" : shape,
    tip: `窗口评价 · ${lines[0] ?? ""}`.slice(0, 120),
    items: [
      ...[...lines, ...troubles, ...(facts.updateText === null ? [] : [facts.updateText])].map(text),
      { is: "line" },
      { is: "deed", deed: "show", label: "显示工作条 Show the strip" },
      { is: "deed", deed: "keys", label: "快捷键… Keys…" },
      { is: "deed", deed: "console", label: "运维 Console" },
      { is: "line" },
      ...EDGES.map((edge): TrayItem => ({ is: "edge", edge, label: EDGE_LABELS[edge], checked: edge === facts.edge })),
      ...(facts.startsWithSession === null
        ? []
        : [{ is: "autostart", label: "登录时启动 Start at log-in", checked: facts.startsWithSession } as const]),
      { is: "deed", deed: "reload", label: "重新读取设置 Read settings again" },
      { is: "line" },
      { is: "deed", deed: "quit", label: "退出 Quit" },
    ],
  };
};

const stateOf = ({ core, health }: TrayFacts): { readonly shape: TrayShape; readonly lines: readonly string[] } => {
  if (core === "starting") return { shape: "attention", lines: ["正在启动 Starting"] };
  if (core === "told") return { shape: "trouble", lines: ["评价器由其他程序管理，或程序未启动 Not the owner of the pads, or not started"] };
  if (core === "guest" || health === null) return { shape: "well", lines: ["已连接本机服务 Connected to the service of this PC"] };
  const away = health.windows.filter(({ pad }) => pad !== "ready");
  const pads =
    away.length === 0 ? "评价器已连接 Pads connected" : `评价器未连接 Pad away: ${away.map(({ windowNo }) => windowNo).join(", ")}`;
  const queue =
    health.waiting === 0 ? "全部已上传 Nothing waits for central" : `待上传 ${health.waiting} 条 ${health.waiting} wait for central`;
  const aside = health.setAside === 0 ? [] : [`中心退回 ${health.setAside} 条 ${health.setAside} refused by central`];
  const shape = away.length > 0 ? "trouble" : health.waiting > 0 || health.setAside > 0 ? "attention" : "well";
  return { shape, lines: [pads, queue, ...aside] };
};

/** Colours beside the shapes, as BGRA. */
const COLOURS: Readonly<Record<TrayShape, readonly [number, number, number]>> = {
  well: [60, 140, 20],
  attention: [0, 150, 230],
  trouble: [40, 40, 200],
};

/** @returns the icon's bitmap, BGRA, `size` × `size` */
export const trayBitmap = (shape: TrayShape, size: number): Uint8Array => {
  const pixels = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      // From −1 to 1, of the middle of each pixel.
      const [u, v] = [((x + 0.5) / size) * 2 - 1, ((y + 0.5) / size) * 2 - 1];
      if (isInside(shape, u, v)) pixels.set([...COLOURS[shape], 255], (y * size + x) * 4);
    }
  }
  return pixels;
};

const isInside = (shape: TrayShape, u: number, v: number): boolean => {
  if (shape === "well") return u * u + v * v <= 0.8;
  if (shape === "attention") return v <= 0.8 && Math.abs(u) <= (v + 0.9) * 0.55;
  return Math.max(Math.abs(u), Math.abs(v)) <= 0.8;
};
