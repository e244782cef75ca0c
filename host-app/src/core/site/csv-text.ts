/** A row of cells and the line of the file that it starts on, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Bytes of a table that Excel or WPS saved → text: UTF-8 with or without a byte order mark, UTF-16 with one, else GB18030, which
 * holds GBK and GB2312. The same rule as central's imports have.
 * @returns null if they are no text in any of these
 */
export const textOfTable = (bytes: Uint8Array): string | null => {
  const [first, second] = bytes;
  const marked = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : null;
  for (const encoding of marked === null ? ["utf-8", "gb18030"] : [marked]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes("\0") ? null : text;
    } catch {
      // Then the next one.
    }
  }
  return null;
};

/**
 * The rows of a CSV (RFC 4180), separated by the comma, semicolon or tab that its first line has most of; empty lines are left out.
 * A quote that is never closed takes the rest of the text into one cell, which then fails its check.
 */
export const readCsv = (text: string): CsvRow[] => {
  const heading = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const count = (mark: string): number => heading.split(mark).length;
  const separator = [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  const rows: CsvRow[] = [];
  let line = 1;
  let startedAt = 1;
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endRow = (): void => {
    cells.push(cell.trim());
    if (cells.some((text) => text !== "")) rows.push({ line: startedAt, cells });
    cells = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === "\n") line += 1;
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"' && cell.trim() === "") {
      cell = "";
      isQuoted = true;
    } else if (letter === separator) {
      cells.push(cell.trim());
      cell = "";
    } else if (letter === "\n") {
      endRow();
      startedAt = line;
    } else if (letter !== "\r") cell += letter;
  }
  endRow();
  return rows;
};
