import type { BenchControls } from "../bench-controls.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { FaultPlan, Mishap } from "./fault-plan.ts";
import { between } from "./seeded-random.ts";

/** Lets the pad suffer the plan's mishaps, each kind by its own timetable. @returns stops them, and ends those under way but a power cut, which ends by itself */
export const startMishaps = (plan: FaultPlan, pad: BenchControls, random: () => number, clock: Clock): (() => void) => {
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
    recur(lasting(plan.hangConnection, 0), () => {
      pad.hangConnection();
      return () => {};
    }),
    recur(lasting(plan.brownOut, (plan.brownOut?.times ?? 0) * DIP_EVERY_MS), (forMs) => {
      const dips = Array.from({ length: Math.round(forMs / DIP_EVERY_MS) }, (_, dip) => {
        const offMs = between(random, ...DIP_MS);
        return clock.after(dip * DIP_EVERY_MS, () => pad.powerCut(offMs));
      });
      return () => {
        for (const dip of dips) dip.cancel();
      };
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

/** A brown-out: the power fails this often, for so long each time; the firmware gets as far as its first messages in between. */
const DIP_EVERY_MS = 300;
const DIP_MS = [20, 200] as const;

const lasting = (mishap: { readonly everyMs: number } | undefined, forMs: number): Mishap | undefined =>
  mishap && { everyMs: mishap.everyMs, forMs: [forMs, forMs] };

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
