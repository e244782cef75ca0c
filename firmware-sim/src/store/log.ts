import { crc32c, type PadEvent } from "@window-rating/protocol/pad";
import { type RequestId, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import * as z from "zod/mini";
import { bytesOfHex, hexOf } from "../hexadecimal.ts";
import type { Fact } from "./event-store.ts";

/**
 * The store's file: records of one line each, `<CRC-32C in hex> <JSON>`, with a line break before and behind. So one damaged
 * byte, a line break included, spoils one record and no other, and a person can read the file.
 */
export const FORMAT = 1;

const upTo = (most: number, least = 0) => z.int().check(z.minimum(least), z.maximum(most));
const u32 = upTo(2 ** 32 - 1);
const eventNo = upTo(2 ** 32 - 1, 1);
const unixMs = upTo(2 ** 48 - 1);
const levelSchema = z.literal([1, 2, 3, 4, 5]);
const text = (longest: number) => z.string().check(z.maxLength(longest));
const requestId = z.pipe(
  z.string().check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)),
  z.transform((id) => requestIdToBytes(id as RequestId)),
);

const ratedSchema = z.strictObject({
  type: z.literal("rated"),
  eventNo,
  requestId,
  level: levelSchema,
  sinceOpenMs: u32,
  unixMs,
  bootCount: u32,
});
const hexBytes = (most: number) => z.pipe(z.string().check(z.regex(/^([0-9a-f]{2})*$/), z.maxLength(most * 2)), z.transform(bytesOfHex));
const touchRatedSchema = z.extend(ratedSchema, {
  type: z.literal("touchRated"),
  reasonList: text(16),
  reasons: z.array(u32).check(z.maxLength(16)),
  sealed: hexBytes(1024),
  sealedFor: hexBytes(8),
  completed: z.enum(["confirmed", "timeUp"]),
  language: text(16),
});
const timedOutSchema = z.strictObject({ type: z.literal("timedOut"), eventNo, requestId, unixMs, bootCount: u32 });
const bootedSchema = z.strictObject({
  type: z.literal("booted"),
  eventNo,
  bootCount: eventNo,
  cause: z.enum(["power", "watchdog", "update", "command"]),
});
const keyStuckSchema = z.strictObject({ type: z.literal("keyStuck"), eventNo, key: levelSchema });
const faultSchema = z.strictObject({ type: z.literal("fault"), eventNo, code: upTo(2 ** 16 - 1), detail: text(64) });
const updatedSchema = z.strictObject({
  type: z.literal("updated"),
  eventNo,
  outcome: z.enum(["kept", "rolledBack"]),
  version: text(16),
  release: u32,
});

const recordSchema = z.discriminatedUnion("is", [
  /** First record of a file. Later formats keep `is` and `format` and may change all else. */
  z.looseObject({ is: z.literal("store"), format: z.int().check(z.minimum(1)), storeId: z.catch(u32, 0) }),
  /** Behind the pending events of a file that was written anew. */
  z.strictObject({ is: z.literal("state"), bootCount: u32, lastEventNo: u32, lostEvents: u32 }),
  z.strictObject({ is: z.literal("booted"), bootCount: u32 }),
  z.strictObject({
    is: z.literal("event"),
    event: z.discriminatedUnion("type", [
      ratedSchema,
      touchRatedSchema,
      timedOutSchema,
      bootedSchema,
      keyStuckSchema,
      faultSchema,
      updatedSchema,
    ]),
  }),
  z.strictObject({ is: z.literal("stored"), eventNo }),
  z.strictObject({ is: z.literal("lost"), lostEvents: u32 }),
  z.strictObject({ is: z.literal("paired"), key: hexBytes(32).check(z.refine((key) => key.length === 32)) }),
  z.strictObject({ is: z.literal("unpaired") }),
  /** Record of the journal: what a store has had, by its id. */
  z.strictObject({
    is: z.literal("fact"),
    storeId: u32,
    event: z.discriminatedUnion("type", [ratedSchema, touchRatedSchema, timedOutSchema]),
  }),
]);

/** One line of a store or of its journal. */
export type LogRecord =
  | { readonly is: "store"; readonly format: number; readonly storeId: number }
  | { readonly is: "state"; readonly bootCount: number; readonly lastEventNo: number; readonly lostEvents: number }
  | { readonly is: "booted"; readonly bootCount: number }
  | { readonly is: "event"; readonly event: PadEvent }
  | { readonly is: "stored"; readonly eventNo: number }
  | { readonly is: "lost"; readonly lostEvents: number }
  | { readonly is: "paired"; readonly key: Uint8Array }
  | { readonly is: "unpaired" }
  | { readonly is: "fact"; readonly storeId: number; readonly event: Fact };

/** No record of an event or a start is shorter, in bytes: so a damaged stretch held no more of them than its length by this. */
export const SHORTEST_RECORD = 32;

const LINE_BREAK = 0x0a;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const checksum = (text: Uint8Array): string => crc32c(text, 0, text.length).toString(16).padStart(8, "0");

/** Bytes of records, ready to append. */
export const encodeRecords = (records: readonly LogRecord[]): Uint8Array => {
  const lines = records.map((record) => {
    const text = JSON.stringify(record, (name, value: unknown) =>
      value instanceof Uint8Array ? (name === "requestId" ? requestIdFromBytes(value) : hexOf(value)) : value,
    );
    return `\n${checksum(encoder.encode(text))} ${text}\n`;
  });
  return encoder.encode(lines.join(""));
};

const decodeLine = (line: Uint8Array): LogRecord | undefined => {
  try {
    const text = line.subarray(9);
    if (decoder.decode(line.subarray(0, 9)) !== `${checksum(text)} `) return undefined;
    return recordSchema.parse(JSON.parse(decoder.decode(text))) as LogRecord;
  } catch {
    return undefined;
  }
};

/** What could be read of a file. */
export interface LogReading {
  readonly records: readonly LogRecord[];
  /** Bytes of complete lines that are no records. */
  readonly damagedBytes: number;
  /** The file ends within a record: power went while it was written, and nobody was told of it. */
  readonly isTorn: boolean;
}

/** Reads all that can be read. Never throws. */
export const decodeRecords = (bytes: Uint8Array): LogReading => {
  const records: LogRecord[] = [];
  let damagedBytes = 0;
  let start = 0;
  for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK, start)) {
    if (end > start) {
      const record = decodeLine(bytes.subarray(start, end));
      if (record === undefined) damagedBytes += end - start;
      else records.push(record);
    }
    start = end + 1;
  }
  return { records, damagedBytes, isTorn: start < bytes.length };
};
