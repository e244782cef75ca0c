import { describe, expect, test } from "vitest";
import type { TrafficFrame } from "../../../../core/traffic/traffic-shape.ts";
import { TrafficLog } from "./traffic-log.ts";

const frame = (no: number, windowNo = "12"): TrafficFrame => ({
  ...{ no, windowNo, atMs: no, direction: "in", is: "frame", type: "pong" },
  ...{ fields: [], hides: null, header: null, bytes: 1, hex: "" },
});
const many = (from: number, count: number, windowNo?: string): TrafficFrame[] =>
  Array.from({ length: count }, (_, index) => frame(from + index, windowNo));

describe("The page's log of traffic", () => {
  test("keeps the newest five hundred frames of each window", () => {
    const log = new TrafficLog();
    log.hear({ frames: many(1, 3, "13"), dropped: 0 });
    for (let batch = 0; batch < 8; batch++) log.hear({ frames: many(4 + batch * 100, 100), dropped: 7 });
    const { frames, dropped } = log.snapshot();
    expect([frames.length, dropped]).toEqual([503, 7]);
    expect(frames.map(({ no }) => no).slice(0, 4)).toEqual([1, 2, 3, 304]);
    expect(frames.at(-1)?.no).toBe(803);
  });

  test("stands still while it is paused, counts what comes, and shows it when it goes on", () => {
    const log = new TrafficLog();
    let told = 0;
    log.subscribe(() => told++);
    log.hear({ frames: many(1, 2), dropped: 0 });
    log.pause(true);
    log.hear({ frames: many(3, 5), dropped: 0 });
    expect(log.snapshot()).toMatchObject({ isPaused: true, news: 5, frames: [{ no: 1 }, { no: 2 }] });
    log.pause(false);
    expect(log.snapshot()).toMatchObject({ isPaused: false, news: 0 });
    expect(log.snapshot().frames.length).toBe(7);
    log.clear();
    expect(log.snapshot().frames).toEqual([]);
    expect(told).toBe(5);
  });
});
