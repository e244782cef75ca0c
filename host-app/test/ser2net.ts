import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Where programs are looked for besides PATH. */
  readonly folders: readonly string[];
}

const THIS_MACHINE: Machine = { env: process.env, isRoot: process.getuid?.() === 0, folders: ["/usr/sbin"] };

/**
 * The serial server against which `rfc2217://` is tested.
 * @returns the path of its program; undefined = its tests are skipped
 * @throws where it must be there: set-up installs it on a Debian as root, and what CI says of such a machine must be true
 */
export const findSer2net = ({ env, isRoot, folders }: Machine = THIS_MACHINE): string | undefined => {
  const path = [...(env.PATH ?? "").split(delimiter), ...folders];
  const find = (program: string): string | undefined => path.map((folder) => join(folder, program)).find(existsSync);
  const found = find("ser2net");
  if (found === undefined && env.CI === "true" && isRoot && find("apt-get") !== undefined)
    throw new Error("CI tests rfc2217:// against ser2net, and set-up could not install it: apt-get install ser2net, and see why it failed");
  return found;
};

/** What a skipped test says. */
export const ser2netLacking = (path: string | undefined): string =>
  path === undefined ? " (skipped: there is no ser2net; on Debian: apt-get install ser2net)" : "";
