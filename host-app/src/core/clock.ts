import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Moment } from "@window-rating/protocol/rating";

/** Every time this program knows comes from here, so that a test can own it (I11). */
export interface Clock {
  /** Wall clock, Unix milliseconds; may be wrong and may jump. */
  wallMs(): number;
  /** Milliseconds since some fixed moment of this boot; never steps back. */
  monotonicMs(): number;
  readonly bootId: string;
}

export const momentOf = (clock: Clock): Moment => ({
  wallMs: clock.wallMs(),
  monotonicMs: Math.round(clock.monotonicMs()),
  bootId: clock.bootId,
});

const readBootId = (): string => {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    // Elsewhere than on Linux a boot is not told apart from a restart of this program: safe, since only the order within one is used.
    return randomUUID();
  }
};

/** The clock of this machine. `monotonicMs` counts from the boot on Linux, so that it is comparable after a restart of this program. */
export const systemClock = (): Clock => ({
  wallMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  bootId: readBootId(),
});
