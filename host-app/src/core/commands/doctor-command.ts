import { WindowRatingError } from "@window-rating/protocol/error";
import { configOf, misspeltVariables, type SettingInForce, settingsInForce } from "../config/load-config.ts";
import { type WindowConfig, windowsOf } from "../config/window-list.ts";
import { idsOfProcess } from "../pads/port-list.ts";
import type { PortUserIds } from "../pads/port-permission.ts";
import { windowProfile } from "../pads/window-profile.ts";
import type { Command, CommandEnvironment } from "./command.ts";
import { databaseFinding } from "./doctor/database-check.ts";
import { type Finding, failure, ok, warn } from "./doctor/finding.ts";
import { hostFindings } from "./doctor/host-check.ts";
import { dataFolderFindings, modemManagerFindings, nodeFinding, processNames } from "./doctor/machine-check.ts";
import { portFindings } from "./doctor/port-check.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { askRunningHost } from "./running-host.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host doctor --data <dir> [--json]

Finds out what is wrong with a window PC, and says how to mend it. Changes nothing. Works whether window-host runs or not;
if it runs, the pad, the queue and the clock are looked at too.

  --data <dir>  the data folder; or set WINDOW_RATING_DATA
  --json        print JSON

Exit codes: 0 nothing fails, 1 something fails, 2 bad usage.

Examples:
  window-host doctor --data /var/lib/window-rating
  sudo -u window-rating window-host doctor --data /var/lib/window-rating     as the user of the service: permissions differ`;

export const doctorCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, COMMON_FLAGS);
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const findings = await examine(dataDirOf(flags.data, env), env);
  const failed = findings.some(({ level }) => level === "fail");
  print(flags.json ? JSON.stringify({ ok: !failed, findings }, null, 2) : report(findings));
  return failed ? 1 : 0;
};

const examine = async (dataDir: string, env: CommandEnvironment["env"]): Promise<Finding[]> => {
  const findings = [nodeFinding(process.versions.node), ...dataFolderFindings(dataDir)];
  let pads: readonly string[] = ["auto"];
  try {
    const settings = settingsInForce({ dataDir, env, flags: {} });
    const windows = windowsOf(configOf(settings));
    pads = windows.map(({ pad }) => pad.port);
    findings.push(...settingFindings(settings, env), ...profileFindings(windows, dataDir));
  } catch (error) {
    findings.push(known("Settings", error));
  }
  let host: readonly Finding[];
  let service: PortUserIds | null = null;
  try {
    const answer = await askRunningHost(dataDir);
    host = hostFindings(answer);
    if (answer.is === "running") service = idsOfProcess(answer.pid);
  } catch (error) {
    host = [known("window-host", error)];
  }
  findings.push(...(await portFindings(pads, service)), ...modemManagerFindings(processNames()), await databaseFinding(dataDir));
  return [...findings, ...host];
};

/** The profiles that windows name; those that a pad tells itself are checked when it does. */
const profileFindings = (windows: readonly WindowConfig[], dataDir: string): Finding[] => {
  const named = [...new Set(windows.map(({ pad }) => pad.profile))].filter((name) => name !== "auto");
  return named.map((name) => {
    try {
      windowProfile(name, dataDir);
      return ok("Profile", name);
    } catch (error) {
      return known("Profile", error);
    }
  });
};

const settingFindings = (settings: readonly SettingInForce[], env: CommandEnvironment["env"]): Finding[] => {
  const set = settings.filter(({ from }) => from !== "default");
  const findings = [ok("Settings", `${set.length} set, ${settings.length - set.length} by default`)];
  for (const { name, meant } of misspeltVariables(env))
    findings.push(warn("Settings", `${name} has no effect`, "WR8001", `The nearest setting is ${meant}`));
  return findings;
};

const known = (subject: string, error: unknown): Finding => {
  if (error instanceof WindowRatingError) return failure(subject, error);
  throw error;
};

const report = (findings: readonly Finding[]): string => {
  const rows = findings.flatMap(({ level, subject, text, code, todo }) => [
    [level, subject, code === undefined ? text : `${code} ${text}`],
    ...(todo === undefined ? [] : [["", "", `→ ${todo}`]]),
  ]);
  const count = (level: Finding["level"]): number => findings.filter((finding) => finding.level === level).length;
  return `${table(rows)}\n\n${count("ok")} ok, ${count("warn")} to look at, ${count("fail")} failed`;
};
