import { setTimeout as pause } from "node:timers/promises";
import { WindowRatingError } from "@window-rating/protocol/error";
import { TRIAL_PARTS, type TrialPart } from "../pads/trial-parts.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import type { PadList } from "./pad-shape.ts";
import { RunningPads } from "./running-pads.ts";

const HELP = `Usage: window-host pad test --<part> [--window <no>] --data <dir> [--json]
       window-host pad test --end [--window <no>] --data <dir> [--json]

Tries a part of the pad of a running window-host, for a person who stands before it. What is pressed is no rating and is kept nowhere. A
citizen goes first: while one is asked to rate no test begins (WR1050), and one that goes on ends.

  --identify      the pad blinks, so that you see which one it is
  --lamps         the lamps light one after the other
  --keys          prints each key that is pressed, for a minute
  --voice         the pad speaks
  --screen        the screen shows a page of its own, with five fields to touch
  --beep          a pad of another maker beeps
  --stars         a pad of another maker shows five stars in the place of the clerk's
  --end           end the test that goes on
  --no-wait       do not wait for keys; window-host pad list --json tells which were pressed (trial)
  --window <no>   the window, where this PC serves several
  --data <dir>    the data folder; or set WINDOW_RATING_DATA
  --json          print JSON: the test as it stood when the command ended

Which of them a pad can do its profile and its capabilities say: window-host pad list --json (tests).

Exit codes: 0 done, 1 failed or given up (WR1050, WR1051, WR1052), 2 bad usage.

Examples:
  window-host pad test --identify --window 12 --data /var/lib/window-rating/window
  window-host pad test --keys --window 12 --data /var/lib/window-rating/window
  window-host pad test --lamps --json --data /var/lib/window-rating/window | jq .found`;

type Trial = NonNullable<PadList["windows"][number]["trial"]>;

/** How a test goes is looked at this often, milliseconds. */
const LOOK_EVERY_MS = 200;
/** What the pad itself found is there by then, milliseconds. */
const FOUND_WITHIN_MS = 1000;

export const padTestCommand: Command = async (args, { env, print }) => {
  const part = { type: "boolean", default: false } as const;
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    ...{ identify: part, lamps: part, keys: part, voice: part, screen: part, beep: part, stars: part },
    end: part,
    "no-wait": part,
    window: { type: "string" },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const asked = TRIAL_PARTS.filter((name) => flags[name]);
  const [wanted] = asked;
  if (asked.length + Number(flags.end) !== 1)
    throw new WindowRatingError("WR8002", `give one of --${[...TRIAL_PARTS, "end"].join(", --")}`);
  const pads = new RunningPads(dataDirOf(flags.data, env), flags.window);
  const say = flags.json ? () => undefined : print;
  if (wanted === undefined) {
    const { trial } = await pads.tell("test/end");
    print(flags.json ? JSON.stringify(trial) : "No test goes on.");
    return 0;
  }
  const begun = (await pads.tell("test", { part: wanted })).trial;
  say(WORDS[wanted]);
  const waitMs = flags["no-wait"] ? 0 : wanted === "keys" ? Number.POSITIVE_INFINITY : FOUND_WITHIN_MS;
  const trial = await follow(pads, begun, waitMs, say);
  if (flags.json) print(JSON.stringify(trial));
  if (trial === null) throw new WindowRatingError("WR1052", "window-host was started anew meanwhile");
  if (trial.ended === "rating") throw new WindowRatingError("WR1050", "a citizen was asked to rate meanwhile");
  if (trial.ended === "lost") throw new WindowRatingError("WR1052", "the pad went away meanwhile");
  if (trial.ended === "refused") throw new WindowRatingError("WR1051", `the pad does not do ${wanted} now`);
  if (trial.found !== null && trial.found.outcome !== "toBeSeen")
    say(`The pad says: ${trial.found.outcome}${trial.found.detail === "" ? "" : `, ${trial.found.detail}`}.`);
  return trial.found?.outcome === "failed" ? 1 : 0;
};

/** Until it is over, all keys were pressed, or nothing more is to be waited for. */
const follow = async (pads: RunningPads, begun: Trial | null, waitMs: number, say: (text: string) => void): Promise<Trial | null> => {
  const told: Record<string, number> = {};
  let trial = begun;
  for (const end = performance.now() + waitMs; trial !== null && trial.ended === null && performance.now() < end; ) {
    await pause(LOOK_EVERY_MS);
    const next = (await pads.look()).trial;
    if (next?.number !== begun?.number) return trial;
    trial = next;
    for (const [key, times] of Object.entries(trial?.presses ?? {})) {
      if (times > (told[key] ?? 0)) say(`Key ${key} was pressed${times === 1 ? "" : `, ${times} times now`}.`);
      told[key] = times;
    }
    if (waitMs !== Number.POSITIVE_INFINITY && trial?.found !== null) return trial;
  }
  return trial;
};

const WORDS: Readonly<Record<TrialPart, string>> = {
  identify: "The pad blinks for 30 seconds.",
  lamps: "The lamps light one after the other for 20 seconds.",
  keys: "Press each key of the pad now, for a minute at the most; Ctrl-C leaves, --end ends the test. Nothing is rated.",
  voice: "The pad speaks now.",
  screen: "The screen shows its test for 20 seconds.",
  beep: "The pad beeps now.",
  stars: "The pad shows five stars.",
};
