import type { RequestBook } from "./request-book.ts";
import type { Store } from "./store.ts";

const TABLES = ["sign_ins", "cases", "requests"] as const;
/** What goes to the new number as well; none of them tells by itself that a window is served. */
const SIGNS = ["pauses", "notices"] as const;

/**
 * Puts what lies in the database to the windows that this PC serves now. A window that was given another number keeps its clerk, its
 * case, its request, its pause and its notice. At a window that is served no more nobody can do anything: its clerk is signed out, its case is closed without a
 * rating, its request expires.
 */
export const settleWindowRows = (store: Store, requests: RequestBook, windowNos: readonly [string, ...string[]], atMs: number): void => {
  const { database } = store;
  const [first] = windowNos;
  const served = JSON.stringify(windowNos);
  const rename = (from: string): void => {
    for (const table of TABLES) database.prepare(`UPDATE ${table} SET window_no = ? WHERE window_no = ?`).run(first, from);
    // Of two that would stand at one window the one stays that stood there.
    for (const table of SIGNS) database.prepare(`UPDATE OR IGNORE ${table} SET window_no = ? WHERE window_no = ?`).run(first, from);
  };
  const known = database
    .prepare<[], { window_no: string }>(TABLES.map((table) => `SELECT window_no FROM ${table}`).join(" UNION "))
    .all()
    .map(({ window_no }) => window_no);
  store.write(() => {
    // From before there were several windows: nothing but a request tells its window.
    if (known.includes("")) rename("");
    const [only, ...others] = known.filter((windowNo) => windowNo !== "");
    if (windowNos.length === 1 && only !== undefined && others.length === 0 && only !== first) rename(only);

    const elsewhere = "window_no NOT IN (SELECT value FROM json_each(?))";
    database.prepare(`UPDATE sign_ins SET signed_out_ms = ? WHERE signed_out_ms IS NULL AND ${elsewhere}`).run(atMs, served);
    database.prepare(`UPDATE cases SET state = 'cancelled' WHERE state = 'open' AND ${elsewhere}`).run(served);
    const orphans = database.prepare<[string], { window_no: string }>(
      `SELECT DISTINCT window_no FROM requests WHERE state IN ('waiting', 'shown') AND ${elsewhere}`,
    );
    for (const { window_no } of orphans.all(served)) {
      const request = requests.alive(window_no);
      if (request !== undefined) requests.endInside(request, "expired");
    }
  });
};
