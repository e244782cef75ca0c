import { contentHash, readProfileFile } from "@window-rating/device-profiles";
import type { Command } from "../command.ts";
import { COMMON_FLAGS, readFlags } from "../flags.ts";
import { namedFirst, wantsHelp } from "./named-profile.ts";

const USAGE = "window-host profile check <file> [--json]";
const HELP = `Usage: ${USAGE}

Checks a profile: every field, and every example in it, which must read as it says. What is wrong is told with the field and
the bytes it fails on.

  <file>  a file as ./my-pad.json
  --json  print {"ok":true,"profiles":[{"id":…,"hash":…}],"problems":[{"file":…,"path":…,"message":…}]}

Exit codes: 0 the profile is good, 1 it is not, 2 bad usage.

Example:
  window-host profile check ./star-5.json`;

export const checkCommand: Command = (args, { print }) => {
  if (wantsHelp(args)) {
    print(HELP);
    return 0;
  }
  const { name, rest } = namedFirst(args, USAGE);
  const flags = readFlags(rest, COMMON_FLAGS);
  const { profiles, problems } = readProfileFile(name);
  if (flags.json) {
    const found = profiles.map((profile) => ({ id: profile.id, hash: contentHash(profile) }));
    print(JSON.stringify({ ok: problems.length === 0, profiles: found, problems }, null, 2));
  } else {
    for (const profile of profiles) print(`${profile.id} is good (${contentHash(profile).slice(0, 12)})`);
    for (const { path, message } of problems) print(`WR2001 ${path}: ${message}`);
  }
  return problems.length === 0 ? 0 : 1;
};
