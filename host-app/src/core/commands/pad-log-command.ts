import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { RunningPads } from "./running-pads.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host pad log [--window <no>] --data <dir> [--json]

Reads the log that the pad of a running window-host keeps of itself: its newest lines since it got power, such as starts, sessions that came
and went, faults, and what it refused. No level, no case and no person is ever in it. Ratings go on meanwhile.

A line begins with the time of the pad's clock, or, while nobody had set that, with the seconds since the pad's start. The numbers of lines
rise for ever; each start of the pad leaves a gap in them.

  --window <no>   the window, where this PC serves several
  --data <dir>    the data folder; or set WINDOW_RATING_DATA
  --json          print JSON

Exit codes: 0 done, 1 failed (WR1055: no pad is there, or it keeps no log), 2 bad usage.

Examples:
  window-host pad log --data /var/lib/window-rating/window
  window-host pad log --window 12 --json --data /var/lib/window-rating/window | jq -r '.lines[].text'`;

export const padLogCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, { ...COMMON_FLAGS, window: { type: "string" } });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const log = await new RunningPads(dataDirOf(flags.data, env), flags.window).log();
  if (flags.json) print(JSON.stringify(log));
  else print(log.lines.length === 0 ? "The log of the pad is empty." : table(log.lines.map(({ number, text }) => [String(number), text])));
  return 0;
};
