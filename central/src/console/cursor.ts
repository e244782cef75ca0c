import { WindowRatingError } from "@window-rating/protocol/error";

/**
 * Where a page ended: the values of its last row, in the order of the list. Whole numbers as they are; what is text is base64url, so that
 * the whole fits into a URL.
 */
export const cursorOf = (...values: readonly (number | string)[]): string =>
  values.map((value) => (typeof value === "number" ? String(value) : `t${Buffer.from(value).toString("base64url")}`)).join("~");

/** @throws WindowRatingError WR7001 for anything that no list of this kind ends with */
export const readCursor = <const Kinds extends readonly ("number" | "text")[]>(
  cursor: string,
  kinds: Kinds,
): { [I in keyof Kinds]: Kinds[I] extends "number" ? number : string } => {
  const parts = cursor.split("~");
  const values = parts.map((part, index) => {
    if (kinds[index] === "number" && /^-?\d{1,15}$/.test(part)) return Number(part);
    if (kinds[index] === "text" && /^t[\w-]*$/.test(part)) {
      const text = Buffer.from(part.slice(1), "base64url").toString();
      if (!/\p{Cc}/u.test(text)) return text;
    }
    throw new WindowRatingError("WR7001", "after: the next of an earlier answer of this list");
  });
  if (values.length !== kinds.length) throw new WindowRatingError("WR7001", "after: the next of an earlier answer of this list");
  return values as { [I in keyof Kinds]: Kinds[I] extends "number" ? number : string };
};

/** A query asks for one row more than the page holds, to know whether another page follows. */
export const cutPage = <Row>(rows: readonly Row[], limit: number, cursor: (last: Row) => string): { rows: Row[]; next: string | null } => {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? cursor(last) : null };
};
