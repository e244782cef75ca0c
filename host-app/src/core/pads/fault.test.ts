import { WindowRatingError } from "@window-rating/protocol/error";
import { describe, expect, test } from "vitest";
import { diagnose, faultOf, type LineEvidence } from "./fault.ts";

const seen = (more: Partial<LineEvidence>): LineEvidence => ({
  port: "/dev/ttyUSB0",
  bytes: 0,
  frames: 0,
  badFrames: 0,
  lineErrors: 0,
  sessions: 0,
  boots: 0,
  reoffered: undefined,
  ...more,
});

describe("what was seen on a line", () => {
  test.each<[string, Partial<LineEvidence>, string, string, string]>([
    ["nothing came", {}, "cable", "WR1005", "no pad answers"],
    ["a few bytes of the moment of plugging", { bytes: 5, badFrames: 1 }, "cable", "WR1005", "no pad answers"],
    ["bytes that never make a frame", { bytes: 4000, badFrames: 30 }, "foreign", "WR3004", "not the pad protocol"],
    ["bytes without any delimiter", { bytes: 200 }, "foreign", "WR3004", "not the pad protocol"],
    ["bytes that the serial server could not read", { bytes: 90, lineErrors: 40 }, "foreign", "WR3004", "speed or parity"],
    ["a pad that knocks and never hears us", { bytes: 90, frames: 6 }, "cable", "WR1005", "does not hear this PC"],
    ["one frame of five spoilt", { bytes: 9000, frames: 400, badFrames: 100, sessions: 3 }, "cable", "WR3007", "100 bad of 500"],
    ["one frame of a hundred spoilt", { bytes: 9000, frames: 990, badFrames: 10, sessions: 1 }, "cable", "WR1006", "middle of a session"],
    ["a pad that starts again and again", { bytes: 900, frames: 40, sessions: 4, boots: 4 }, "cable", "WR3011", "4 times"],
    [
      "the same unusable event again and again",
      { bytes: 900, frames: 40, sessions: 1, reoffered: "rated: 9" },
      "firmware",
      "WR3010",
      "rated: 9",
    ],
    ["a session that ended in silence", { bytes: 900, frames: 40, sessions: 1, boots: 1 }, "cable", "WR1006", "middle of a session"],
  ])("%s is told as what it is", (_, evidence, side, code, text) => {
    const fault = diagnose(seen(evidence));
    expect([fault.side, fault.error.code]).toEqual([side, code]);
    expect(fault.error.detail).toContain(text);
  });

  test.each([
    ["WR3001", "cable"],
    ["WR3002", "host"],
    ["WR3003", "host"],
    ["WR3004", "foreign"],
    ["WR3005", "cable"],
    ["WR3008", "host"],
    ["WR3009", "host"],
    ["WR2002", "host"],
    ["WR8001", "host"],
    ["WR1004", "firmware"],
  ] as const)("%s of a port lies on the side: %s", (code, side) => {
    expect(faultOf(new WindowRatingError(code, "x")).side).toBe(side);
  });
});
