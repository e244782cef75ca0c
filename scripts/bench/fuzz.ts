import { allTargets, readStreams } from "../fuzz/streams.ts";
import { type BenchRow, valueRow } from "./row.ts";

/** A short part of what `npm run fuzz` reads. */
const STREAMS = 200_000;

/** Random and damaged streams into everything that reads a wire: the first ones of seed 1, by the code of `npm run fuzz`. */
export const benchFuzz = async (): Promise<BenchRow[]> => {
  const begin = performance.now();
  const { crashes, falseRatings, trueRatings } = readStreams(allTargets(), { seed: 1, count: STREAMS });
  const seconds = (performance.now() - begin) / 1000;
  if (trueRatings < STREAMS / 10) throw new Error(`only ${trueRatings} ratings came through: the streams prove nothing`);
  return [
    valueRow(
      {
        what: `crashes and false ratings in ${STREAMS / 1000} thousand random and damaged streams (npm run fuzz: ten million)`,
        unit: "found",
        value: crashes + falseRatings,
        against: "streams/s",
        baseline: STREAMS / seconds,
      },
      { atMost: 0 },
    ),
  ];
};
