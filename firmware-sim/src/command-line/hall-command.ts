import { z } from "zod";
import { readFaults } from "../faults/read-faults.ts";
import { type HallSummary, runHall } from "../hall/hall.ts";
import { noMoreWords, path, readFlags, wholeNumber } from "./flags.ts";
import type { Surroundings } from "./surroundings.ts";

export const HALL_HELP = `pad-sim hall: an hour of a hall in seconds: pads, window PCs and citizens on a virtual clock

  pad-sim hall [--windows <n>] [--minutes <n>] [options]

  --windows <n>        how many windows, 1 to 1000 (default: 20)
  --minutes <n>        how long the hall is open, 1 to 1440 (default: 60)
  --seed <n>           the same seed gives the same hour (default: 1)
  --faults <file>, --fault <name[=value]>   faults that every pad suffers until the hall closes (docs/simulator.md)
  --json               print JSON
  --help               print this

Examples
  pad-sim hall --minutes 60 --windows 20 --seed 1
  pad-sim hall --fault corrupt --fault unplug=30 --fault powerCut=45 --json

Exit code 1 if a rating was lost, doubled, or bound to another request than the citizen saw.
`;

const FLAGS = {
  windows: { type: "string" },
  minutes: { type: "string" },
  seed: { type: "string" },
  faults: { type: "string" },
  fault: { type: "string", multiple: true },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const flagsSchema = z.object({
  windows: wholeNumber(1, 1000).default(20),
  minutes: wholeNumber(1, 1440).default(60),
  seed: wholeNumber(-2_000_000_000, 2_000_000_000).default(1),
  faults: path,
  fault: z.array(z.string()).default([]),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** @returns the exit code: 1 if something is not as it must be */
export const runHallCommand = async (given: readonly string[], { output }: Surroundings): Promise<number> => {
  const { windows, minutes, seed, words, ...flags } = readFlags(given, FLAGS, flagsSchema);
  if (flags.help) {
    output.write(HALL_HELP);
    return 0;
  }
  noMoreWords(words);
  const summary = await runHall({ windows, minutes, seed, faults: readFaults(flags.faults, flags.fault, false) });
  output.write(flags.json ? `${JSON.stringify(summary)}\n` : textOf(summary));
  return summary.lost + summary.doubled + summary.misbound === 0 ? 0 : 1;
};

const textOf = (hall: HallSummary): string => {
  const { asked, rated, timedOut, superseded, refused, open, levels, storedAfterMs } = hall;
  const { pending, newSessions, boots, resentFrames, damagedFrames, lost, doubled, misbound } = hall;
  return [
    `${hall.windows} windows, ${hall.minutes} minutes, seed ${hall.seed}`,
    `asked ${asked}: rated ${rated}, timed out ${timedOut}, superseded ${superseded}, refused by the pad ${refused}, open ${open}`,
    `levels 1 to 5: ${levels.join(" ")}`,
    `stored after ${storedAfterMs.p50} ms (p50), ${storedAfterMs.p99} ms (p99), ${storedAfterMs.most} ms (most)`,
    `lines: ${damagedFrames} damaged frames at the window PCs, ${resentFrames} frames sent again, ${newSessions} new sessions, ${boots} starts of pads`,
    `audit: ${lost} lost, ${doubled} doubled, ${misbound} misbound, ${pending} events still on pads`,
    "",
  ].join("\n");
};
