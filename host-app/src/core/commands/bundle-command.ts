import { resolve } from "node:path";
import { makeBundle } from "../bundle/log-bundle.ts";
import type { Command } from "./command.ts";
import { examine } from "./doctor/examine.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { size } from "./quantities.ts";
import { askRunningHost } from "./running-host.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host bundle [--out <file>] --data <dir> [--json]

Packs what helps to find out what is wrong with a window PC into one file: logs, settings, status, what the doctor found, versions,
what waits for central. Names, phone and id numbers, comments, levels of ratings, PINs, cards, tokens and keys are taken out.
Works when window-host does not run and when the database does not open. Changes nothing else.

  --out <file>  where to write it; default: a new file in the folder bundles of the data folder, where the newest five are kept
  --data <dir>  the data folder; or set WINDOW_RATING_DATA
  --json        print JSON

Exit codes: 0 written, 1 not written, 2 bad usage.

Examples:
  window-host bundle --data /var/lib/window-rating/window
  sudo -u window-rating window-host bundle --data /var/lib/window-rating/window --out /tmp/window-12.tar.gz
  tar -tzf /tmp/window-12.tar.gz     what is in it`;

export const bundleCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, { ...COMMON_FLAGS, out: { type: "string" } });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const dataDir = dataDirOf(flags.data, env);
  const bundle = await makeBundle({
    dataDir,
    env,
    wallMs: Date.now(),
    status: async () => {
      const answer = await askRunningHost(dataDir);
      return answer.is === "running" ? answer.status : null;
    },
    examine: () => examine({ dataDir, env }),
    ...(flags.out === undefined ? {} : { out: resolve(flags.out) }),
  });
  if (flags.json) {
    print(JSON.stringify(bundle, null, 2));
    return 0;
  }
  const { path, bytes, parts, missing } = bundle;
  const rows = [...parts.map((part) => [part.name, size(part.bytes)]), ...missing.map(({ name, why }) => [name, `not in it: ${why}`])];
  print(`${table(rows)}\n\nWritten to ${path} (${size(bytes)}). Please look through it before you pass it on.`);
  return 0;
};
