import { findProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { systemClock } from "../../clock.ts";
import { namedPort } from "../../pads/choose-port.ts";
import { settingsOf } from "../../pads/port-settings.ts";
import { KeypadTrial, TRIAL_LETTERS, type TrialLetter, type TrialLine } from "../../trial/keypad-trial.ts";
import type { Command } from "../command.ts";
import { COMMON_FLAGS, readFlags } from "../flags.ts";
import { namedFirst, wantsHelp } from "./named-profile.ts";

const USAGE = "window-host profile try <profile> --port <p> [--seconds <n>] [--json]";
const LETTERS = Object.entries(TRIAL_LETTERS);
const HELP = `Usage: ${USAGE}

Shows what comes from a pad of another maker, byte by byte beside its reading and why bytes were thrown away, and what the
window PC would make of it. Nothing is stored. window-host must not run on the port.

  <profile>      an id as generic/xor-five-key, or a file as ./my-pad.json
  --port <p>     path, tcp://host:port or rfc2217://host:port
  --seconds <n>  end after so long; default: on q or Ctrl-C
  --json         print a line of JSON for each line, and a summary at the end

Letters, typed or on standard input:
${LETTERS.map(([letter, what]) => `  ${letter}  ${what}`).join("\n")}
  q  quit

Exit codes: 0 ended as asked, 1 the port failed or the profile is wrong, 2 bad usage.

Examples:
  window-host profile try ./star-5.json --port /dev/ttyUSB0
  echo s | window-host profile try generic/xor-five-key --port tcp://127.0.0.1:4001 --seconds 20 --json`;

export const tryCommand: Command = async (args, { print }) => {
  if (wantsHelp(args)) {
    print(HELP);
    return 0;
  }
  const { name, rest } = namedFirst(args, USAGE);
  const flags = readFlags(rest, { ...COMMON_FLAGS, port: { type: "string" }, seconds: { type: "string" } });
  if (flags.port === undefined) throw new WindowRatingError("WR8002", "no port is named: --port <p>");
  const seconds = flags.seconds === undefined ? undefined : Number(flags.seconds);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 86_400))
    throw new WindowRatingError("WR8002", `--seconds ${flags.seconds}: give a number up to 86400`);
  const profile = findProfile(name);
  if (profile.protocol !== "keypad")
    throw new WindowRatingError("WR8002", `${profile.id} speaks ${profile.protocol}; window-host conformance tries such a pad`);

  const clock = systemClock();
  let over: (failure?: WindowRatingError) => void = () => {};
  const end = new Promise<WindowRatingError | undefined>((resolve) => {
    over = resolve;
  });
  let write: (bytes: Uint8Array) => void = () => {};
  const tell = (line: TrialLine): void => print(flags.json ? JSON.stringify(line) : lineText(line));
  const trial = new KeypadTrial({ profile, clock, write: (bytes) => write(bytes), tell });
  const port = await namedPort(
    flags.port,
    settingsOf(profile),
    clock,
  )({
    bytes: (bytes) => trial.bytes(bytes),
    closed: (cause) =>
      over(cause instanceof WindowRatingError ? cause : new WindowRatingError("WR3005", `${flags.port} was closed`, cause)),
  });
  write = (bytes) => port.write(bytes);
  if (!flags.json)
    print(`${profile.id} at ${port.name}; ${LETTERS.map(([letter]) => letter).join(" ")} send requests, q quits, --help says which`);
  const quiet = readLetters(trial, () => over());
  const timer = seconds === undefined ? undefined : setTimeout(() => over(), seconds * 1000);
  trial.opened();
  const failure = await end;
  clearTimeout(timer);
  quiet();
  trial.closed();
  await port.close();
  const keys = Object.fromEntries(trial.presses);
  const rejected = Object.fromEntries(trial.rejected);
  if (flags.json) print(JSON.stringify({ is: "summary", keys, rejected }));
  else print(summaryText(keys, rejected));
  if (failure === undefined) return 0;
  throw failure;
};

const ARROWS = { in: "←", out: "→", note: "·" } as const;

const lineText = ({ atMs, is, bytes, text }: TrialLine): string => {
  const time = (atMs / 1000).toFixed(3).padStart(9);
  return bytes === null ? `${time} ${ARROWS[is]} ${text}` : `${time} ${ARROWS[is]} ${bytes.padEnd(36)} | ${text}`;
};

const summaryText = (keys: Record<string, number>, rejected: Record<string, number>): string => {
  const list = (counts: Record<string, number>, none: string): string =>
    Object.entries(counts)
      .map(([name, times]) => `${name} × ${times}`)
      .join(", ") || none;
  return `Keys: ${list(keys, "none came")}. Thrown away: ${list(rejected, "nothing")}.`;
};

/** Listens to the keyboard, or to what is piped in. @returns the function that ends it */
const readLetters = (trial: KeypadTrial, quit: () => void): (() => void) => {
  const { stdin } = process;
  const take = (chunk: Buffer): void => {
    for (const letter of chunk.toString()) {
      if (letter === "q" || letter === "\u0003") return quit();
      if (Object.hasOwn(TRIAL_LETTERS, letter)) trial.press(letter as TrialLetter);
    }
  };
  const isTerminal = stdin.isTTY === true;
  if (isTerminal) stdin.setRawMode(true);
  process.once("SIGINT", quit);
  stdin.on("data", take);
  stdin.resume();
  return () => {
    stdin.off("data", take);
    stdin.pause();
    process.off("SIGINT", quit);
    if (isTerminal) stdin.setRawMode(false);
  };
};
