import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import type { Command, CommandEnvironment } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { padAssetCommand } from "./pad-asset-command.ts";
import type { PadList } from "./pad-shape.ts";
import { padUpdateCommand } from "./pad-update-command.ts";
import { RunningPads } from "./running-pads.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host pad list --data <dir> [--json]
       window-host pad pair [--window <no>] [--code <digits>] --data <dir> [--json]
       window-host pad unpair [--window <no> | --forget <model> --serial-number <number>] --data <dir> [--json]
       window-host pad asset --help               pictures, voices and lists for pads
       window-host pad update --help              new firmware for a pad
       window-host pad test --help                try lamps, keys, voice and screen
       window-host pad log --help                 the log that a pad keeps of itself
       window-host pad browser --help             a tablet or second monitor as a pad

Pairs the pads of a running window-host, so that nobody on the line can speak for either side. docs/pairing.md tells more.

  list    the pads of this PC, whether they are paired, and of which pads there is a key
  pair    hold key 3 of the pad for 5 seconds (a touchscreen: settings, pair), type the code that it blinks or shows,
          and press key 3 once more when asked to. The code is read from standard input, or given with --code
  unpair  the pad erases its key, and this PC its own; --forget: only this PC, for a pad that is lost or broken

  --window <no>           the window, where this PC serves several
  --code <digits>         eight digits from 1 to 5
  --forget <model>        model of the pad whose key is to be forgotten, with --serial-number
  --data <dir>            the data folder; or set WINDOW_RATING_DATA
  --json                  print JSON

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  window-host pad list --data /var/lib/window-rating/window
  window-host pad pair --window 12 --data /var/lib/window-rating/window
  window-host pad unpair --forget generic/five-button --serial-number A-0042 --data /var/lib/window-rating/window`;

const VERBS = ["list", "pair", "unpair"] as const;
type Verb = (typeof VERBS)[number];

/** A pairing is looked at this often, milliseconds. */
const LOOK_EVERY_MS = 300;
/** A pad that was told to erase its key is back in a new session by then, milliseconds. */
const UNPAIRED_WITHIN_MS = 10_000;

export const padCommand: Command = async ([verb = "", ...args], environment) => {
  const { env, print } = environment;
  if (verb === "asset") return padAssetCommand(args, environment);
  if (verb === "update") return padUpdateCommand(args, environment);
  if (verb === "test") return (await import("./pad-test-command.ts")).padTestCommand(args, environment);
  if (verb === "log") return (await import("./pad-log-command.ts")).padLogCommand(args, environment);
  // Only here: it loads what draws QR codes.
  if (verb === "browser") return (await import("./pad-browser-command.ts")).padBrowserCommand(args, environment);
  if (verb.startsWith("-") || !isVerb(verb)) {
    if (["--help", "-h"].includes(verb)) {
      print(HELP);
      return 0;
    }
    throw new WindowRatingError(
      "WR8002",
      `window-host pad has ${[...VERBS, "asset", "update", "test", "log", "browser"].join(", ")}; not "${verb.slice(0, 40)}"`,
    );
  }
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    window: { type: "string" },
    code: { type: "string" },
    forget: { type: "string" },
    "serial-number": { type: "string" },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const pads = new RunningPads(dataDirOf(flags.data, env), flags.window);
  const say = flags.json ? () => undefined : print;
  if (verb === "pair") await pair(pads, flags.code, say);
  if (verb === "unpair") await unpair(pads, flags, say);
  const list = await pads.list();
  if (flags.json) print(JSON.stringify(list));
  else if (verb === "list") print(listText(list));
  return 0;
};

const isVerb = (text: string): text is Verb => VERBS.some((verb) => verb === text);

type Say = CommandEnvironment["print"];

/** Blanks between the digits are passed over, as the pad's pairing does. */
const isCode = (text: string): boolean => /^[1-5]{8}$/.test(text.replace(/\s/g, ""));

const pair = async (pads: RunningPads, code: string | undefined, say: Say): Promise<void> => {
  if (code !== undefined && !isCode(code))
    throw new WindowRatingError("WR8002", "--code takes the eight digits of the pad, each from 1 to 5");
  const before = (await pads.look()).pairing.is;
  // A code that is given belongs to a pairing that is under way, if there is one.
  if (code === undefined || before !== "asking") await pads.tell("pair");
  say("Hold key 3 of the pad for 5 seconds while it shows nothing, and let go. On a touchscreen: settings, pair.");
  await until(pads, ["asking"]);
  await pads.tell("pair/code", { code: code ?? (await readCode(say)) });
  const next = await until(pads, ["press", "paired"]);
  if (next === "press") say("The code is right. Now press key 3 of the pad once more, or the button on its screen.");
  await until(pads, ["paired"]);
  const { pad } = await pads.look();
  say(`Paired: ${pad.model} ${pad.serialNumber}.`);
};

/** @throws the error with which the pairing failed */
const until = async (pads: RunningPads, wanted: readonly string[]): Promise<string> => {
  for (;;) {
    const { is, error } = (await pads.look()).pairing;
    if (wanted.includes(is)) return is;
    if (error !== undefined) throw new WindowRatingError(error.code as ErrorCode, error.detail);
    if (is === "none") throw new WindowRatingError("WR1015", "window-host was started anew meanwhile");
    await pause(LOOK_EVERY_MS);
  }
};

const readCode = async (say: Say): Promise<string> => {
  say("Now the pad blinks its code: first all lamps, then lamp after lamp; the number of each lamp is a digit. Type the eight digits:");
  const input = createInterface({ input: process.stdin });
  try {
    for await (const line of input) {
      if (isCode(line)) return line;
      // There is one try: what cannot be a code is none.
      if (line.trim() !== "") say("A code has eight digits, each from 1 to 5. Type it once more:");
    }
  } finally {
    input.close();
  }
  throw new WindowRatingError("WR8002", "no code was typed; give it on standard input, or with --code");
};

const unpair = async (
  pads: RunningPads,
  flags: { forget?: string | undefined; "serial-number"?: string | undefined },
  say: Say,
): Promise<void> => {
  const { forget: model, "serial-number": serialNumber } = flags;
  if ((model === undefined) !== (serialNumber === undefined))
    throw new WindowRatingError("WR8002", "give --forget and --serial-number together");
  if (model !== undefined && serialNumber !== undefined) {
    await pads.tell("unpair", { forget: { model, serialNumber } });
    say(`The key of ${model} ${serialNumber} is forgotten. The pad itself still has its own, until it is paired anew.`);
    return;
  }
  const { pad } = await pads.tell("unpair");
  const isErased = async () => (await pads.list()).keys.every((key) => key.serialNumber !== pad.serialNumber || key.model !== pad.model);
  for (const end = performance.now() + UNPAIRED_WITHIN_MS; !(await isErased()); await pause(LOOK_EVERY_MS)) {
    if (performance.now() > end) throw new WindowRatingError("WR1015", "the pad did not say that it has erased its key");
  }
  say(`${pad.model} ${pad.serialNumber} is paired no longer.`);
};

const listText = ({ unpaired, windows, keys }: PadList): string => {
  const rows = windows.map(({ windowNo, pad, canBePaired }) => [
    windowNo,
    pad.connection,
    [pad.model, pad.serialNumber].filter(Boolean).join(" ") || "(no pad)",
    pad.trust ?? (canBePaired ? "" : "cannot be paired"),
    pad.cause ?? "",
  ]);
  const away = keys.filter((key) => !windows.some(({ pad }) => pad.model === key.model && pad.serialNumber === key.serialNumber));
  return [
    table([["window", "", "pad", "", ""], ...rows]),
    `Pads that are not paired: ${unpaired} (pad.unpaired)`,
    ...(away.length === 0
      ? []
      : ["Keys of pads that are not here:", table(away.map(({ model, serialNumber }) => [`  ${model}`, serialNumber]))]),
  ].join("\n");
};
