/** Something that will be called once, unless it is cancelled. */
export interface Timer {
  cancel(): void;
}

/** The time by which a pad, its line, its citizens and its faults live: that of this machine, or a virtual one that runs as fast as it can. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back when at least that many milliseconds have passed; calls due at the same moment come in the order in which they were asked for. */
  after(ms: number, call: () => void): Timer;
}

/** The time of this machine. */
export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, call) {
    if (ms <= 0) {
      const turn = setImmediate(call);
      return { cancel: () => clearImmediate(turn) };
    }
    const timer = setTimeout(call, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
