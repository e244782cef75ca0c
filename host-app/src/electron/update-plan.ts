import { createHash } from "node:crypto";

/** A release that was found, and whose signature is good. */
export interface Release {
  readonly version: string;
  /** Of every hundred window PCs, how many may take it yet. */
  readonly percentage: number;
}

export type UpdateState =
  | { readonly is: "resting"; readonly nextCheckMs: number }
  | { readonly is: "fetching"; readonly release: Release }
  /** On the disk, waiting for the hall to close. */
  | { readonly is: "ready"; readonly release: Release }
  | { readonly is: "installing"; readonly release: Release };

export type UpdateInput =
  | { readonly is: "tick"; readonly facts: UpdateFacts }
  | { readonly is: "found"; readonly release: Release | null; readonly facts: UpdateFacts }
  | { readonly is: "fetched" }
  | { readonly is: "failed"; readonly facts: UpdateFacts };

export interface UpdateFacts {
  readonly nowMs: number;
  /** Minutes since local midnight. */
  readonly minuteOfDay: number;
  readonly closingMinute: number;
  readonly version: string;
  /** null: not enrolled; such a PC takes a release last. */
  readonly windowPcId: string | null;
  /** Entries that central has not confirmed; null: not known. */
  readonly waiting: number | null;
  readonly isBusy: boolean;
  /** Versions that were tried on this PC and did not work. */
  readonly refused: readonly string[];
}

/** What the edge is to do. */
export type UpdateEffect = "check" | "fetch" | "install" | null;

const HOUR_MS = 3_600_000;
const CHECK_EVERY_MS = 4 * HOUR_MS;
/** Minutes after closing in which it may be installed; afterwards the PC is probably off, and the next evening comes. */
const INSTALL_WITHIN_MIN = 120;

export const RESTING: UpdateState = { is: "resting", nextCheckMs: 0 };

/** Updates without a question and without harm: when the hall has closed, nobody is served, and central has everything. */
export const updateStep = (state: UpdateState, input: UpdateInput): { readonly state: UpdateState; readonly effect: UpdateEffect } => {
  const stay = { state, effect: null } as const;
  if (input.is === "failed") return { state: { is: "resting", nextCheckMs: input.facts.nowMs + CHECK_EVERY_MS }, effect: null };
  if (input.is === "fetched") {
    return state.is === "fetching" ? { state: { is: "ready", release: state.release }, effect: null } : stay;
  }
  const { facts } = input;
  if (input.is === "found") {
    if (state.is !== "resting" || input.release === null || !isForUs(input.release, facts)) return stay;
    return { state: { is: "fetching", release: input.release }, effect: "fetch" };
  }
  if (state.is === "resting" && facts.nowMs >= state.nextCheckMs) {
    return { state: { is: "resting", nextCheckMs: facts.nowMs + CHECK_EVERY_MS }, effect: "check" };
  }
  if (state.is === "ready" && mayInstall(facts)) return { state: { is: "installing", release: state.release }, effect: "install" };
  return stay;
};

const mayInstall = ({ minuteOfDay, closingMinute, waiting, isBusy }: UpdateFacts): boolean => {
  const since = (minuteOfDay - closingMinute + 24 * 60) % (24 * 60);
  return since < INSTALL_WITHIN_MIN && waiting === 0 && !isBusy;
};

const isForUs = (release: Release, { version, windowPcId, refused }: UpdateFacts): boolean =>
  isNewer(release.version, version) && !refused.includes(release.version) && placeInLine(windowPcId, release.version) < release.percentage;

/**
 * Where a window PC stands in the line for a release, 0 to under 100: by a hash, so that every release has another order and no list
 * need be kept. A PC without a number stands last.
 */
export const placeInLine = (windowPcId: string | null, version: string): number =>
  windowPcId === null ? 99.999 : (createHash("sha256").update(`${windowPcId} ${version}`).digest().readUInt32BE(0) / 2 ** 32) * 100;

/** Versions are three numbers. What is not, is not newer: nobody is updated by a slip of the pen. */
export const isNewer = (offered: string, present: string): boolean => {
  const [a, b] = [numbersOf(offered), numbersOf(present)];
  if (a === null || b === null) return false;
  const at = a.findIndex((number, i) => number !== b[i]);
  return at !== -1 && (a[at] ?? 0) > (b[at] ?? 0);
};

const numbersOf = (version: string): number[] | null =>
  /^\d{1,5}\.\d{1,5}\.\d{1,5}$/.test(version) ? version.split(".").map(Number) : null;
