import { describe, expect, test } from "vitest";
import { seededRandom } from "../faults/seeded-random.ts";
import { PacedLine } from "./paced-line.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("a virtual clock", () => {
  test("stands still until it is run, and then stands where it was run to", () => {
    const clock = new VirtualClock(100);
    const log: number[] = [];
    clock.after(50, () => log.push(clock.now()));
    expect(log).toEqual([]);
    clock.run(49);
    expect([log, clock.now()]).toEqual([[], 149]);
    clock.run(1);
    expect([log, clock.now()]).toEqual([[150], 150]);
  });

  test("calls in the order of time, and of asking at the same time, also what is asked for meanwhile", () => {
    const random = seededRandom(3);
    const clock = new VirtualClock();
    const asked: [at: number, turn: number][] = [];
    const called: [at: number, turn: number][] = [];
    let turn = 0;
    const ask = (): void => {
      const entry: [number, number] = [clock.now() + Math.floor(random() * 40), turn++];
      asked.push(entry);
      clock.after(entry[0] - clock.now(), () => {
        expect(clock.now()).toBe(entry[0]);
        called.push(entry);
        if (turn < 3000) for (let more = 0; more < 2; more++) ask();
      });
    };
    for (let first = 0; first < 100; first++) ask();
    clock.run(100_000);
    expect(called).toEqual([...asked].sort(([at, one], [other, two]) => at - other || one - two));
    expect(called.length).toBeGreaterThanOrEqual(3000);
  });

  test("does not call what was cancelled", () => {
    const clock = new VirtualClock();
    const timer = clock.after(5, () => expect.unreachable());
    clock.after(4, () => timer.cancel());
    clock.run(100);
  });

  test("runs until a condition holds, says so, and calls nothing behind it", () => {
    const clock = new VirtualClock();
    const log: number[] = [];
    for (const ms of [10, 20, 30]) clock.after(ms, () => log.push(ms));
    expect(clock.runUntil(() => log.length === 2, 1000)).toBe(true);
    expect([log, clock.now()]).toEqual([[10, 20], 20]);
    expect(clock.runUntil(() => log.length === 4, 1000)).toBe(false);
  });
});

describe("a paced line", () => {
  test("carries 11,520 bytes a second at 115,200 baud, one write behind the other", () => {
    const clock = new VirtualClock();
    const arrivals: [at: number, length: number][] = [];
    const line = new PacedLine(clock, 115_200, (bytes) => arrivals.push([clock.now(), bytes.length]));
    line.carry(new Uint8Array(1152));
    line.carry(new Uint8Array(576));
    clock.run(200);
    line.carry(new Uint8Array(1152));
    clock.run(200);
    expect(arrivals).toEqual([
      [100, 1152],
      [150, 576],
      [300, 1152],
    ]);
  });

  test("that is cut loses what is on the way and carries what comes after", () => {
    const clock = new VirtualClock();
    const arrived: number[] = [];
    const line = new PacedLine(clock, 115_200, (bytes) => arrived.push(...bytes));
    line.carry(Uint8Array.of(1));
    line.cut();
    line.carry(Uint8Array.of(2));
    clock.run(10);
    expect(arrived).toEqual([2]);
  });
});
