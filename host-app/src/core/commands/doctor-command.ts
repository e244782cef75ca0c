import type { Command } from "./command.ts";
import { examine } from "./doctor/examine.ts";
import type { Finding } from "./doctor/finding.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host doctor --data <dir> [--json]

Finds out what is wrong with a window PC, and says how to mend it. Changes nothing. Works whether window-host runs or not;
if it runs, the pad, the queue and the clock are looked at too.

  --data <dir>  the data folder; or set WINDOW_RATING_DATA
  --json        print JSON

Exit codes: 0 nothing fails, 1 something fails, 2 bad usage.

Examples:
  window-host doctor --data /var/lib/window-rating/window
  sudo -u window-rating window-host doctor --data /var/lib/window-rating/window     as the user of the service: permissions differ`;

export const doctorCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, COMMON_FLAGS);
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const findings = await examine({ dataDir: dataDirOf(flags.data, env), env });
  const failed = findings.some(({ level }) => level === "fail");
  print(flags.json ? JSON.stringify({ ok: !failed, findings }, null, 2) : report(findings));
  return failed ? 1 : 0;
};

/** The findings as `window-host doctor` prints them. */
export const report = (findings: readonly Finding[]): string => {
  const rows = findings.flatMap(({ level, subject, text, code, todo }) => [
    [level, subject, code === undefined ? text : `${code} ${text}`],
    ...(todo === undefined ? [] : [["", "", `→ ${todo}`]]),
  ]);
  const count = (level: Finding["level"]): number => findings.filter((finding) => finding.level === level).length;
  return `${table(rows)}\n\n${count("ok")} ok, ${count("warn")} to look at, ${count("fail")} failed`;
};
