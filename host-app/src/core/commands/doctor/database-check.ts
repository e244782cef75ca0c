import { statSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { fileTrouble } from "../../config/file-trouble.ts";
import { type Finding, fail, failure, ok } from "./finding.ts";

/** Reads the whole database once, without changing it; a running window-host is not disturbed. */
export const databaseFinding = async (dataDir: string): Promise<Finding> => {
  const path = join(dataDir, "window.db");
  try {
    statSync(path);
  } catch (cause) {
    // Not to be seen is not to be absent: whoever is told that there is none may begin a new one.
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return ok("databaseNone");
    return failure("databaseBad", new WindowRatingError("WR8006", `${path}: ${fileTrouble(cause)}`, cause));
  }
  const [{ default: Database }, { quickCheck, SCHEMA_VERSION, storeError }] = await Promise.all([
    import("better-sqlite3"),
    import("../../store/database.ts"),
  ]);
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const version = database.pragma("user_version", { simple: true }) as number;
      if (version > SCHEMA_VERSION) return fail("databaseNewer", "WR4002", { path, schema: version, known: SCHEMA_VERSION });
      const found = quickCheck(database);
      return found === "ok" ? ok("databaseFine", { path, schema: version }) : fail("databaseDamaged", "WR4001", { path, detail: found });
    } finally {
      database.close();
    }
  } catch (error) {
    const known = storeError(error, path);
    if (known instanceof WindowRatingError) return failure("databaseBad", known);
    throw error;
  }
};
