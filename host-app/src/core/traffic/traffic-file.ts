import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { BUNDLE_FOLDER, stamp } from "../bundle/log-bundle.ts";
import { replaceFile } from "../config/durable-file.ts";
import type { TrafficFrame } from "./traffic-shape.ts";

/**
 * Writes frames into a new file in the folder `bundles` of the data folder, one line of JSON each; they were redacted when they were read.
 * @throws WR8006
 */
export const saveFrames = (dataDir: string, frames: readonly TrafficFrame[], wallMs: number): string => {
  const path = join(dataDir, BUNDLE_FOLDER, `traffic-${stamp(wallMs)}.jsonl`);
  try {
    mkdirSync(join(dataDir, BUNDLE_FOLDER), { recursive: true, mode: 0o700 });
    replaceFile(path, frames.map((frame) => `${JSON.stringify(frame)}\n`).join(""));
  } catch (error) {
    throw new WindowRatingError("WR8006", `${path} cannot be written: ${(error as Error).message}`, error);
  }
  return path;
};
