import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** One page as it lies in a file; `number` is null where nothing tells it. */
interface Page {
  readonly number: number;
  readonly bytes: Buffer;
}

/** What the bytes say an entry is; whether it is one, its signature tells. */
export interface CarvedEntry {
  readonly entryId: string;
  readonly number: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly signature: string;
  readonly body: string;
}

const DEFAULT_PAGE = 4096;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** The header of every entry's record holds the lengths of previous hash (64), hash (64) and signature (128), in this order. */
const MARK = Buffer.from([0x81, 0x0d, 0x81, 0x0d, 0x82, 0x0d]);
/** Longer than any entry. */
const LONGEST_PAYLOAD = 70_000;

const isPageSize = (size: number): boolean => size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;

/** A file of pages that is read page by page, whatever its first page says. */
class PagedFile {
  readonly #file: number;
  readonly #isLog: boolean;
  readonly #size: number;
  readonly #at = new Map<number, number[]>();
  readonly pageSize: number;

  constructor(path: string, isLog: boolean) {
    this.#file = openSync(path, "r");
    this.#isLog = isLog;
    this.#size = fstatSync(this.#file).size;
    const head = this.#read(0, WAL_HEADER);
    const told = head.length < WAL_HEADER ? 0 : isLog ? head.readUInt32BE(8) : head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
    this.pageSize = isPageSize(told) ? told : DEFAULT_PAGE;
    if (isLog) this.#index();
  }

  *pages(): Generator<Page> {
    if (this.#isLog) {
      for (const [number, places] of this.#at) for (const place of places) yield { number, bytes: this.#read(place, this.pageSize) };
      return;
    }
    for (let number = 1; (number - 1) * this.pageSize < this.#size; number++) {
      yield { number, bytes: this.#read((number - 1) * this.pageSize, this.pageSize) };
    }
  }

  /** Every version of a page, the newest first. */
  versions(number: number): Buffer[] {
    if (this.#isLog) return (this.#at.get(number) ?? []).toReversed().map((place) => this.#read(place, this.pageSize));
    const place = (number - 1) * this.pageSize;
    return number < 1 || place >= this.#size ? [] : [this.#read(place, this.pageSize)];
  }

  close(): void {
    closeSync(this.#file);
  }

  #index(): void {
    for (let at = WAL_HEADER; at + FRAME_HEADER < this.#size; at += FRAME_HEADER + this.pageSize) {
      const number = this.#read(at, 4).readUInt32BE(0);
      this.#at.set(number, [...(this.#at.get(number) ?? []), at + FRAME_HEADER]);
    }
  }

  #read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.#file, bytes, 0, length, at));
  }
}

/** SQLite's numbers of 1 to 9 bytes. null: it does not end within the bytes, or is no number of ours. */
const varint = (bytes: Buffer, at: number): { readonly value: number; readonly next: number } | null => {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) return null;
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return null;
};

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8, -1, 0, 0];
/** Bytes of a value by its serial type; -1: none of ours. */
const widthOf = (type: number): number => (type < 10 ? (INTEGER_BYTES[type] ?? -1) : type < 12 ? -1 : (type - (type % 2) - 12) / 2);

const COLUMNS = 9;

/** Types of the columns, if a record of `entries` has its header here. */
const headerAt = (bytes: Buffer, at: number): { readonly widths: number[]; readonly end: number; readonly payload: number } | null => {
  const size = varint(bytes, at);
  if (size === null || size.value < COLUMNS + 1 || size.value > 40) return null;
  const widths: number[] = [];
  let next = size.next;
  while (next < at + size.value) {
    const type = varint(bytes, next);
    if (type === null) return null;
    const width = widthOf(type.value);
    if (width < 0) return null;
    widths.push(width);
    next = type.next;
  }
  if (widths.length !== COLUMNS || next !== at + size.value || widths[0] !== 0 || widths[1] !== 36) return null;
  const payload = widths.reduce((sum, width) => sum + width, size.value);
  return payload > LONGEST_PAYLOAD ? null : { widths, end: next, payload };
};

/** Bytes of a payload that lie in the leaf itself (SQLite's file format, "B-tree Cell Format"). */
const localBytes = (payload: number, usable: number): number => {
  if (payload <= usable - 35) return payload;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const most = least + ((payload - least) % (usable - 4));
  return most <= usable - 35 ? most : least;
};

/**
 * What may be an entry anywhere in the bytes of a database or its log, whether SQLite still finds its way there or not: also on pages whose
 * header, or whose way from the root, is gone. Reads only.
 * @param sources the database and its log; those that are not there are left out
 */
export function* carveEntries(sources: readonly { readonly path: string; readonly isLog: boolean }[]): Generator<CarvedEntry> {
  const files = sources.map(({ path, isLog }) => new PagedFile(path, isLog));
  // The log is newer; an entry that spreads over pages may begin in one file and go on in the other.
  const orders = [files.toReversed(), files];
  try {
    for (const file of files) for (const { bytes } of file.pages()) yield* entriesIn(bytes, file.pageSize, orders);
  } finally {
    for (const file of files) file.close();
  }
}

function* entriesIn(page: Buffer, pageSize: number, orders: readonly (readonly PagedFile[])[]): Generator<CarvedEntry> {
  for (let mark = page.indexOf(MARK); mark !== -1; mark = page.indexOf(MARK, mark + 1)) {
    // Before the mark: size of the header, type of the number (none), of the id, of kind and request id.
    for (let start = Math.max(1, mark - 8); start <= mark - 5; start++) {
      const header = headerAt(page, start);
      if (header === null) continue;
      const number = numberBefore(page, start, header.payload);
      if (number === null) continue;
      for (const order of orders) {
        const payload = payloadAt(page, start, header.payload, pageSize, order);
        if (payload !== null) yield entryOf(number, payload.subarray(header.end - start), header.widths);
      }
    }
  }
}

/** The two numbers before a record are the length of its payload and its row. */
const numberBefore = (page: Buffer, start: number, payload: number): number | null => {
  for (let at = Math.max(0, start - 12); at < start; at++) {
    const length = varint(page, at);
    if (length?.value !== payload) continue;
    const row = varint(page, length.next);
    if (row?.next === start && row.value > 0) return row.value;
  }
  return null;
};

const payloadAt = (page: Buffer, start: number, length: number, pageSize: number, order: readonly PagedFile[]): Buffer | null => {
  const local = localBytes(length, pageSize);
  const pieces = [page.subarray(start, start + local)];
  let missing = length - (pieces[0]?.length ?? 0);
  if (local === length) return missing === 0 ? (pieces[0] ?? null) : null;
  if (start + local + 4 > page.length) return null;
  let next = page.readUInt32BE(start + local);
  while (missing > 0) {
    const [bytes] = order.flatMap((file) => file.versions(next));
    if (bytes === undefined || bytes.length < 5) return null;
    const piece = bytes.subarray(4, 4 + missing);
    pieces.push(piece);
    missing -= piece.length;
    next = bytes.readUInt32BE(0);
  }
  return Buffer.concat(pieces);
};

const entryOf = (number: number, values: Buffer, widths: readonly number[]): CarvedEntry => {
  let at = 0;
  const texts = widths.map((width) => {
    at += width;
    return values.toString("utf8", at - width, at);
  });
  const [, entryId = "", , , previousHash = "", hash = "", signature = "", body = ""] = texts;
  return { entryId, number, previousHash, hash, signature, body };
};
