import type { BenchControls } from "../bench-controls.ts";
import { type Clock, realClock, type Timer } from "../clock/clock.ts";
import { joinPlans, planOf } from "../faults/library.ts";
import { seededRandom } from "../faults/seeded-random.ts";
import { startFaults } from "../faults/start-faults.ts";
import type { Step } from "./script.ts";

/** A script that is being played. */
export interface ScriptPlay {
  /** Settles when the last step was done, or the play was stopped. */
  readonly done: Promise<void>;
  stop(): void;
}

/** Plays a script on a pad. */
export const playScript = (steps: readonly Step[], pad: BenchControls, clock: Clock = realClock): ScriptPlay => {
  const player = new Player(pad, clock);
  return { done: player.play(steps), stop: () => player.stop() };
};

class Player {
  readonly #pad: BenchControls;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  readonly #unlisten: () => void;
  /** Invitations seen since the start, and how many of them the script has taken up. */
  #invited = 0;
  #takenUp = 0;
  #shown: string | null = null;
  #wake: () => void = () => {};
  /** Ends of presses, unplugs and silences that are still to come. */
  readonly #later = new Set<Timer>();
  /** Ends the faults that the script began and that are not over. */
  readonly #faults = new Set<() => void>();
  /** For the times of mishaps; the same at every play. */
  readonly #random = seededRandom(1);

  constructor(pad: BenchControls, clock: Clock) {
    this.#pad = pad;
    this.#clock = clock;
    this.#look();
    this.#unlisten = pad.onChange(() => this.#look());
  }

  async play(steps: readonly Step[]): Promise<void> {
    try {
      await this.#playAll(steps);
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
    } finally {
      this.#mend();
      this.#unlisten();
    }
  }

  stop(): void {
    this.#stopping.abort();
    for (const timer of this.#later) timer.cancel();
    this.#wake();
  }

  #look(): void {
    const { phase, requestId } = this.#pad.face;
    const shown = phase === "inviting" ? requestId : null;
    if (shown !== null && shown !== this.#shown) {
      this.#invited++;
      this.#wake();
    }
    this.#shown = shown;
  }

  async #playAll(steps: readonly Step[]): Promise<void> {
    let origin = this.#clock.now();
    for (const step of steps) {
      if (step.do === "repeat") {
        for (let round = 0; step.times === "forever" || round < step.times; round++) await this.#playAll(step.steps);
        origin = this.#clock.now();
      } else if (step.do === "waitForInvite") {
        await this.#invitation();
        origin = this.#clock.now();
      } else {
        if (step.at !== undefined) await this.#until(origin + step.at);
        this.#do(step);
      }
    }
  }

  /** Each invitation is taken up once; one that was shown before the script asked for it counts. */
  async #invitation(): Promise<void> {
    while (this.#takenUp >= this.#invited) await this.#sleep();
    this.#takenUp = this.#invited;
  }

  async #until(time: number): Promise<void> {
    for (let left = time - this.#clock.now(); left > 0; left = time - this.#clock.now()) await this.#sleep(left);
  }

  /** Until the time is over, an invitation comes, or the play is stopped. */
  async #sleep(ms?: number): Promise<void> {
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== undefined) timer = this.#clock.after(ms, resolve);
    });
    timer?.cancel();
    this.#stopping.signal.throwIfAborted();
  }

  /** Does a step; what ends later, ends by itself while the script goes on. */
  #do(step: Exclude<Step, { do: "repeat" | "waitForInvite" }>): void {
    const pad = this.#pad;
    switch (step.do) {
      case "press":
        pad.keyDown(step.key);
        return this.#afterwards(step.downMs, () => pad.keyUp(step.key));
      case "hold":
        return pad.keyDown(step.key);
      case "release":
        return pad.keyUp(step.key);
      case "unplug":
        pad.unplug();
        if (step.forMs !== undefined) this.#afterwards(step.forMs, () => pad.plug());
        return;
      case "plug":
        return pad.plug();
      case "powerCut":
        return pad.powerCut(step.forMs);
      case "silent":
        pad.setSilent(true);
        return this.#afterwards(step.forMs, () => pad.setSilent(false));
      case "fault":
        return this.#suffer(step);
    }
  }

  #suffer({ fault, value, forMs }: Extract<Step, { do: "fault" }>): void {
    const end = startFaults(joinPlans([planOf(fault, value)]), this.#pad, this.#random, this.#clock);
    const over = (): void => {
      if (this.#faults.delete(over)) end();
    };
    this.#faults.add(over);
    if (forMs !== undefined) this.#afterwards(forMs, over);
  }

  /** The newest first, so that each finds what it changed. */
  #mend(): void {
    for (const over of [...this.#faults].reverse()) over();
  }

  #afterwards(ms: number, undo: () => void): void {
    const timer = this.#clock.after(ms, () => {
      this.#later.delete(timer);
      undo();
    });
    this.#later.add(timer);
  }
}
