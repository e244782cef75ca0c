import { rmSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";

const controlSchema = z.strictObject({
  pid: z.number().int().positive(),
  deskPort: z.number().int().min(1).max(65_535),
  token: z.string().min(32).max(256).describe("Opens /desk/v1/status and nothing else"),
});

/** How the commands of window-host reach the one that runs on this data folder. */
export type Control = z.infer<typeof controlSchema>;

const controlPath = (dataDir: string): string => join(dataDir, "control.json");

/** Readable by the user of window-host alone. @returns the function that takes it away again */
export const publishControl = (dataDir: string, control: Control): (() => void) => {
  replaceFile(controlPath(dataDir), `${JSON.stringify(control)}\n`);
  return () => rmSync(controlPath(dataDir), { force: true });
};

/**
 * @returns null if there is none; one that is there may be left from a host that was killed
 * @throws WR8006 if it cannot be read, for instance by another user
 */
export const readControl = (dataDir: string): Control | null => {
  try {
    const text = readIfPresent(controlPath(dataDir));
    return text === null ? null : controlSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new WindowRatingError("WR8006", `${controlPath(dataDir)} cannot be read (${describe(error)})`, error);
  }
};

const describe = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).name;
