import { Worker } from "node:worker_threads";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type EntryFile, LARGEST_ENTRY_FILE } from "@window-rating/protocol/sync";

/** A file of entries whose signature is that of the key which it names. */
export interface SignedEntries {
  readonly content: EntryFile["content"];
  /** SHA-256 of the whole file. */
  readonly fileHash: string;
}

/** What the worker sends back. */
export type EntryFileAnswer = SignedEntries | { readonly refused: string };

/** The largest file took six seconds on two busy processors. */
const PATIENCE_MS = 60_000;

/**
 * Reads a file of entries and checks the signature of its list, in a thread of its own: ratings are taken meanwhile. Whose key it is that
 * signed is for the caller to know.
 * @throws WindowRatingError WR7013 if it is larger than such a file may be, WR7018 if it is none
 */
export const readEntryFile = async (bytes: Uint8Array): Promise<SignedEntries> => {
  if (bytes.byteLength > LARGEST_ENTRY_FILE)
    throw new WindowRatingError("WR7013", `A file of entries has ${LARGEST_ENTRY_FILE} bytes at most`);
  const worker = new Worker(new URL("./entry-file-worker.ts", import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
    execArgv: [],
  });
  const timer = setTimeout(() => void worker.terminate(), PATIENCE_MS);
  try {
    const answer = await new Promise<EntryFileAnswer>((resolve) => {
      worker.once("message", resolve);
      worker.once("error", (error) => resolve({ refused: `It cannot be read: ${error.message}` }));
      worker.once("exit", () => resolve({ refused: "It takes too long or too much memory to read" }));
    });
    if ("refused" in answer) throw new WindowRatingError("WR7018", answer.refused);
    return answer;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
};
