import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type KeyFile, readKeyFile } from "../../sms/contact-keys.ts";

/**
 * Writes the key file anew, whole or not at all, if it still says what was read from it. While one writes nobody else does.
 * @throws WindowRatingError WR7066 if it changed meanwhile or another is writing; WR7037 if it cannot be written
 */
export const replaceKeyFile = (path: string, before: KeyFile, after: KeyFile): void => {
  const unfinished = `${path}.new`;
  const file = openNew(unfinished);
  let isFinished = false;
  try {
    if (JSON.stringify(readKeyFile(path)) !== JSON.stringify(before)) throw new WindowRatingError("WR7066", path);
    writeSync(file, `${JSON.stringify(after, undefined, 2)}\n`);
    fsyncSync(file);
    renameSync(unfinished, path);
    isFinished = true;
    syncFolder(dirname(path));
  } catch (error) {
    if (error instanceof WindowRatingError) throw error;
    throw new WindowRatingError("WR7037", `${path} cannot be written`, error);
  } finally {
    closeSync(file);
    if (!isFinished) rmSync(unfinished, { force: true });
  }
};

const openNew = (unfinished: string): number => {
  try {
    return openSync(unfinished, "wx", 0o600);
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (isThere)
      throw new WindowRatingError("WR7066", `${unfinished} is there: another command writes it, or was cut short; delete it then`, error);
    throw new WindowRatingError("WR7037", `${unfinished} cannot be made`, error);
  }
};

const syncFolder = (folder: string): void => {
  // Windows has no way to do this, and needs none.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
};
