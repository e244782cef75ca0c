import type { BenchControls } from "../bench-controls.ts";
import type { FaultPlan, Mishap } from "./fault-plan.ts";
import { between } from "./seeded-random.ts";

/** Lets the pad suffer the plan's mishaps, each kind by its own timetable. @returns stops them, and ends those under way but a power cut, which ends by itself */
export const startMishaps = (plan: FaultPlan, pad: BenchControls, random: () => number): (() => void) => {
  const stops = [
    recur(plan.unplug, random, () => {
      pad.unplug();
      return () => pad.plug();
    }),
    recur(plan.silent, random, () => {
      pad.setSilent(true);
      return () => pad.setSilent(false);
    }),
    recur(plan.powerCut, random, (forMs) => {
      pad.powerCut(forMs);
      return () => {};
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

/** @param begin makes it happen; its result ends it */
const recur = (mishap: Mishap | undefined, random: () => number, begin: (forMs: number) => () => void): (() => void) => {
  if (mishap === undefined) return () => {};
  const { everyMs, forMs } = mishap;
  let end = () => {};
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(happen, between(random, everyMs / 2, everyMs * 1.5));
  };
  const happen = (): void => {
    const duration = between(random, ...forMs);
    const over = begin(duration);
    end = () => {
      end = () => {};
      over();
    };
    timer = setTimeout(() => {
      end();
      wait();
    }, duration);
  };
  wait();
  return () => {
    clearTimeout(timer);
    end();
  };
};
