import { Worker } from "node:worker_threads";
import { WindowRatingError } from "@window-rating/protocol/error";
import { TABLE_LIMITS } from "./xlsx-guard.ts";

/** A cell as the file has it; dates are those of a spreadsheet, whose hours are meant in China. */
export type Cell = string | number | boolean | Date | null;

export interface Table {
  readonly encoding: "XLSX" | "UTF-8" | "UTF-16LE" | "UTF-16BE" | "GB18030";
  /** Row 1 of the file first, empty rows in their places, so that the numbers are those that a spreadsheet shows. */
  readonly rows: readonly (readonly Cell[])[];
}

/** What the worker sends back. */
export type TableAnswer = { readonly table: Table } | { readonly refused: string };

/** No table within the limits takes longer on any machine worth running central on. */
const PATIENCE_MS = 60_000;

/**
 * Reads a CSV or XLSX file, in a thread of its own: ratings are taken meanwhile, and a file that outwits the checks ends that thread
 * alone.
 * @throws WindowRatingError WR7031
 */
export const readTable = async (bytes: Uint8Array): Promise<Table> => {
  if (bytes.length === 0) throw new WindowRatingError("WR7031", "It is empty");
  if (bytes.length > TABLE_LIMITS.fileBytes) {
    throw new WindowRatingError("WR7031", `It has ${bytes.length} bytes, at most ${TABLE_LIMITS.fileBytes} are taken`);
  }
  const worker = new Worker(new URL("./table-worker.ts", import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    execArgv: [],
  });
  const timer = setTimeout(() => void worker.terminate(), PATIENCE_MS);
  try {
    const answer = await new Promise<TableAnswer>((resolve) => {
      worker.once("message", resolve);
      worker.once("error", (error) => resolve({ refused: `It cannot be read: ${error.message}` }));
      worker.once("exit", () => resolve({ refused: "It takes too long or too much memory to read" }));
    });
    if ("refused" in answer) throw new WindowRatingError("WR7031", answer.refused);
    return answer.table;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
};
