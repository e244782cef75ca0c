import type { StreamRandom } from "./stream-random.ts";

/** What came of one stream. */
export interface StreamReading {
  /** Ratings that came out, and had gone in. */
  readonly ratings: number;
  /** What is wrong; undefined if nothing is. */
  readonly wrong: string | undefined;
}

/** Something that reads bytes from a wire. */
export interface StreamTarget {
  readonly name: string;
  /** How many of a hundred streams go here. */
  readonly share: number;
  /** Makes one stream and reads it. To throw is a crash. */
  readonly read: (random: StreamRandom) => StreamReading;
}
