import { inflateRawSync } from "node:zlib";
import { WindowRatingError } from "@window-rating/protocol/error";

/** What a file may hold. A table of 50,000 rows has about 30 MB of XML. */
export const TABLE_LIMITS = { fileBytes: 16 * 1_048_576, unpackedBytes: 64 * 1_048_576, parts: 200, rows: 50_000, columns: 60 } as const;

const refused = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR7031", detail, cause);

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

interface Part {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly headerAt: number;
}

/**
 * Refuses what would fill the memory of whoever unpacks it: too many parts, sizes that are declared too large, sizes that turn out
 * larger than declared, document types with entities, tables with a cell far out.
 * @throws WindowRatingError WR7031
 */
export const guardXlsx = (bytes: Uint8Array): void => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const parts = readDirectory(view);
    const declared = parts.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
    if (declared > TABLE_LIMITS.unpackedBytes)
      throw refused(`Unpacked it has ${declared} bytes, at most ${TABLE_LIMITS.unpackedBytes} are taken`);
    let left: number = TABLE_LIMITS.unpackedBytes;
    for (const part of parts) {
      const content = unpack(view, part, left);
      left -= content.length;
      // No program that writes tables declares one; with it, entities could name files and grow without end.
      if (/\.(xml|rels)$/i.test(part.name) && content.includes("<!DOCTYPE"))
        throw refused(`Its part ${short(part.name)} declares a document type, as no table does`);
      if (/^xl\/worksheets\/[^/]+\.xml$/i.test(part.name)) guardSheet(content);
    }
  } catch (error) {
    if (error instanceof WindowRatingError) throw error;
    throw refused("It is no whole XLSX file", error);
  }
};

const readDirectory = (view: Buffer): Part[] => {
  const end = findEnd(view);
  const count = view.readUInt16LE(end + 10);
  if (count > TABLE_LIMITS.parts) throw refused(`It has ${count} parts, at most ${TABLE_LIMITS.parts} are taken`);
  const parts: Part[] = [];
  let at = view.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (view.readUInt32LE(at) !== DIRECTORY_ENTRY) throw refused("Its directory of parts is damaged");
    const [nameLength, extraLength, commentLength] = [view.readUInt16LE(at + 28), view.readUInt16LE(at + 30), view.readUInt16LE(at + 32)];
    if ((view.readUInt16LE(at + 8) & 1) !== 0) throw refused("It is locked with a password; save it without one");
    const part = {
      name: view.toString("utf8", at + 46, at + 46 + nameLength),
      method: view.readUInt16LE(at + 10),
      packedBytes: view.readUInt32LE(at + 20),
      unpackedBytes: view.readUInt32LE(at + 24),
      headerAt: view.readUInt32LE(at + 42),
    };
    if ([part.packedBytes, part.unpackedBytes, part.headerAt].includes(0xffff_ffff)) throw refused("It is larger than any table (ZIP64)");
    parts.push(part);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return parts;
};

/** The end of the directory stands last, before a comment of at most 65,535 bytes. */
const findEnd = (view: Buffer): number => {
  for (let at = view.length - 22; at >= Math.max(0, view.length - 22 - 65_535); at--)
    if (view.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw refused("It is no XLSX file");
};

const unpack = (view: Buffer, { name, method, packedBytes, unpackedBytes, headerAt }: Part, left: number): Buffer => {
  if (view.readUInt32LE(headerAt) !== LOCAL_HEADER) throw refused(`Its part ${short(name)} is damaged`);
  const from = headerAt + 30 + view.readUInt16LE(headerAt + 26) + view.readUInt16LE(headerAt + 28);
  if (from + packedBytes > view.length) throw refused(`Its part ${short(name)} is cut off`);
  const packed = view.subarray(from, from + packedBytes);
  if (method === 0) {
    if (packedBytes !== unpackedBytes) throw refused(`Its part ${short(name)} is not as long as declared`);
    return packed;
  }
  if (method !== 8) throw refused(`Its part ${short(name)} is packed in an unknown way`);
  let content: Buffer;
  try {
    content = inflateRawSync(packed, { maxOutputLength: Math.max(1, Math.min(left, unpackedBytes)) });
  } catch (error) {
    throw refused(`Its part ${short(name)} unpacks to more than the ${unpackedBytes} bytes that it declares, or is damaged`, error);
  }
  return content;
};

const short = (name: string): string => name.replace(/[^\x20-\x7e]/g, "?").slice(0, 60);

/** A sheet with one cell in its last row makes a reader build a million rows before it. */
const guardSheet = (content: Buffer): void => {
  const text = content.toString("latin1");
  for (const [, letters = "", digits = "0"] of text.matchAll(/\br\s*=\s*["']([A-Za-z]{0,8})(\d{1,15})["']/g)) guardPlace(letters, digits);
  for (const [, letters = "", digits = "0"] of text.matchAll(/\bref\s*=\s*["'](?:[A-Za-z]{1,8}\d{1,15}:)?([A-Za-z]{1,8})(\d{1,15})["']/g)) {
    guardPlace(letters, digits);
  }
};

const guardPlace = (letters: string, digits: string): void => {
  const column = [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  // The first row names the columns.
  if (Number(digits) > TABLE_LIMITS.rows + 1) throw refused(`It has a cell in row ${digits}; at most ${TABLE_LIMITS.rows} rows are taken`);
  if (column > TABLE_LIMITS.columns) throw refused(`It has a cell in column ${letters}; at most ${TABLE_LIMITS.columns} columns are taken`);
};
