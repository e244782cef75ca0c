import { WindowRatingError } from "@window-rating/protocol/error";
import type { TrialPart } from "./trial-parts.ts";

/** Why a trial is over: its time, a person, a citizen who is asked to rate, the pad that went away, or one that does not do it. */
export type TrialEnd = "time" | "stopped" | "rating" | "lost" | "refused";

export interface TrialState {
  readonly is: TrialPart;
  /** Counts the trials of this line: a page that saw another one before begins anew. */
  readonly number: number;
  readonly remainingMs: number;
  /** Keys that are down now, by name. */
  readonly down: readonly string[];
  /** How often each key was pressed since the trial began, by name. */
  readonly presses: Readonly<Record<string, number>>;
  /** What the pad itself found. */
  readonly found: { readonly outcome: "passed" | "failed" | "toBeSeen"; readonly detail: string } | null;
  /** null: it goes on. */
  readonly ended: TrialEnd | null;
}

/** How a line tries its pad. While no trial goes on it is told nothing and costs nothing. */
export interface TrialLine {
  /** What can be tried of the pad that is there; empty if none is. */
  parts(): readonly TrialPart[];
  /**
   * Begins; told is what the pad does until `stop` of the answer is called.
   * @returns undefined if the pad is away
   */
  begin(part: TrialPart, durationMs: number, told: TrialReports): { stop(): void } | undefined;
}

/** What a line tells of a trial that goes on. No press of it is ever a rating. */
export interface TrialReports {
  /** A press, of a pad that tells no more of it. */
  pressed(key: string): void;
  /** All keys that are down now. */
  down(keys: readonly string[]): void;
  found(outcome: "passed" | "failed" | "toBeSeen", detail: string): void;
  over(why: TrialEnd): void;
}

/** So long each of them goes on, milliseconds. */
const DURATION_MS: Readonly<Record<TrialPart, number>> = {
  identify: 30_000,
  lamps: 20_000,
  keys: 60_000,
  voice: 4000,
  screen: 20_000,
  beep: 1000,
  stars: 5000,
};

export interface PadTrialOptions {
  readonly line: TrialLine;
  /** A citizen is asked to rate, or will be as soon as the pad is back. */
  readonly isAsking: () => boolean;
  readonly now: () => number;
  readonly changed: () => void;
}

/** The trials of one window's pad, one at a time. */
export class PadTrial {
  readonly #options: PadTrialOptions;
  #state: Omit<TrialState, "remainingMs"> | undefined;
  #until = 0;
  #stop: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #number = 0;

  constructor(options: PadTrialOptions) {
    this.#options = options;
  }

  /** The one that goes on, or the last one; null: there was none. */
  get state(): TrialState | null {
    if (this.#state === undefined) return null;
    const remainingMs = this.#state.ended === null ? Math.max(0, Math.round(this.#until - this.#options.now())) : 0;
    return { ...this.#state, remainingMs };
  }

  get parts(): readonly TrialPart[] {
    return this.#options.line.parts();
  }

  /** Begins one, in the place of another. @throws WR1050, WR1051, WR1052 */
  begin(part: TrialPart): void {
    const { line, isAsking, now } = this.#options;
    if (isAsking()) throw new WindowRatingError("WR1050", "a citizen is asked to rate, or will be as soon as the pad shows it");
    const parts = line.parts();
    if (parts.length === 0) throw new WindowRatingError("WR1052", "no pad answers here that may be used");
    if (!parts.includes(part)) throw new WindowRatingError("WR1051", `${part}; it can do ${parts.join(", ")}`);
    this.#end("stopped");
    const durationMs = DURATION_MS[part];
    this.#state = { is: part, number: ++this.#number, down: [], presses: {}, found: null, ended: null };
    this.#until = now() + durationMs;
    const begun = line.begin(part, durationMs, {
      pressed: (key) => this.#count([key]),
      down: (keys) => this.#down(keys),
      found: (outcome, detail) => this.#change({ found: { outcome, detail } }),
      over: (why) => this.#end(why),
    });
    if (begun === undefined) {
      this.#state = undefined;
      throw new WindowRatingError("WR1052", "the pad has just gone away");
    }
    this.#stop = () => begun.stop();
    this.#timer = setTimeout(() => this.#end("time"), durationMs).unref();
    this.#options.changed();
  }

  /** Does nothing where none goes on. */
  end(): void {
    this.#end("stopped");
  }

  #end(why: TrialEnd): void {
    if (this.#state === undefined || this.#state.ended !== null) return;
    clearTimeout(this.#timer);
    const stop = this.#stop;
    this.#stop = undefined;
    this.#change({ ended: why, down: [] });
    stop?.();
  }

  #down(keys: readonly string[]): void {
    const before = this.#state?.down ?? [];
    this.#change({ down: keys });
    this.#count(keys.filter((key) => !before.includes(key)));
  }

  #count(keys: readonly string[]): void {
    const presses = { ...this.#state?.presses };
    for (const key of keys) presses[key] = (presses[key] ?? 0) + 1;
    this.#change({ presses });
  }

  #change(changes: Partial<TrialState>): void {
    if (this.#state === undefined) return;
    this.#state = { ...this.#state, ...changes };
    this.#options.changed();
  }
}
