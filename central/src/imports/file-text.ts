import { WindowRatingError } from "@window-rating/protocol/error";

/** A text and how its bytes were read. */
export interface FileText {
  readonly text: string;
  readonly encoding: "UTF-8" | "UTF-16LE" | "UTF-16BE" | "GB18030";
}

const unreadable = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR7031", detail, cause);

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, index) => bytes[index] === byte);

const decode = (bytes: Uint8Array, label: string): string | undefined => {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/**
 * Bytes of a CSV file → text: by its byte order mark; else UTF-8 if all of it is valid; else GB18030, which holds GBK and GB2312.
 * Chinese text in GBK is never valid UTF-8 by chance beyond a few characters.
 * @throws WindowRatingError WR7031 that names what the bytes are instead
 */
export const readFileText = (bytes: Uint8Array): FileText => {
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw unreadable("It is an old Excel file (.xls); save it as .xlsx or as CSV");
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) throw unreadable("It is a PDF file; give the table as .xlsx or CSV");
  if (startsWith(bytes, 0xff, 0xfe)) return { text: whole(decode(bytes, "utf-16le"), "UTF-16LE"), encoding: "UTF-16LE" };
  if (startsWith(bytes, 0xfe, 0xff)) return { text: whole(decode(bytes, "utf-16be"), "UTF-16BE"), encoding: "UTF-16BE" };
  const hasMark = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const utf8 = decode(bytes, "utf-8");
  if (hasMark || utf8 !== undefined) {
    const text = whole(utf8, "UTF-8");
    if (text.includes("\0"))
      throw unreadable("It holds NUL bytes: it is UTF-16 without a byte order mark, or no text at all; save it as UTF-8");
    return { text, encoding: "UTF-8" };
  }
  const text = decode(bytes, "gb18030");
  if (text === undefined || text.includes("\0")) throw unreadable("It is neither UTF-8 nor GB18030 (GBK); save it as UTF-8");
  return { text, encoding: "GB18030" };
};

const whole = (text: string | undefined, encoding: string): string => {
  if (text === undefined) throw unreadable(`It starts as ${encoding} and then has bytes that ${encoding} does not know; save it anew`);
  return text;
};
