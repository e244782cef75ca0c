import { existsSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { openIdentity } from "../../identity/identity.ts";
import type { SiteWindow } from "../../site/site-file.ts";
import { Ballast } from "../../store/ballast.ts";
import { clerkBook } from "../../store/clerk-book.ts";
import { openDatabase } from "../../store/database.ts";
import { lockFolder } from "../../store/folder-lock.ts";
import { Store } from "../../store/store.ts";
import { askDesk, askRunningHost } from "../running-host.ts";

/**
 * Gives clerks their names on this PC: through the window-host that runs, or into its database if none does. PINs and cards stay.
 * @throws WR4xxx, WR6006, WR8003
 */
export const nameClerks = async (dataDir: string, clerks: SiteWindow["clerks"]): Promise<void> => {
  if (clerks.length === 0) return;
  const answer = await askRunningHost(dataDir);
  if (answer.is === "silent") throw new WindowRatingError("WR8003", answer.why);
  if (answer.is === "running") {
    for (const clerk of clerks) await askDesk(dataDir, "/desk/v1/clerks/add", clerk);
    return;
  }
  const unlock = lockFolder(dataDir);
  try {
    const path = join(dataDir, "window.db");
    // A database without the identity that signs its entries would be taken for one that lost it.
    openIdentity(dataDir, existsSync(path));
    const database = openDatabase(path);
    try {
      const book = clerkBook(database);
      const store = new Store(database, new Ballast(join(dataDir, "ballast"), 0));
      store.write(() => {
        for (const { staffNo, name } of clerks) book.setName(staffNo, name);
      });
    } finally {
      database.close();
    }
  } finally {
    unlock();
  }
};
