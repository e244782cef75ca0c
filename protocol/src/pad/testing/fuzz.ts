import { parseArgs } from "node:util";
import fc from "fast-check";
import { KEYPAD_PROPERTIES } from "../../keypad/testing/properties.ts";
import { RFC2217_PROPERTIES } from "../../rfc2217/testing/properties.ts";
import { PROPERTIES as PAD_PROPERTIES } from "./properties.ts";

/** What holds for everything that reads bytes from a wire. */
const PROPERTIES = [...PAD_PROPERTIES, ...KEYPAD_PROPERTIES, ...RFC2217_PROPERTIES];

const HELP = `Tries the properties of everything that reads a wire with new random inputs, for as long as you like.

Usage: npm run fuzz -- [--seconds <n>] [--seed <n>] [--only <text>] [--json]

  --seconds <n>  how long to go on, 1 to 86400; default 60
  --seed <n>     begin with this seed; default: taken from the clock, and printed
  --only <text>  only the properties whose name holds this text
  --json         print JSON lines instead of text

Exit code: 0 nothing found, 1 a property does not hold, 2 bad usage.

Examples:
  npm run fuzz -- --seconds 600
  npm run fuzz -- --seed 1234567 --only "a host's session"
`;

const badUsage = (why: string): never => {
  process.stderr.write(`${why}\n\n${HELP}`);
  process.exit(2);
};

const wholeNumber = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) badUsage(`--${name} ${text}: give a whole number from ${min} to ${max}`);
  return value;
};

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        seconds: { type: "string", default: "60" },
        seed: { type: "string" },
        only: { type: "string", default: "" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return badUsage(error instanceof Error ? error.message : String(error));
  }
};

const given = readArguments();
if (given.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const seconds = wholeNumber("seconds", given.seconds, 1, 86_400);
const firstSeed = given.seed === undefined ? Date.now() % 2 ** 31 : wholeNumber("seed", given.seed, -(2 ** 31), 2 ** 31 - 1);
const chosen = PROPERTIES.filter(({ name }) => name.includes(given.only));
if (chosen.length === 0)
  badUsage(`No property's name holds "${given.only}". There are:\n${PROPERTIES.map(({ name }) => `  ${name}`).join("\n")}`);

const say = (text: string, data: object): void => {
  process.stdout.write(`${given.json ? JSON.stringify(data) : text}\n`);
};

const end = performance.now() + seconds * 1000;
const tried = new Map(chosen.map(({ name }) => [name, 0]));
say(`Seed ${firstSeed}, ${seconds} s, ${chosen.length} properties`, { seed: firstSeed, seconds, properties: chosen.length });

for (let seed = firstSeed; performance.now() < end; seed = (seed + 1) | 0) {
  for (const { name, property, runs } of chosen) {
    const details = fc.check(property, {
      seed,
      numRuns: runs,
      interruptAfterTimeLimit: Math.max(1, end - performance.now()),
      markInterruptAsFailure: false,
    });
    tried.set(name, (tried.get(name) ?? 0) + details.numRuns);
    // Interrupted before its first input, a check also counts as failed.
    if (details.failed && details.counterexample !== null) {
      const counterexample = fc.stringify(details.counterexample);
      const error = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
      say(
        `Does not hold: ${name}\nseed ${seed}, path ${details.counterexamplePath}\n${error}\nInput: ${counterexample}\nAdd the seed to KEPT in protocol/src/pad/properties.test.ts when it is mended.`,
        { failed: name, seed, path: details.counterexamplePath, error, counterexample },
      );
      process.exit(1);
    }
  }
}
for (const [name, runs] of tried) say(`${String(runs).padStart(9)}  ${name}`, { property: name, runs });
