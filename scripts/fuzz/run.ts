import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { allTargets, readStreams, type StreamFailure } from "./streams.ts";

const HELP = `Tries everything that reads a wire with random and damaged bytes: nothing may crash, and no rating may come out that did not go in.

Usage: npm run fuzz -- [--streams <n>] [--seconds <n>] [--seed <n>] [--only <text>] [--json]

Streams are noise, or frames that were damaged: into the decoder of the pad protocol and a host's session, into readers and
sessions of every keypad that is shipped, into the client of RFC 2217. Properties are more searching and slower
(protocol/src/pad/testing/fuzz.ts). Without --streams and --seconds both are tried: 10,000,000 streams, then properties for a minute.

  --streams <n>  streams only, that many
  --seconds <n>  properties only, that long
  --seed <n>     of the random numbers; default 1 for streams, the clock for properties
  --first <n>    number of the first stream; default 0. A failing stream is made again by --seed, --first and --streams 1
  --only <text>  only what has this text in its name
  --json         print JSON

Exit codes: 0 nothing found, 1 something is wrong, 2 bad usage.

Examples:
  npm run fuzz
  npm run fuzz -- --streams 10000000 --seed 7
  npm run fuzz -- --seconds 600`;

const DEFAULT_STREAMS = 10_000_000;
const PROPERTIES = join(import.meta.dirname, "..", "..", "protocol", "src", "pad", "testing", "fuzz.ts");

const OPTIONS = {
  streams: { type: "string" },
  seconds: { type: "string" },
  seed: { type: "string" },
  first: { type: "string", default: "0" },
  only: { type: "string", default: "" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

class BadUsage extends Error {}

const whole = (flag: string, text: string, max: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max) throw new BadUsage(`${flag} ${text}: give a whole number up to ${max}`);
  return value;
};

const failureText = ({ target, stream, is, what }: StreamFailure, seed: number): string =>
  `${is} in ${target}, stream ${stream}: ${what}\n  again: npm run fuzz -- --seed ${seed} --first ${stream} --streams 1`;

const fuzzStreams = (count: number, first: number, seed: number, only: string, json: boolean): boolean => {
  const targets = allTargets();
  // All of them take part whatever is asked for, so that a stream's number means the same stream.
  const chosen = targets.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new BadUsage(`nothing has "${only}" in its name; there are ${targets.map(({ name }) => name).join(", ")}`);
  const begin = performance.now();
  const outcome = readStreams(targets, { seed, first, count, only: chosen }, (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} streams`);
  });
  const seconds = Math.round((performance.now() - begin) / 100) / 10;
  const { crashes, falseRatings, trueRatings, byTarget, failures } = outcome;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ streams: count, seed, seconds, crashes, falseRatings, trueRatings, byTarget: Object.fromEntries(byTarget), failures })}\n`,
    );
  else {
    for (const failure of failures) process.stdout.write(`${failureText(failure, seed)}\n`);
    for (const [name, times] of byTarget) process.stdout.write(`${String(times).padStart(9)}  ${name}\n`);
    process.stdout.write(
      `${count} streams of seed ${seed} in ${seconds} s: ${crashes} crashes, ${falseRatings} false ratings; ${trueRatings} true ratings came through\n`,
    );
  }
  return crashes + falseRatings === 0;
};

const fuzzProperties = (seconds: string, seed: string | undefined, only: string, json: boolean): number => {
  const flags = ["--seconds", seconds, "--only", only, ...(seed === undefined ? [] : ["--seed", seed]), ...(json ? ["--json"] : [])];
  return spawnSync(process.execPath, [PROPERTIES, ...flags], { stdio: "inherit" }).status ?? 1;
};

const main = (args: readonly string[]): number => {
  const flags = (() => {
    try {
      return parseArgs({ args: [...args], options: OPTIONS }).values;
    } catch (error) {
      throw new BadUsage((error as Error).message);
    }
  })();
  if (flags.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const both = flags.streams === undefined && flags.seconds === undefined;
  if (flags.streams !== undefined || both) {
    const count = flags.streams === undefined ? DEFAULT_STREAMS : whole("--streams", flags.streams, 1e10);
    const seed = flags.seed === undefined ? 1 : whole("--seed", flags.seed, 2 ** 31 - 1);
    if (!fuzzStreams(count, whole("--first", flags.first, 1e10), seed, flags.only, flags.json)) return 1;
  }
  return flags.seconds !== undefined || both ? fuzzProperties(flags.seconds ?? "60", flags.seed, flags.only, flags.json) : 0;
};

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BadUsage)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}\n`);
  process.exitCode = 2;
}
