import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SeededBytes } from "../../../test/seeded-bytes.ts";
import type { Bench, Item } from "./item.ts";
import { Departure, Probe } from "./probe.ts";
import { tryItem } from "./run.ts";
import { NOBODY } from "./terminal-person.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A tester whose process stands still for so long each time it tries the item, until it fails or passes; what it was told, and how often it tried. */
const tester = (standstills: readonly number[], failures: number) => {
  let stoodStill = 0;
  const now = () => performance.now() + stoodStill;
  const probe = new Probe({
    open: async () => ({ write: () => undefined, close: async () => undefined }),
    random: new SeededBytes("run").next,
    now,
  });
  const told: string[] = [];
  const bench: Bench = { probe, person: NOBODY, isLong: false, tell: (sentence) => told.push(sentence), reopen: async () => undefined };
  let times = 0;
  const item: Item = {
    id: "C9",
    needs: [],
    async run() {
      stoodStill += standstills[times++] ?? 0;
      if (times <= failures) throw new Departure("no pong came");
    },
  };
  return { told, tried: async () => ({ outcome: await tryItem(item, bench), times }) };
};

test("an item that failed while the tester's own process stood still is begun anew, and whoever tries the pad is told why", async () => {
  const { tried, told } = tester([1200, 0], 1);
  expect(await tried()).toMatchObject({ outcome: { id: "C9", is: "passed" }, times: 2 });
  expect(told).toEqual([expect.stringContaining("C9 is begun anew: this computer stood still for 1150 ms")]);
});

test("an item that failed on a computer that went on all the time has failed", async () => {
  const { tried, told } = tester([100], 1);
  expect(await tried()).toMatchObject({ outcome: { is: "failed", why: "no pong came" }, times: 1 });
  expect(told).toEqual([]);
});

test("an item that passed is not tried again, whatever the computer did meanwhile", async () => {
  expect(await tester([5000], 0).tried()).toMatchObject({ outcome: { is: "passed" }, times: 1 });
});

test("a computer that stands still each time fails the item, and is named beside what was seen of the pad", async () => {
  const why = "no pong came; but this computer stood still for 850 ms: try again when it is idle";
  expect(await tester([700, 800, 900], 9).tried()).toMatchObject({ outcome: { is: "failed", why }, times: 3 });
});

test("an item that failed again on a computer that went on has failed", async () => {
  expect(await tester([700, 0], 9).tried()).toMatchObject({ outcome: { is: "failed", why: "no pong came" }, times: 2 });
});
