import { contentHash, loadProfiles, type Profile } from "@window-rating/device-profiles";
import type { Command } from "../command.ts";
import { COMMON_FLAGS, readFlags } from "../flags.ts";
import { table } from "../table.ts";

const HELP = `Usage: window-host profile list [--json]

Lists the profiles that come with the system: id, what the pad speaks, line settings, what it is.

  --json  print JSON

Exit codes: 0 listed, 1 failed, 2 bad usage.

Examples:
  window-host profile list
  window-host profile list --json | jq -r '.profiles[] | select(.protocol == "keypad").id'`;

export const listCommand: Command = (args, { print }) => {
  const flags = readFlags(args, COMMON_FLAGS);
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const profiles = loadProfiles();
  if (flags.json) print(JSON.stringify({ profiles: profiles.map(summary) }, null, 2));
  else print(table(profiles.map((profile) => [profile.id, profile.protocol, lineText(profile), profile.description.en])));
  return 0;
};

const summary = (profile: Profile) => {
  const { id, protocol, maker, model, description, port } = profile;
  return { id, protocol, maker, model, description, port, hash: contentHash(profile) };
};

const lineText = ({ port: { baudRate, dataBits, parity, stopBits } }: Profile): string =>
  `${baudRate} ${dataBits}${parity.slice(0, 1).toUpperCase()}${stopBits}`;
