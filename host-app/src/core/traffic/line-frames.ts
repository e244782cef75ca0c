import type { TrafficFrame } from "./traffic-shape.ts";

/** What a reader knows of a frame; the watch adds window, time and number. */
export type ReadFrame = Omit<TrafficFrame, "no" | "windowNo" | "atMs">;

/** Reads the bytes of one line, in both directions, whatever is spoken there. Never throws on bytes; what it keeps is bounded. */
export interface LineFrames {
  /** @param now monotonic milliseconds */
  push(direction: "in" | "out", bytes: Uint8Array, now: number): void;
  /** Gives up what stands half read for too long. */
  time(now: number): void;
  /** When `time` must be called, monotonic milliseconds. */
  deadline(): number | undefined;
  /** The port was opened or closed: what was begun is over. */
  reset(): void;
}
