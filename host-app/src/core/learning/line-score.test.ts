import { describe, expect, test } from "vitest";
import { burstsOf } from "./bursts.ts";
import { SURE_SCORE, scoreOf } from "./line-score.ts";

/** Presses half a second apart. */
const presses = (...frames: readonly (readonly number[])[]) =>
  burstsOf(frames.map((bytes, index) => ({ bytes: Uint8Array.from(bytes), atMs: index * 500 })));

/** What a UART makes of frames of 9600 bit/s when it listens at another speed: bits sampled at the wrong times. */
const misread = (frame: readonly number[], speed: number): number[] => {
  const bits = frame.flatMap((byte) => [0, ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1), 1]);
  const at = (time: number): number => bits[Math.floor(time)] ?? 1;
  const step = 9600 / speed;
  const bytes: number[] = [];
  for (let time = 0; time < bits.length; ) {
    if (at(time) === 1) {
      time += step / 4;
      continue;
    }
    bytes.push(Array.from({ length: 8 }, (_, bit) => at(time + step * (1.5 + bit)) << bit).reduce((sum, bit) => sum | bit, 0));
    time += step * 9.5;
  }
  return bytes;
};

const FRAMES: readonly (readonly [string, readonly number[]])[] = [
  ["FF 68 frames", [0xff, 0x68, 0x03, 0x03, 0x68, 0x01, 0x11, 0x02, 0x14, 0x16]],
  ["XOR frames", [0xaa, 0x55, 0x01, 0xb0, 0x01, 0xb0, 0x0d]],
  ["CRC frames", [0x02, 0x01, 0x10, 0x01, 0xec, 0x00, 0x03]],
  ["lines", [..."$KEY,A*3A\r\n"].map((character) => character.charCodeAt(0))],
  ["single bytes", ["5".charCodeAt(0)]],
];

describe.each(FRAMES)("the score of a speed for %s", (_name, frame) => {
  test("is higher at the right one than at any other", () => {
    const right = scoreOf(presses(frame, frame, frame));
    for (const speed of [1200, 2400, 4800, 19_200, 38_400, 57_600, 115_200]) {
      const seen = misread(frame, speed);
      expect(scoreOf(presses(seen, seen, seen)), `${speed} bit/s: ${seen.map((byte) => byte.toString(16)).join(" ")}`).toBeLessThan(right);
    }
  });
});

test("nothing scores nothing, and a line is sure", () => {
  expect(scoreOf([])).toBe(0);
  const line = FRAMES[3]?.[1] ?? [];
  expect(scoreOf(presses(line, line))).toBeGreaterThanOrEqual(SURE_SCORE);
});
