import { WindowRatingError } from "@window-rating/protocol/error";
import type { Command } from "./command.ts";

const HELP = `Usage: window-host profile list|show|check|try|learn …

Device profiles: what a pad is, and for pads of other makers what they send and understand. docs/keypads.md is the guide,
docs/profiles.md says how a profile is written.

  profile list                     the profiles that come with the system
  profile show <profile>           one profile, with its templates and variant put in
  profile check <file>             everything that is wrong with a file: which field, and the bytes it fails on
  profile try <profile> --port <p> the bytes of a pad beside their reading, live; keys send requests
  profile learn --port <p> …       asks for the keys of an unknown pad to be pressed, and writes a profile

<profile> is an id as generic/xor-five-key or a file as ./my-pad.json. Each has its own --help.

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  window-host profile list
  window-host profile learn --port /dev/ttyUSB0 --id acme/star-5 --out ./star-5.json
  window-host profile try ./star-5.json --port /dev/ttyUSB0`;

const SUBCOMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  list: async () => (await import("./profile/list-command.ts")).listCommand,
  show: async () => (await import("./profile/show-command.ts")).showCommand,
  check: async () => (await import("./profile/check-command.ts")).checkCommand,
  try: async () => (await import("./profile/try-command.ts")).tryCommand,
  learn: async () => (await import("./profile/learn-command.ts")).learnCommand,
};

export const profileCommand: Command = async ([name, ...rest], environment) => {
  if (name === undefined || name === "--help" || name === "-h") {
    environment.print(HELP);
    return 0;
  }
  const load = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (load === undefined)
    throw new WindowRatingError("WR8002", `there is no profile ${name.slice(0, 40)}; there are ${Object.keys(SUBCOMMANDS).join(", ")}`);
  return (await load())(rest, environment);
};
