import type { EDGES } from "../messages/shared-shell.ts";

/** A rectangle of the desktop in device-independent pixels, as Electron counts them. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What of Electron's `Display` decides. */
export interface Monitor {
  readonly id: number;
  readonly bounds: Rect;
  /** Without the task bar. */
  readonly workArea: Rect;
  readonly touchSupport: "available" | "unavailable" | "unknown";
}

export type Edge = (typeof EDGES)[number];

/** Height of the strip along the top or bottom, and its width along a side. */
const DOCKED = { height: 64, width: 320 };

/** The least of a window that must be on a monitor to be found and used. */
const SEEN = 32;

/**
 * Where the strips of a screen stand: one behind the other from its edge on, in their order. No two have a pixel in common, and all are on
 * the monitor. Along the top or bottom each is as high as it needs; where that is too much together, the highest give way first, which
 * are forms and can be scrolled; where even lines are too many, all are equally high. Along a side they are columns, and where the
 * monitor has no room for so many columns, several share one.
 * @param needed for each strip, what an opened form needs, pixels; null: docked
 */
export const stripPlaces = (edge: Edge, { workArea }: Monitor, needed: readonly (number | null)[]): readonly Rect[] =>
  edge === "left" || edge === "right" ? columns(edge, workArea, needed.length) : rows(edge, workArea, needed);

const rows = (edge: "top" | "bottom", { x, y, width, height }: Rect, needed: readonly (number | null)[]): Rect[] => {
  const heights = fitting(
    needed.map((px) => Math.max(DOCKED.height, Math.ceil(px ?? 0))),
    height,
  );
  let away = 0;
  return heights.map((high) => {
    const place = { x, y: edge === "top" ? y + away : y + height - away - high, width, height: high };
    away += high;
    return place;
  });
};

/** The heights as they are wanted; or, where those are more than there is, none higher than what is left for each of the highest. */
const fitting = (wanted: readonly number[], height: number): readonly number[] => {
  const rising = [...wanted].sort((a, b) => a - b);
  let left = height;
  for (const [index, high] of rising.entries()) {
    const share = Math.floor(left / (rising.length - index));
    if (high > share) return wanted.map((one) => Math.min(one, share));
    left -= high;
  }
  return wanted;
};

const columns = (edge: "left" | "right", { x, y, width, height }: Rect, count: number): Rect[] => {
  const wide = Math.min(DOCKED.width, width);
  const beside = Math.min(count, Math.floor(width / wide));
  const high = Math.floor(height / Math.ceil(count / beside));
  return Array.from({ length: count }, (_, index) => {
    const away = (index % beside) * wide;
    const down = Math.floor(index / beside) * high;
    return { x: edge === "left" ? x + away : x + width - wide - away, y: y + down, width: wide, height: high };
  });
};

/** The monitor of the strip: the one it was on, or else the main one, which the system names first. */
export const stripMonitor = (monitors: readonly Monitor[], primaryId: number, wantedId: number | null): Monitor | undefined =>
  monitors.find(({ id }) => id === wantedId) ?? monitors.find(({ id }) => id === primaryId) ?? monitors[0];

/** The monitor that is turned to the citizen: another than the clerk's, a touch screen rather than none. */
export const citizenMonitor = (monitors: readonly Monitor[], clerks: Monitor): Monitor | undefined => {
  const others = monitors.filter(({ id }) => id !== clerks.id);
  return others.find(({ touchSupport }) => touchSupport === "available") ?? others[0];
};

/**
 * Moves a window that a monitor was taken away from back into sight, and makes one smaller that is larger than its monitor.
 * @param monitors at least one
 */
export const clamped = (window: Rect, monitors: readonly [Monitor, ...Monitor[]]): Rect => {
  const [best] = [...monitors].sort((a, b) => shared(window, b.workArea) - shared(window, a.workArea)) as [Monitor];
  const { workArea } = shared(window, best.workArea) >= SEEN * SEEN ? best : monitors[0];
  const width = Math.min(window.width, workArea.width);
  const height = Math.min(window.height, workArea.height);
  return {
    x: between(workArea.x, window.x, workArea.x + workArea.width - width),
    y: between(workArea.y, window.y, workArea.y + workArea.height - height),
    width,
    height,
  };
};

const between = (least: number, value: number, most: number): number => Math.min(Math.max(least, value), most);

/** Area that two rectangles have in common. */
const shared = (a: Rect, b: Rect): number => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
};
