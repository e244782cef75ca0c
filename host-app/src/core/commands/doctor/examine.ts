import { WindowRatingError } from "@window-rating/protocol/error";
import { configOf, misspeltVariables, type SettingInForce, settingsInForce } from "../../config/load-config.ts";
import { settingDoubts } from "../../config/setting-doubts.ts";
import { type WindowConfig, windowsOf } from "../../config/window-list.ts";
import { idsOfProcess } from "../../pads/port-list.ts";
import type { PortUserIds } from "../../pads/port-permission.ts";
import { windowProfile } from "../../pads/window-profile.ts";
import { askRunningHost } from "../running-host.ts";
import { databaseFinding } from "./database-check.ts";
import { type Finding, failure, ok, warn } from "./finding.ts";
import type { FindingName } from "./finding-kinds.ts";
import { hostFindings } from "./host-check.ts";
import { dataFolderFindings, modemManagerFindings, nodeFinding, processNames } from "./machine-check.ts";
import { portFindings } from "./port-check.ts";

export interface ExamineOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** false: the database is not read through, which holds the process up; the window-host that runs did so when it started. */
  readonly readsDatabase?: boolean;
}

/** Looks at everything that is often wrong with a window PC. Changes nothing, and works whether window-host runs or not. */
export const examine = async ({ dataDir, env, readsDatabase = true }: ExamineOptions): Promise<Finding[]> => {
  const findings = [nodeFinding(process.versions.node), ...dataFolderFindings(dataDir)];
  let pads: readonly string[] = ["auto"];
  try {
    const settings = settingsInForce({ dataDir, env, flags: {} });
    const windows = windowsOf(configOf(settings));
    pads = windows.map(({ pad }) => pad.port);
    findings.push(...settingFindings(settings, env), ...profileFindings(windows, dataDir));
  } catch (error) {
    findings.push(known("settingsBad", error));
  }
  let host: readonly Finding[];
  let service: PortUserIds | null = null;
  try {
    const answer = await askRunningHost(dataDir);
    host = hostFindings(answer);
    if (answer.is === "running") service = idsOfProcess(answer.pid);
  } catch (error) {
    host = [known("hostBad", error)];
  }
  findings.push(...(await portFindings(pads, service)), ...modemManagerFindings(processNames()));
  if (readsDatabase) findings.push(await databaseFinding(dataDir));
  return [...findings, ...host];
};

/** The profiles that windows name; those that a pad tells itself are checked when it does. */
const profileFindings = (windows: readonly WindowConfig[], dataDir: string): Finding[] => {
  const named = [...new Set(windows.map(({ pad }) => pad.profile))].filter((name) => name !== "auto");
  return named.map((name) => {
    try {
      windowProfile(name, dataDir);
      return ok("profileFine", { profile: name });
    } catch (error) {
      return known("profileBad", error);
    }
  });
};

const settingFindings = (settings: readonly SettingInForce[], env: ExamineOptions["env"]): Finding[] => {
  const set = settings.filter(({ from }) => from !== "default");
  const findings = [ok("settingsFine", { set: set.length, others: settings.length - set.length })];
  for (const { is, facts } of settingDoubts(configOf(settings))) findings.push(warn(is, "WR8001", facts));
  for (const { name, meant } of misspeltVariables(env)) findings.push(warn("misspelt", "WR8001", { variable: name, meant }));
  return findings;
};

const known = (kind: FindingName, error: unknown): Finding => {
  if (error instanceof WindowRatingError) return failure(kind, error);
  throw error;
};
