import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { prepareDataDir } from "./data-dir.ts";
import { readIfPresent, replaceFile } from "./durable-file.ts";
import { fileTrouble } from "./file-trouble.ts";
import { nearestKey } from "./nearest-key.ts";
import { type NamedSetting, SETTING_LIST } from "./settings.ts";

export const configPath = (dataDir: string): string => join(dataDir, "config.json");

/**
 * What config.json says, by key. A data folder without the file says nothing.
 * @throws WR8001 naming file and key: not JSON, unknown key, value out of range; WR8006 if it cannot be read
 */
export const readConfigFile = (dataDir: string): ReadonlyMap<string, unknown> => {
  const path = configPath(dataDir);
  const values = new Map<string, unknown>();
  let text: string | null;
  try {
    text = readIfPresent(path);
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${path} cannot be read: ${fileTrouble(cause)}`, cause);
  }
  if (text !== null) flatten(parseJson(text, path), [], path, values);
  return values;
};

/**
 * Writes settings into config.json; what it says besides stays. Nothing is written if one of them is not valid.
 * @param assignments as typed: `rating.timeoutSeconds=20`
 * @throws WR8001, WR8006
 */
export const setInConfigFile = (dataDir: string, assignments: readonly string[]): void => {
  const values = new Map(readConfigFile(dataDir));
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    if (equals < 1) throw new WindowRatingError("WR8001", `"${assignment}" is not key=value`);
    const setting = settingByKey(assignment.slice(0, equals).trim(), "--set");
    values.set(setting.key, checked(setting, setting.fromText(assignment.slice(equals + 1).trim()), "--set"));
  }
  writeConfigFile(dataDir, values);
};

/** Takes a setting out of config.json: its default holds again. @throws WR8001, WR8006 */
export const dropFromConfigFile = (dataDir: string, key: string): void => {
  const values = new Map(readConfigFile(dataDir));
  if (values.delete(settingByKey(key, "config.json").key)) writeConfigFile(dataDir, values);
};

/** Writes config.json anew: exactly these values, by key. @throws WR8006 */
export const writeConfigFile = (dataDir: string, values: ReadonlyMap<string, unknown>): void => {
  prepareDataDir(dataDir);
  const path = configPath(dataDir);
  try {
    replaceFile(path, `${JSON.stringify(nested(values), null, 2)}\n`);
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${path} cannot be written: ${fileTrouble(cause)}`, cause);
  }
};

/** @throws WR8001 naming the setting, its range and where the value comes from */
export const checked = (setting: NamedSetting, value: unknown, where: string): unknown => {
  const parsed = setting.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const why = issue?.message ?? "not valid";
  if (issue !== undefined && issue.path.length > 0)
    throw new WindowRatingError("WR8001", `${placeOf(setting.key, issue.path)} in ${where}: ${why}`);
  const shown = JSON.stringify(value)?.slice(0, 80) ?? "nothing";
  throw new WindowRatingError("WR8001", `${setting.key} in ${where} is ${shown}; allowed: ${setting.range} (${why})`);
};

/** `windows[1].pad.port` */
const placeOf = (key: string, path: readonly PropertyKey[]): string =>
  key + path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");

/** Values by key as one tree, nested as in config.json. */
export const nested = (values: ReadonlyMap<string, unknown>): Record<string, unknown> => {
  const root: Record<string, unknown> = {};
  for (const setting of SETTING_LIST) {
    if (!values.has(setting.key)) continue;
    let group = root;
    for (const name of setting.path.slice(0, -1)) {
      group[name] ??= {};
      group = group[name] as Record<string, unknown>;
    }
    group[setting.path.at(-1) as string] = values.get(setting.key);
  }
  return root;
};

const BYTE_ORDER_MARK = "\uFEFF"; // Windows Notepad puts one in front.

const parseJson = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch (cause) {
    throw new WindowRatingError("WR8001", `${path} is not JSON: ${(cause as Error).message}`, cause);
  }
};

const flatten = (value: unknown, before: readonly string[], path: string, values: Map<string, unknown>): void => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WindowRatingError("WR8001", `${path}: ${before.join(".") || "the whole file"} must be an object in braces`);
  }
  for (const [name, member] of Object.entries(value)) {
    const key = [...before, name].join(".");
    const isGroup = SETTING_LIST.some((setting) => setting.key.startsWith(`${key}.`));
    if (isGroup) flatten(member, [...before, name], path, values);
    else values.set(key, checked(settingByKey(key, path), member, path));
  }
};

/** @throws WR8001 naming the nearest one, if there is none of that key */
export const settingByKey = (key: string, where: string): NamedSetting => {
  const setting = SETTING_LIST.find((candidate) => candidate.key === key);
  if (setting !== undefined) return setting;
  const meant = nearestKey(
    key,
    SETTING_LIST.map((candidate) => candidate.key),
  );
  throw new WindowRatingError(
    "WR8001",
    `unknown setting ${key.slice(0, 80)} in ${where}${meant === undefined ? "" : `; the nearest is ${meant}`}`,
  );
};
