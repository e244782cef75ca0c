import type { Entry } from "@window-rating/protocol/sync";
import { describe, expect, test } from "vitest";
import type { BatchLimits } from "./outbox.ts";
import { DEFAULT_SEND_LIMITS, SendPlan } from "./send-plan.ts";
import type { Outcome } from "./verdict.ts";

const entryOf = (number: number): Entry => ({ entryId: `id-${number}`, number, previousHash: "", hash: "", signature: "", body: "{}" });
const ANSWERED: Outcome = { is: "answered" };
const FAILED: Outcome = { is: "failed", afterMs: null };

/** A plan with entries 1..count waiting and every draw in the middle, whose first greeting is done. */
const planWith = (count: number) => {
  const waiting = new Map(Array.from({ length: count }, (_, index) => [index + 1, entryOf(index + 1)]));
  const plan = new SendPlan({ ...DEFAULT_SEND_LIMITS, batch: { entries: 8, bytes: 100_000 } }, () => 0.5);
  const oldest = ({ entries }: BatchLimits) => [...waiting.values()].slice(0, entries);
  return { plan, waiting, next: (nowMs: number) => plan.next(nowMs, true, oldest) };
};

/** Sends what the plan wants until `nowMs`, to a central that fails at some entries. @returns the numbers of each try */
const play = ({ plan, waiting, next }: ReturnType<typeof planWith>, untilMs: number, failsAt: ReadonlySet<number>): number[][] => {
  const tries: number[][] = [];
  for (let nowMs = 0; nowMs < untilMs; ) {
    const step = next(nowMs);
    if (step.do === "wait") nowMs = step.untilMs;
    else if (step.do !== "send") break;
    else {
      const numbers = step.entries.map(({ number }) => number);
      const fails = numbers.some((number) => failsAt.has(number));
      tries.push(numbers);
      if (!fails) for (const number of numbers) waiting.delete(number);
      plan.conclude(fails ? FAILED : ANSWERED, step.entries, nowMs);
    }
  }
  return tries;
};

test("nobody to send to: it stops without reading the outbox", () => {
  const { plan } = planWith(3);
  const unread = () => {
    throw new Error("the outbox was read");
  };
  expect(plan.next(0, false, unread)).toEqual({ do: "stop" });
});

test("the first step greets; then, with nothing waiting, it rests", () => {
  const world = planWith(0);
  expect(world.next(0)).toEqual({ do: "send", entries: [] });
  world.plan.conclude({ is: "unreachable" }, [], 0);
  expect(world.next(0)).toEqual({ do: "wait", untilMs: 500 });
  expect(world.next(500)).toEqual({ do: "send", entries: [] });
  world.plan.conclude(ANSWERED, [], 500);
  expect(world.next(501)).toEqual({ do: "rest" });
});

describe("entries that central fails at", () => {
  test("are found by halving, and everything else passes", () => {
    const world = planWith(20);
    const tries = play(world, 3_600_000, new Set([2]));
    expect(tries.slice(0, 5)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4], [1, 2], [1], [2]]);
    expect([...world.waiting.keys()]).toEqual([2]);
    // From then on alone, about every 30 s: the middle of the window.
    const alone = tries.filter((numbers) => numbers.includes(2)).length;
    expect(alone).toBeGreaterThan(100);
    expect(alone).toBeLessThan(140);
  });

  test("however many of them are due, they have no more than every second turn", () => {
    const world = planWith(12);
    const stumbling = new Set(Array.from({ length: 12 }, (_, index) => index + 1));
    play(world, 3_600_000, stumbling);
    for (let number = 13; number <= 60; number++) world.waiting.set(number, entryOf(number));
    world.plan.poke();
    const tries: number[][] = [];
    for (let turn = 0; turn < 500 && world.waiting.size > 12; turn++) {
      const step = world.next(3_600_000);
      if (step.do !== "send") throw new Error(`unexpected ${step.do}`);
      const numbers = step.entries.map(({ number }) => number);
      tries.push(numbers);
      const fails = numbers.some((number) => stumbling.has(number));
      if (!fails) for (const number of numbers) world.waiting.delete(number);
      world.plan.conclude(fails ? { is: "timed-out" } : ANSWERED, step.entries, 3_600_000);
      if (fails) world.plan.poke();
    }
    expect([...world.waiting.keys()]).toEqual([...stumbling]);
    for (const [index, numbers] of tries.entries()) {
      if (index > 0 && numbers.some((number) => stumbling.has(number))) {
        expect(tries[index - 1]?.every((number) => !stumbling.has(number))).toBe(true);
      }
    }
  });
});
