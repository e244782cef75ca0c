import type { Cite } from "./rule-schema.ts";

/** Text without white space: some documents break their lines within words. */
export const squeeze = (text: string): string => text.replace(/\s/g, "");

/** Whether the quote begins on its line of the document. White space is nothing, so a quote may run over line breaks. */
export const findQuote = (document: string, { line, quote }: Pick<Cite, "line" | "quote">): boolean => {
  const lines = document.split("\n");
  const first = squeeze(lines[line - 1] ?? "");
  const at = squeeze(lines.slice(line - 1).join("")).indexOf(squeeze(quote));
  return at >= 0 && at < first.length;
};
