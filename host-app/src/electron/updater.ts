import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../core/config/durable-file.ts";
import type { CoreHealth } from "./core-link.ts";
import { checkRelease } from "./signed-release.ts";
import { isNewer, RESTING, type UpdateFacts, type UpdateInput, type UpdateState, updateStep } from "./update-plan.ts";
import { goBack, type Trial, type TrialStep, trialAtStart, trialSchema } from "./update-trial.ts";

/** Where releases come from and how one is put in; electron-updater is behind it. */
export interface ReleaseFeed {
  /** What is offered; null if nothing is. */
  check(): Promise<{ readonly version: string; readonly sha512: readonly string[] } | null>;
  /** release.json and its signature. */
  manifest(): Promise<{ readonly bytes: Buffer; readonly signature: string }>;
  /** @returns the installer that was fetched, whose hash was checked */
  fetch(): Promise<string>;
  /**
   * Puts a release in place of this program, which it ends.
   * @param file an installer or AppImage of any version
   * @throws Error if it could not; this program goes on
   */
  install(file: string): Promise<void>;
}

export interface UpdaterOptions {
  readonly feed: ReleaseFeed;
  readonly keys: readonly string[];
  /** `18:00` */
  readonly closing: string;
  readonly version: string;
  /** Holds trial.json, refused.json and the installers of this version and the one before. */
  readonly folder: string;
  readonly health: () => CoreHealth | null;
  /** The core is ready, or another one is, and a screen is shown. */
  readonly isHealthy: () => boolean;
  readonly changed: () => void;
  readonly now: () => Date;
  readonly timers: { setInterval(act: () => void, ms: number): unknown; clearInterval(timer: unknown): void };
}

const TICK_MS = 60_000;
const refusedSchema = z.array(z.string());

/** Looks for releases, takes them in the order of the hall, installs them after closing, and goes back from one that does not work. */
export class Updater {
  readonly #options: UpdaterOptions;
  readonly #timer: unknown;
  #state: UpdateState = RESTING;
  #trial: TrialStep;
  #trouble: string | null = null;
  /** Versions that did not work on this PC: none of them is taken again. */
  #refused: readonly string[];

  constructor(options: UpdaterOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#refused = this.#read("refused.json", refusedSchema) ?? [];
    this.#trial = trialAtStart(this.#read("trial.json", trialSchema), options.version, options.now().getTime());
    this.#obey();
    this.#timer = options.timers.setInterval(() => this.tick(), TICK_MS);
  }

  /** For people; null: nothing to tell. */
  get text(): string | null {
    if (this.#trial.is === "watch") return `新版本试运行 Version ${this.#trial.trial.to} on trial`;
    if (this.#trial.is === "no-way-back") return "新版本异常且无法退回 The new version does not work, and the one before was not kept";
    if (this.#state.is === "ready") return `下班后更新 Version ${this.#state.release.version} after closing`;
    if (this.#trouble !== null) return this.#trouble;
    const last = this.#refused.at(-1);
    return last === undefined || !isNewer(last, this.#options.version)
      ? null
      : `版本 ${last} 在本机异常，不再安装 Version ${last} did not work here and is not taken again`;
  }

  stop(): void {
    this.#options.timers.clearInterval(this.#timer);
  }

  tick(): void {
    if (this.#trial.is === "watch") return this.#watch(this.#trial);
    if (this.#trial.is !== "go-back") this.#step({ is: "tick", facts: this.#facts() });
  }

  #watch({ trial, untilMs }: Extract<TrialStep, { is: "watch" }>): void {
    if (this.#options.isHealthy()) this.#trial = { is: "over" };
    else if (this.#options.now().getTime() >= untilMs) this.#trial = goBack(trial);
    this.#obey();
    this.#options.changed();
  }

  #obey(): void {
    const step = this.#trial;
    if (step.is === "watch") this.#keep("trial.json", step.trial);
    else if (step.is === "go-back") void this.#goBack(step);
    else this.#drop("trial.json");
  }

  /** The trial is kept until the version before is sure to come: a way back that failed is tried again at the next start. */
  async #goBack({ from, installer }: Extract<TrialStep, { is: "go-back" }>): Promise<void> {
    try {
      this.#refused = [...this.#refused.filter((version) => version !== from), from];
      this.#keep("refused.json", this.#refused);
      await this.#options.feed.install(installer);
      this.#drop("trial.json");
    } catch (error) {
      this.#trial = { is: "over" };
      this.#trouble = `无法退回 The version before could not be put back: ${(error as Error).message}`;
      this.#options.changed();
    }
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
    const [back = null, next] = [from, to].map((version) => kept.find((name) => name.startsWith(`${version}.`)));
    if (next === undefined) throw new Error(`the installer of ${to} is gone`);
    const trial: Trial = { from, to, back: back && path.join(folder, back), starts: 0, sinceMs: now().getTime() };
    this.#keep("trial.json", trial);
    try {
      await feed.install(path.join(folder, next));
    } catch (error) {
      this.#drop("trial.json");
      throw error;
    }
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
      refused: this.#refused,
    };
  }

  #keep(name: string, content: unknown): void {
    replaceFile(path.join(this.#options.folder, name), JSON.stringify(content));
  }

  #drop(name: string): void {
    rmSync(path.join(this.#options.folder, name), { force: true });
  }

  #read<Content>(name: string, schema: z.ZodType<Content>): Content | null {
    try {
      const text = readIfPresent(path.join(this.#options.folder, name));
      return text === null ? null : schema.parse(JSON.parse(text));
    } catch {
      // Whoever wrote half of it did not install anything.
      return null;
    }
  }
}
