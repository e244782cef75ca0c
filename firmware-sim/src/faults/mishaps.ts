import type { BenchControls } from "../bench-controls.ts";
import { type Clock, realClock, type Timer } from "../clock/clock.ts";
import type { FaultPlan, Mishap } from "./fault-plan.ts";
import { between } from "./seeded-random.ts";

/** Lets the pad suffer the plan's mishaps, each kind by its own timetable. @returns stops them, and ends those under way but a power cut, which ends by itself */
export const startMishaps = (plan: FaultPlan, pad: BenchControls, random: () => number, clock: Clock = realClock): (() => void) => {
  const recur = recurring(random, clock);
  const stops = [
    recur(plan.unplug, () => {
      pad.unplug();
      return () => pad.plug();
    }),
    recur(plan.silent, () => {
      pad.setSilent(true);
      return () => pad.setSilent(false);
    }),
    recur(plan.powerCut, (forMs) => {
      pad.powerCut(forMs);
      return () => {};
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

/** @param begin makes it happen; its result ends it */
const recurring =
  (random: () => number, clock: Clock) =>
  (mishap: Mishap | undefined, begin: (forMs: number) => () => void): (() => void) => {
    if (mishap === undefined) return () => {};
    const { everyMs, forMs } = mishap;
    let end = () => {};
    let timer: Timer | undefined;
    const wait = (): void => {
      timer = clock.after(between(random, everyMs / 2, everyMs * 1.5), happen);
    };
    const happen = (): void => {
      const duration = between(random, ...forMs);
      const over = begin(duration);
      end = () => {
        end = () => {};
        over();
      };
      timer = clock.after(duration, () => {
        end();
        wait();
      });
    };
    wait();
    return () => {
      timer?.cancel();
      end();
    };
  };
