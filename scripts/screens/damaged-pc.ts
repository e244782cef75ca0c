// A window PC whose database is damaged, for the picture of its rescue.
import { copyFileSync, existsSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Child, runCommand, startChild } from "../rig/child.ts";
import { mayLink } from "./picture-stage.ts";

/** Where the service of a window PC has its data; no picture then has a path of the machine that drew it. */
const SERVICE_FOLDER = "/var/lib/window-rating";

export interface DamagedPc {
  /** Of its console. */
  readonly url: string;
  end(): Promise<void>;
}

/** @param folder where it is made, of a PC that goes on */
export const startDamagedPc = async (hostData: string, folder: string): Promise<DamagedPc> => {
  // A copy that is whole without a log: from that SQLite would read the first page.
  const backup = String((await runCommand("window-host", ["database", "backup", "--data", hostData])).path);
  mkdirSync(join(folder, "backups"), { recursive: true });
  for (const copy of [join("backups", basename(backup)), "window.db"]) copyFileSync(backup, join(folder, copy));
  for (const name of ["identity.json", "config.json"])
    if (existsSync(join(hostData, name))) copyFileSync(join(hostData, name), join(folder, name));
  // The first page tells SQLite what the file is.
  writeFileSync(join(folder, "window.db"), Buffer.alloc(4096, 0xee), { flag: "r+" });
  const isLinked = mayLink(SERVICE_FOLDER);
  if (isLinked) symlinkSync(folder, SERVICE_FOLDER);
  const dataDir = isLinked ? SERVICE_FOLDER : folder;
  let host: Child | undefined;
  const end = async (): Promise<void> => {
    await host?.end("SIGTERM");
    if (isLinked) unlinkSync(SERVICE_FOLDER);
  };
  try {
    host = await startChild("window-host", ["--data", dataDir, "--desk-port", "0", "--screens-port", "0", "--json"]);
    const { url } = await runCommand("window-host", ["screen", "console", "--data", dataDir]);
    return { url: String(url), end };
  } catch (error) {
    await end();
    throw error;
  }
};
