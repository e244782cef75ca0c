import type { BenchControls } from "../bench-controls.ts";
import type { Clock } from "../clock/clock.ts";
import type { PadCondition } from "./condition.ts";
import { type FaultPlan, type LineFaults, NO_LINE_FAULTS } from "./fault-plan.ts";
import { startMishaps } from "./mishaps.ts";

type Changes = { -readonly [Name in keyof PadCondition]?: PadCondition[Name] };

/**
 * Lets the pad suffer a plan: its lasting faults from now on, its mishaps again and again.
 * @param random 0 ≤ number < 1, for the times of the mishaps
 * @returns ends all of them; what was in another condition before is so again
 */
export const startFaults = (plan: FaultPlan, pad: BenchControls, random: () => number, clock: Clock): (() => void) => {
  const changes = changesOf(plan);
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, pad.condition[name as keyof PadCondition]]));
  if (Object.keys(changes).length > 0) pad.setCondition(changes);
  const stopMishaps = startMishaps(plan, pad, random, clock);
  return () => {
    stopMishaps();
    if (Object.keys(changes).length > 0) pad.setCondition(before);
  };
};

/** What a plan says of the pad's condition; what it does not speak of is not there. */
const changesOf = (plan: FaultPlan): Changes => {
  const { toHost, toPad, stuckKey, bouncingKeys, deadLamp, fullStore, clockDrift } = plan;
  const changes: Changes = {};
  if (isBad(toHost)) changes.toHost = toHost;
  if (isBad(toPad)) changes.toPad = toPad;
  if (stuckKey !== undefined) changes.stuckKeys = [stuckKey];
  if (bouncingKeys !== undefined) changes.bounceMs = bouncingKeys;
  if (deadLamp !== undefined) changes.deadLamps = [deadLamp];
  if (fullStore !== undefined) changes.room = fullStore;
  if (clockDrift !== undefined) changes.clockRate = 1 + clockDrift;
  return changes;
};

const isBad = (line: LineFaults): boolean => JSON.stringify(line) !== JSON.stringify(NO_LINE_FAULTS);
