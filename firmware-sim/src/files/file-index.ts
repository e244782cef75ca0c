import { type Asset, crc32c, type FirmwareImage, type Message } from "@window-rating/protocol/pad";
import * as z from "zod/mini";
import type { Disk } from "../store/disk.ts";
import { assetSchema, imageSchema, recordText } from "./file-record.ts";

/** How an update came out. */
export type UpdateOutcome = Message<"updated">["outcome"];

/** What is in which place of a pad's files: the one thing that is changed in one step. */
export interface FileIndex {
  readonly assets: readonly Asset[];
  /** The image that is whole and not installed. */
  readonly staged?: FirmwareImage | undefined;
  /** The image that runs; none: the firmware that the pad was made with. */
  readonly running?: FirmwareImage | undefined;
  /** The image that is tried, and how often it was started; `running` stays until it has had a session. */
  readonly trial?: { readonly image: FirmwareImage; readonly starts: number } | undefined;
  /** An update came out so, and the event that tells it is not in the event store yet. */
  readonly outcome?: UpdateOutcome | undefined;
  /** Hashes of contents that nothing names any more since the last change; a loss of power may have left them. */
  readonly garbage: readonly string[];
}

const EMPTY_INDEX: FileIndex = { assets: [], garbage: [] };

const indexSchema = z.strictObject({
  format: z.literal(1),
  assets: z.array(assetSchema),
  staged: z.optional(imageSchema),
  running: z.optional(imageSchema),
  trial: z.optional(z.strictObject({ image: imageSchema, starts: z.int().check(z.minimum(0)) })),
  outcome: z.optional(z.enum(["kept", "rolledBack"])),
  garbage: z.array(z.string()),
});

const encoder = new TextEncoder();
const checksum = (text: string): string => {
  const bytes = encoder.encode(text);
  return crc32c(bytes, 0, bytes.length).toString(16).padStart(8, "0");
};

/** Reads an index; an unreadable one is an empty one: the host brings everything again. @throws the disk's errors */
export const readIndex = (path: string, disk: Disk): FileIndex => {
  const bytes = disk.read(path);
  if (bytes === undefined) return EMPTY_INDEX;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.slice(0, 9) !== `${checksum(text.slice(9))} `) return EMPTY_INDEX;
    const { format: _, ...index } = indexSchema.parse(JSON.parse(text.slice(9)));
    return index;
  } catch {
    return EMPTY_INDEX;
  }
};

/** Puts an index in the place of the one before, in one step. @throws the disk's errors; it is then the one before or this one */
export const writeIndex = (path: string, disk: Disk, index: FileIndex): void => {
  const text = recordText({ format: 1, ...index });
  const file = disk.open(`${path}.new`, "empty");
  try {
    file.append(encoder.encode(`${checksum(text)} ${text}`));
    file.sync();
  } finally {
    file.close();
  }
  disk.rename(`${path}.new`, path);
  disk.syncFolderOf(path);
};
