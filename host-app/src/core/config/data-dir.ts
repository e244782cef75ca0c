import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";

/** Makes the data folder, readable by its owner alone, if there is none. @throws WR8006 if it cannot be made or written to */
export const prepareDataDir = (dataDir: string): void => {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new WindowRatingError("WR8006", `${dataDir}: ${(error as Error).message}`, error);
  }
};

/** Node's own `recursive` never returns where a folder may not be made in one that exists, as in /proc. */
const makeFolder = (path: string): void => {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path, { mode: 0o700 });
};
