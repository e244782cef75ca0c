import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { findOnPath } from "./program.mjs";

const DEBIAN_PACKAGE = "ser2net";

/** Debian keeps it where only root looks. */
const NAMES = ["ser2net", "../sbin/ser2net"];

/**
 * The serial server against which `rfc2217://` is tested.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} the full path of its program; undefined when there is none
 */
export function findSer2net(env = process.env) {
  return findOnPath(NAMES, env);
}

/**
 * Sees to it that there is a serial server for the tests. A missing one stops nothing: the test that needs it says that it is skipped.
 *
 * @returns {Promise<string | undefined>} what to tell when there is none
 */
export async function ensureSer2net() {
  if (process.platform !== "linux" || findSer2net() !== undefined) return undefined;
  if (canInstallDebianPackages()) await installDebianPackages([DEBIAN_PACKAGE], "ser2net for the tests of rfc2217://");
  if (findSer2net() !== undefined) return undefined;
  return `no ser2net found, so the tests against a real serial server are skipped. On Debian: apt-get install ${DEBIAN_PACKAGE}`;
}
