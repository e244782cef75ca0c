import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { SHARED_SHELL } from "../../messages/shared-shell.ts";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";

/** Of the app's shell.json what a hall shares; its monitor and its pages belong to one PC. */
export const siteShellSchema = z.strictObject(SHARED_SHELL).partial();
export type SiteShell = z.infer<typeof siteShellSchema>;

/** The hall's own, in the data folder: it holds where the user of the app has chosen nothing. */
const shellPath = (dataDir: string): string => join(dataDir, "shell.json");

/** What of a model PC's shell.json the hall shares. @throws WR8002 if it cannot be read, WR8012 if it is none */
export const carriedShell = (path: string): SiteShell => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new WindowRatingError("WR8002", `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
  try {
    const { edge, shortcuts, update } = JSON.parse(text) as Record<string, unknown>;
    return siteShellSchema.parse(JSON.parse(JSON.stringify({ edge, shortcuts, update })));
  } catch (cause) {
    throw new WindowRatingError("WR8012", `${path} is no shell.json: ${(cause as Error).message.slice(0, 200)}`, cause);
  }
};

const textOf = (shell: SiteShell): string => `${JSON.stringify(shell, null, 2)}\n`;

/** @throws WR8006 */
export const shellChanges = (dataDir: string, shell: SiteShell | undefined): boolean => {
  try {
    return shell !== undefined && readIfPresent(shellPath(dataDir)) !== textOf(shell);
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${shellPath(dataDir)}: ${(cause as Error).message}`, cause);
  }
};

/** @throws WR8006 */
export const keepShell = (dataDir: string, shell: SiteShell | undefined): void => {
  if (shell === undefined || !shellChanges(dataDir, shell)) return;
  try {
    replaceFile(shellPath(dataDir), textOf(shell));
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${shellPath(dataDir)} cannot be written: ${(cause as Error).message}`, cause);
  }
};
