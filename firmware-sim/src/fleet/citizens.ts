import type { Clock } from "../clock/clock.ts";
import type { KeyNo, PadControls } from "../face.ts";
import { between } from "../faults/seeded-random.ts";

/** How citizens behave before a pad; shares are probabilities. */
export interface Habits {
  /** From the invitation to the first finger, milliseconds; half of them are faster than the median. */
  readonly reaction: { readonly medianMs: number; readonly atMostMs: number };
  /** Leave without a rating. */
  readonly walkAway: number;
  /** Touch a key too shortly first. */
  readonly tap: number;
  /** Press their key a second time. */
  readonly twice: number;
  /** Press another key after the one that counted. */
  readonly regret: number;
  /** Press two keys in the same moment, then one. */
  readonly twoKeys: number;
}

/** Citizens as they come to a hall. */
export const RANDOM_HABITS: Habits = {
  reaction: { medianMs: 3000, atMostMs: 25_000 },
  walkAway: 0.08,
  tap: 0.03,
  twice: 0.05,
  regret: 0.02,
  twoKeys: 0.01,
};

/** Citizens of a load test: every invitation is answered, once and soon. */
export const KEEN_HABITS: Habits = { reaction: { medianMs: 600, atMostMs: 2000 }, walkAway: 0, tap: 0, twice: 0, regret: 0, twoKeys: 0 };

/** A finger on a key, and what the citizen saw. */
export interface Press {
  readonly key: KeyNo;
  readonly requestId: string;
}

export interface CitizenOptions {
  readonly pad: PadControls;
  readonly clock: Clock;
  /** 0 ≤ number < 1. */
  readonly random: () => number;
  readonly habits: Habits;
  /** No rating comes sooner than this after the one before, milliseconds. */
  readonly everyMs?: number;
  readonly onPress?: (press: Press) => void;
}

/** How often each level is meant, level 1 first: most people are content. */
const LEVEL_SHARES = [0.02, 0.02, 0.05, 0.16, 0.75] as const;

/** The citizens who come to one pad, one after the other. They see what a citizen sees, and do nothing but move fingers. */
export class Citizens {
  readonly #options: CitizenOptions;
  readonly #unlisten: () => void;
  #shown: string | null = null;
  #isOver = false;
  #pressedAt = Number.NEGATIVE_INFINITY;

  constructor(options: CitizenOptions) {
    this.#options = options;
    this.#unlisten = options.pad.onChange(() => this.#look());
    this.#look();
  }

  stop(): void {
    this.#isOver = true;
    this.#unlisten();
  }

  #look(): void {
    const { pad, clock, random, habits, everyMs = 0 } = this.#options;
    const shown = invitationOf(pad);
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (shown === null || random() < habits.walkAway) return;
    const pace = this.#pressedAt + everyMs - clock.now();
    this.#after(Math.max(this.#reaction(), pace), () => {
      // Somebody who finds the lamps out, or lit for the next one, goes.
      if (invitationOf(pad) === shown) this.#act(shown);
    });
  }

  /** Log-normal: many are quick, a few take their time. */
  #reaction(): number {
    const { random, habits } = this.#options;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(habits.reaction.atMostMs, habits.reaction.medianMs * Math.exp(0.6 * normal));
  }

  #act(requestId: string): void {
    const { random, habits, clock } = this.#options;
    this.#pressedAt = clock.now();
    const key = this.#level();
    const other = ((key % 5) + 1) as KeyNo;
    const does = (share: number): boolean => random() < share;
    let start = 0;
    if (does(habits.tap)) {
      this.#press(key, requestId, 0, between(random, 3, 20));
      start = between(random, 200, 500);
    }
    if (does(habits.twoKeys)) {
      const downMs = between(random, 60, 200);
      this.#press(key, requestId, start, downMs);
      this.#press(other, requestId, start, downMs);
      start += downMs + between(random, 200, 500);
    }
    const downMs = between(random, 60, 250);
    this.#press(key, requestId, start, downMs);
    const after = start + downMs;
    if (does(habits.twice)) this.#press(key, requestId, after + between(random, 100, 400), between(random, 60, 250));
    else if (does(habits.regret)) this.#press(other, requestId, after + between(random, 200, 800), between(random, 60, 250));
  }

  #press(key: KeyNo, requestId: string, atMs: number, downMs: number): void {
    const { pad, onPress } = this.#options;
    this.#after(atMs, () => {
      onPress?.({ key, requestId: pad.face.requestId ?? requestId });
      pad.keyDown(key);
      this.#options.clock.after(downMs, () => pad.keyUp(key));
    });
  }

  #after(ms: number, call: () => void): void {
    this.#options.clock.after(ms, () => {
      if (!this.#isOver) call();
    });
  }

  #level(): KeyNo {
    let left = this.#options.random();
    for (const [index, share] of LEVEL_SHARES.entries()) {
      left -= share;
      if (left < 0) return (index + 1) as KeyNo;
    }
    return 5;
  }
}

const invitationOf = ({ face: { phase, requestId } }: PadControls): string | null => (phase === "inviting" ? requestId : null);
