import { keypadTargets } from "./keypad-targets.ts";
import { hostSession, padDecoder } from "./pad-targets.ts";
import { rfc2217Client } from "./rfc2217-target.ts";
import { StreamRandom } from "./stream-random.ts";
import type { StreamTarget } from "./stream-target.ts";

export const allTargets = (): readonly StreamTarget[] => [padDecoder, hostSession, ...keypadTargets(), rfc2217Client];

export interface StreamFailure {
  readonly target: string;
  /** Number of the stream, from which it can be made again. */
  readonly stream: number;
  readonly is: "crash" | "false-rating";
  readonly what: string;
}

export interface StreamOutcome {
  readonly streams: number;
  readonly byTarget: ReadonlyMap<string, number>;
  /** The first of them; there should be none. */
  readonly failures: readonly StreamFailure[];
  readonly crashes: number;
  readonly falseRatings: number;
  /** Ratings that went in and came out: the streams do carry some. */
  readonly trueRatings: number;
}

const FAILURES_KEPT = 20;

export interface StreamChoice {
  readonly seed: number;
  /** Number of the first stream. */
  readonly first?: number;
  readonly count: number;
  /** Streams that fall to other targets are left out. */
  readonly only?: readonly StreamTarget[];
}

/** Spreads neighbouring seeds and streams over all numbers. */
const mixed = (seed: number, stream: number): number => Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35);

/**
 * Reads streams `first` … `first + count − 1` of a seed, each by the target that falls to it.
 * @param onProgress called now and then with the streams done
 */
export const readStreams = (
  targets: readonly StreamTarget[],
  { seed, first = 0, count, only = targets }: StreamChoice,
  onProgress: (done: number) => void = () => {},
): StreamOutcome => {
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  const byTarget = new Map(targets.map(({ name }) => [name, 0]));
  const failures: StreamFailure[] = [];
  let [crashes, falseRatings, trueRatings] = [0, 0, 0];
  for (let stream = first; stream < first + count; stream++) {
    const random = new StreamRandom(mixed(seed, stream));
    const target = targetAt(targets, random.fraction() * shares);
    if (!only.includes(target)) continue;
    byTarget.set(target.name, (byTarget.get(target.name) ?? 0) + 1);
    let failure: StreamFailure | undefined;
    try {
      const { ratings, wrong } = target.read(random);
      trueRatings += ratings;
      if (wrong !== undefined) {
        falseRatings++;
        failure = { target: target.name, stream, is: "false-rating", what: wrong };
      }
    } catch (error) {
      crashes++;
      failure = { target: target.name, stream, is: "crash", what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    if (failure !== undefined && failures.length < FAILURES_KEPT) failures.push(failure);
    if ((stream - first + 1) % 100_000 === 0) onProgress(stream - first + 1);
  }
  return { streams: count, byTarget, failures, crashes, falseRatings, trueRatings };
};

const targetAt = (targets: readonly StreamTarget[], place: number): StreamTarget => {
  let rest = place;
  for (const target of targets) {
    rest -= target.share;
    if (rest < 0) return target;
  }
  return targets.at(-1) as StreamTarget;
};
