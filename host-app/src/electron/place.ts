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
 * Where a strip stands. Those of a PC with several windows stand one behind the other.
 * @param index of the strip, 0 at the edge
 * @param needed height that an opened form needs; null: docked. It grows away from its edge, and no further than the monitor.
 */
export const stripPlace = (edge: Edge, { workArea }: Monitor, index: number, needed: number | null): Rect => {
  const { x, y, width, height } = workArea;
  if (edge === "left" || edge === "right") {
    const wide = Math.min(DOCKED.width, width);
    const away = Math.min(index * wide, width - wide);
    return { x: edge === "left" ? x + away : x + width - wide - away, y, width: wide, height };
  }
  const away = Math.min(index * DOCKED.height, height - DOCKED.height);
  const high = Math.min(Math.max(DOCKED.height, Math.ceil(needed ?? 0)), height - away);
  return { x, y: edge === "top" ? y + away : y + height - high - away, width, height: high };
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
