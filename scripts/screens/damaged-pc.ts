// A window PC whose database is damaged, for the picture of its rescue.
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Child, runCommand, startChild } from "../rig/child.ts";

/** @param folder where it is made, of a PC that goes on @returns the address of its console, and the window-host that serves it */
export const startDamagedPc = async (hostData: string, folder: string): Promise<{ readonly url: string; readonly host: Child }> => {
  // A copy that is whole without a log: from that SQLite would read the first page.
  const backup = String((await runCommand("window-host", ["database", "backup", "--data", hostData])).path);
  mkdirSync(join(folder, "backups"), { recursive: true });
  for (const copy of [join("backups", basename(backup)), "window.db"]) copyFileSync(backup, join(folder, copy));
  for (const name of ["identity.json", "config.json"])
    if (existsSync(join(hostData, name))) copyFileSync(join(hostData, name), join(folder, name));
  // The first page tells SQLite what the file is.
  writeFileSync(join(folder, "window.db"), Buffer.alloc(4096, 0xee), { flag: "r+" });
  const host = await startChild("window-host", ["--data", folder, "--desk-port", "0", "--screens-port", "0", "--json"]);
  const { url } = await runCommand("window-host", ["screen", "console", "--data", folder]);
  return { url: String(url), host };
};
