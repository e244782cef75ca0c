import { WindowRatingError } from "@window-rating/protocol/error";
import { setInConfigFile } from "../config/config-file.ts";
import { misspeltVariables, type SettingInForce, settingsInForce } from "../config/load-config.ts";
import { shownValue } from "../config/setting.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";

const HELP = `Usage: window-host config --explain [--data <dir>] [--json]
       window-host config --set <key>=<value> [--set …] --data <dir>

Shows every setting with its default, its range and where its present value comes from, or writes settings into
config.json of the data folder. Order: flags, then environment (WINDOW_RATING_…), then config.json, then defaults.
A running window-host takes changes at its next start.

  --explain        print every setting
  --set key=value  check the value and write it into config.json; may be given more than once
  --data <dir>     the data folder; or set WINDOW_RATING_DATA
  --json           print JSON

Examples:
  window-host config --explain --data /var/lib/window-rating/window
  window-host config --data /var/lib/window-rating/window --set windowNo=12 --set central=https://central.example:7300
  window-host config --data /var/lib/window-rating/window --set rating.timeoutSeconds=20`;

export const configCommand: Command = (args, { env, print }) => {
  const flags = readFlags(args, { ...COMMON_FLAGS, explain: { type: "boolean", default: false }, set: { type: "string", multiple: true } });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const dataDir = dataDirOf(flags.data, env);
  if (flags.set === undefined && !flags.explain) throw new WindowRatingError("WR8002", "say what to do: --explain or --set key=value");
  if (flags.set !== undefined) setInConfigFile(dataDir, flags.set);
  const settings = settingsInForce({ dataDir, env, flags: {} });
  if (flags.explain) print(flags.json ? JSON.stringify({ settings: settings.map(asJson) }, null, 2) : explanation(settings, env));
  else if (flags.json) print(JSON.stringify({ set: flags.set }));
  else print(`Written. It takes effect when window-host starts again.`);
  return 0;
};

const asJson = ({ setting, value, from, where }: SettingInForce): Record<string, unknown> => ({
  key: setting.key,
  value,
  from,
  where,
  default: setting.default,
  range: setting.range,
  unit: setting.unit,
  env: setting.env,
  flag: `--${setting.flag}`,
  help: setting.help,
});

const explanation = (settings: readonly SettingInForce[], env: Readonly<Record<string, string | undefined>>): string => {
  const entries = settings.map(({ setting, value, from, where }) => {
    const unit = setting.unit === null ? "" : ` ${setting.unit}`;
    const origin = from === "default" ? "default" : `from ${where}; default ${shownValue(setting.default)}`;
    return [
      `${setting.key} = ${shownValue(value)}${unit}   (${origin})`,
      `  ${setting.help.zh}`,
      `  ${setting.help.en}`,
      `  Allowed: ${setting.range}. Flag: --${setting.flag}. Environment: ${setting.env}`,
    ].join("\n");
  });
  for (const { name, meant } of misspeltVariables(env)) entries.push(`${name} has no effect; the nearest is ${meant}`);
  return entries.join("\n\n");
};
