import { readFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { fileTrouble } from "../../config/file-trouble.ts";
import { type BadWindowRow, readWindowTable, type WindowTable } from "../../site/window-table.ts";

/** Bytes of a file that a flag names. @throws WR8002 if it cannot be read */
export const readNamedFile = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new WindowRatingError("WR8002", `${path} cannot be read: ${fileTrouble(cause)}`, cause);
  }
};

/** A list of windows of which every row is good. @throws WR8013 with every bad row */
export const readGoodTable = (path: string, troubleOf: (profile: string) => string | null): WindowTable => {
  const table = readWindowTable(readNamedFile(path), troubleOf);
  if (table.bad.length > 0) throw new WindowRatingError("WR8013", `${path}:\n${table.bad.map(badRowText).join("\n")}\nnothing was taken`);
  return table;
};

export const badRowText = ({ line, column, reason, value }: BadWindowRow): string =>
  `  line ${line}, ${column}: ${reason} (it says "${value}")`;
