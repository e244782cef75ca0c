import { checked, configPath, nested, readConfigFile } from "./config-file.ts";
import { nearestKey } from "./nearest-key.ts";
import { type Config, DATA_VARIABLE, ENV_PREFIX, type NamedSetting, SETTING_LIST } from "./settings.ts";

export interface ConfigSources {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By flag name without dashes, as parseArgs gives them; flags that are no setting are passed over. */
  readonly flags: Readonly<Record<string, unknown>>;
}

export interface SettingInForce {
  readonly setting: NamedSetting;
  readonly value: unknown;
  readonly from: "flag" | "environment" | "file" | "default";
  /** `--deskPort`, `WINDOW_RATING_DESK_PORT`, the path of the file; null for a default. */
  readonly where: string | null;
}

/**
 * Every setting with its value and where that comes from: flags before environment before config.json before defaults.
 * @throws WR8001 for the first value in force that is not valid, and for anything not valid in the file, used or not
 */
export const settingsInForce = ({ dataDir, env, flags }: ConfigSources): SettingInForce[] => {
  const file = readConfigFile(dataDir);
  return SETTING_LIST.map((setting): SettingInForce => {
    const flag = flags[setting.flag];
    if (typeof flag === "string") {
      const where = `--${setting.flag}`;
      return { setting, value: checked(setting, setting.fromText(flag), where), from: "flag", where };
    }
    const text = env[setting.env];
    if (text !== undefined && text !== "") {
      return { setting, value: checked(setting, setting.fromText(text), setting.env), from: "environment", where: setting.env };
    }
    if (file.has(setting.key)) return { setting, value: file.get(setting.key), from: "file", where: configPath(dataDir) };
    return { setting, value: setting.default, from: "default", where: null };
  });
};

/** The settings in force, frozen. @throws WR8001 */
export const loadConfig = (sources: ConfigSources): Config => configOf(settingsInForce(sources));

export const configOf = (inForce: readonly SettingInForce[]): Config => {
  const tree = nested(new Map(inForce.map(({ setting, value }) => [setting.key, value])));
  for (const group of Object.values(tree)) Object.freeze(group);
  // Complete by construction: one value, checked by its own schema, for each declared setting.
  return Object.freeze(tree) as Config;
};

/** Variables that are most likely misspelt settings, each with the setting's own. Other programs of ours have variables too. */
export const misspeltVariables = (env: ConfigSources["env"]): { readonly name: string; readonly meant: string }[] => {
  const known = SETTING_LIST.map(({ env: name }) => name.slice(ENV_PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(ENV_PREFIX) && name !== DATA_VARIABLE && !known.includes(name.slice(ENV_PREFIX.length)))
    .flatMap((name) => {
      const meant = nearestKey(name.slice(ENV_PREFIX.length), known);
      return meant === undefined ? [] : [{ name, meant: ENV_PREFIX + meant }];
    });
};
