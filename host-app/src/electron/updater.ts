import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { readIfPresent, replaceFile } from "../core/config/durable-file.ts";
import type { CoreHealth } from "./core-link.ts";
import { checkRelease } from "./signed-release.ts";
import { RESTING, type UpdateFacts, type UpdateInput, type UpdateState, updateStep } from "./update-plan.ts";
import { goBack, type Trial, type TrialStep, trialAtStart, trialSchema } from "./update-trial.ts";

/** Where releases come from and how one is put in; electron-updater is behind it. */
export interface ReleaseFeed {
  /** What is offered; null if nothing is. */
  check(): Promise<{ readonly version: string; readonly sha512: readonly string[] } | null>;
  /** release.json and its signature. */
  manifest(): Promise<{ readonly bytes: Buffer; readonly signature: string }>;
  /** @returns the installer that was fetched, whose hash was checked */
  fetch(): Promise<string>;
  /** Ends this program, puts the release in and starts it. */
  install(): void;
  /** The same with an installer that was kept. */
  installKept(installer: string): void;
}

export interface UpdaterOptions {
  readonly feed: ReleaseFeed;
  readonly keys: readonly string[];
  /** `18:00` */
  readonly closing: string;
  readonly version: string;
  /** Holds trial.json and the installers of this version and the one before. */
  readonly folder: string;
  readonly health: () => CoreHealth | null;
  /** The core is ready, or another one is, and a screen is shown. */
  readonly isHealthy: () => boolean;
  readonly changed: () => void;
  readonly now: () => Date;
  readonly timers: { setInterval(act: () => void, ms: number): unknown; clearInterval(timer: unknown): void };
}

const TICK_MS = 60_000;

/** Looks for releases, takes them in the order of the hall, installs them after closing, and goes back from one that does not work. */
export class Updater {
  readonly #options: UpdaterOptions;
  readonly #timer: unknown;
  #state: UpdateState = RESTING;
  #trial: TrialStep;
  #trouble: string | null = null;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#trial = trialAtStart(this.#readTrial(), options.version, options.now().getTime());
    this.#obey();
    this.#timer = options.timers.setInterval(() => this.tick(), TICK_MS);
  }

  /** For people; null: nothing to tell. */
  get text(): string | null {
    if (this.#trial.is === "watch") return `新版本试运行 Version ${this.#trial.trial.to} on trial`;
    if (this.#trial.is === "no-way-back") return "新版本异常且无法退回 The new version does not work, and the one before was not kept";
    if (this.#state.is === "ready") return `下班后更新 Version ${this.#state.release.version} after closing`;
    return this.#trouble;
  }

  stop(): void {
    this.#options.timers.clearInterval(this.#timer);
  }

  tick(): void {
    if (this.#trial.is === "watch") return this.#watch(this.#trial);
    this.#step({ is: "tick", facts: this.#facts() });
  }

  #watch({ trial, untilMs }: Extract<TrialStep, { is: "watch" }>): void {
    if (this.#options.isHealthy()) this.#trial = { is: "over" };
    else if (this.#options.now().getTime() >= untilMs) this.#trial = goBack(trial);
    this.#obey();
    this.#options.changed();
  }

  #obey(): void {
    const { folder, feed } = this.#options;
    const step = this.#trial;
    if (step.is === "watch") replaceFile(path.join(folder, "trial.json"), JSON.stringify(step.trial));
    else rmSync(path.join(folder, "trial.json"), { force: true });
    if (step.is === "go-back") feed.installKept(step.installer);
  }

  #step(input: UpdateInput): void {
    const { state, effect } = updateStep(this.#state, input);
    this.#state = state;
    this.#options.changed();
    if (effect === null) return;
    const work = effect === "check" ? this.#check() : effect === "fetch" ? this.#fetch() : this.#install();
    work.catch((error: Error) => {
      this.#trouble = `更新失败 Update failed: ${error.message}`;
      this.#step({ is: "failed", facts: this.#facts() });
    });
  }

  async #check(): Promise<void> {
    const { feed, keys } = this.#options;
    const offered = await feed.check();
    if (offered === null) return;
    const { bytes, signature } = await feed.manifest();
    const checked = checkRelease(bytes, signature, keys, offered);
    if (checked.is === "refused") throw new Error(checked.because);
    this.#trouble = null;
    this.#step({ is: "found", release: checked.release, facts: this.#facts() });
  }

  async #fetch(): Promise<void> {
    const installer = await this.#options.feed.fetch();
    if (this.#state.is !== "fetching") return;
    const { version } = this.#state.release;
    copyFileSync(installer, path.join(this.#options.folder, `${version}${path.extname(installer)}`));
    this.#step({ is: "fetched" });
  }

  async #install(): Promise<void> {
    const { version: from, folder, feed, now } = this.#options;
    if (this.#state.is !== "installing") return;
    const { version: to } = this.#state.release;
    const kept = readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+\./.test(name));
    for (const name of kept) if (!name.startsWith(`${from}.`) && !name.startsWith(`${to}.`)) rmSync(path.join(folder, name));
    const back = kept.find((name) => name.startsWith(`${from}.`));
    const trial: Trial = { from, to, back: back === undefined ? null : path.join(folder, back), starts: 0, sinceMs: now().getTime() };
    replaceFile(path.join(folder, "trial.json"), JSON.stringify(trial));
    feed.install();
  }

  #facts(): UpdateFacts {
    const { closing, version, health, now } = this.#options;
    const at = now();
    const [hours = 0, minutes = 0] = closing.split(":").map(Number);
    const known = health();
    return {
      nowMs: at.getTime(),
      minuteOfDay: at.getHours() * 60 + at.getMinutes(),
      closingMinute: hours * 60 + minutes,
      version,
      windowPcId: known?.windowPcId ?? null,
      waiting: known?.waiting ?? null,
      isBusy: known?.isBusy ?? true,
    };
  }

  #readTrial(): Trial | null {
    try {
      const text = readIfPresent(path.join(this.#options.folder, "trial.json"));
      return text === null ? null : trialSchema.parse(JSON.parse(text));
    } catch {
      // Whoever wrote half of it did not install anything.
      return null;
    }
  }
}
