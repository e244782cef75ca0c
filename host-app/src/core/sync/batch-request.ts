import type { Entry } from "@window-rating/protocol/sync";

/** The text of one batch request, and the entries that are in it. */
export interface BatchText {
  readonly text: string;
  readonly entries: readonly Entry[];
}

/**
 * Writes a batch request with as many of the entries, from the first on, as fit.
 * @param maxBytes of the whole request; the first entry goes in even if it alone is longer, so that central can say so
 */
export const writeBatch = (windowPcId: string, sentAtMs: number, entries: readonly Entry[], maxBytes: number): BatchText => {
  const head = `{"windowPcId":${JSON.stringify(windowPcId)},"sentAtMs":${sentAtMs},"entries":[`;
  const tail = "]}";
  const texts: string[] = [];
  let bytes = head.length + tail.length;
  for (const entry of entries) {
    const text = JSON.stringify(entry);
    bytes += Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes > maxBytes) break;
    texts.push(text);
  }
  return { text: head + texts.join(",") + tail, entries: entries.slice(0, texts.length) };
};
