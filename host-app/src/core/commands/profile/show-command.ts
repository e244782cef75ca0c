import { contentHash, findProfile } from "@window-rating/device-profiles";
import { meaningOf } from "@window-rating/protocol/keypad";
import type { Command } from "../command.ts";
import { COMMON_FLAGS, readFlags } from "../flags.ts";
import { table } from "../table.ts";
import { namedFirst, wantsHelp } from "./named-profile.ts";

const USAGE = "window-host profile show <profile> [--json]";
const HELP = `Usage: ${USAGE}

Shows one profile with its templates and its variant put in, and its keys with what they stand for.

  <profile>  an id as generic/ff68-four-key, or a file as ./my-pad.json, or ./my-pad.json#maker/variant
  --json     print the whole profile as JSON

Exit codes: 0 shown, 1 the profile is wrong or not there (WR2001, WR2002), 2 bad usage.

Examples:
  window-host profile show generic/ff68-four-key
  window-host profile show ./star-5.json --json > whole.json`;

export const showCommand: Command = (args, { print }) => {
  if (wantsHelp(args)) {
    print(HELP);
    return 0;
  }
  const { name, rest } = namedFirst(args, USAGE);
  const flags = readFlags(rest, COMMON_FLAGS);
  const profile = findProfile(name);
  if (flags.json) {
    print(JSON.stringify(profile, null, 2));
    return 0;
  }
  const { id, maker, model, description, port } = profile;
  const rows = [
    ["Id", id],
    ["Pad", `${maker} ${model}`],
    ["", description.zh],
    ["", description.en],
    ["Line", `${port.baudRate} bit/s, ${port.dataBits} data bits, parity ${port.parity}, ${port.stopBits} stop bits`],
    ["Speaks", profile.protocol],
    ["Hash", contentHash(profile)],
  ];
  if (profile.protocol === "keypad") {
    const { keys, requests, guard } = profile.keypad;
    for (const key of keys) {
      const meaning = meaningOf(key);
      const text = meaning.is === "level" ? `level ${meaning.level}` : meaning.is === "action" ? meaning.action : "stands for nothing";
      rows.push([`Key ${key.key}`, [text, key.label].filter(Boolean).join(", ")]);
    }
    rows.push(["Requests", Object.keys(requests).join(", ") || "none: the host can say nothing to it"]);
    rows.push(["Guard", `a press is held ${guard.beforeMs} ms, and thrown away ${guard.afterMs} ms after a change of case`]);
  }
  print(table(rows));
  return 0;
};
