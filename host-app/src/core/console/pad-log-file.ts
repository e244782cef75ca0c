import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { BUNDLE_FOLDER, stamp } from "../bundle/log-bundle.ts";
import type { PadStatus } from "../commands/status-shape.ts";
import { replaceFile } from "../config/durable-file.ts";
import type { PadLogLine, PadLogPage } from "../pads/pad-log-reader.ts";

/** No pad keeps so many; of one that tells more, the newest are kept. */
const MOST_LINES = 10_000;

/** The logs of pads as one console has read them, page by page, until they are written into files. */
export class ReadLogs {
  readonly #lines = new Map<string, PadLogLine[]>();

  /** Takes note of a page; the one from 0 begins the log anew. */
  take<Page extends PadLogPage & { readonly windowNo: string }>(page: Page, from: number): Page {
    const before = from === 0 ? [] : (this.#lines.get(page.windowNo) ?? []);
    this.#lines.set(page.windowNo, [...before, ...page.lines].slice(-MOST_LINES));
    return page;
  }

  /**
   * Writes what was read of the pad of a window into a new file in the folder `bundles` of the data folder: who the pad is, then each line
   * with its number.
   * @throws WR1055 if nothing was read, WR8006
   */
  save(dataDir: string, windowNo: string, pad: PadStatus | undefined, wallMs: number): { path: string; lines: number } {
    const lines = this.#lines.get(windowNo);
    if (lines === undefined) throw new WindowRatingError("WR1055", `the log of the pad of window ${windowNo} was not read yet`);
    const about = `window ${windowNo}, pad ${pad?.model ?? "?"} ${pad?.serialNumber ?? "?"}, firmware ${pad?.firmware ?? "?"}`;
    const path = join(dataDir, BUNDLE_FOLDER, `pad-log-${stamp(wallMs)}.txt`);
    try {
      mkdirSync(join(dataDir, BUNDLE_FOLDER), { recursive: true, mode: 0o700 });
      replaceFile(path, [about, ...lines.map(({ number, text }) => `${number}\t${text}`), ""].join("\n"));
    } catch (error) {
      throw new WindowRatingError("WR8006", `${path} cannot be written: ${(error as Error).message}`, error);
    }
    return { path, lines: lines.length };
  }
}
