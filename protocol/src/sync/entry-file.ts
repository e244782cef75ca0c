import { z } from "zod";
import { windowPcIdSchema } from "./batch.ts";
import { entrySchema } from "./entry.ts";
import { canonicalJson } from "./site-file.ts";

/** Bytes that central takes of one file: some 25,000 entries. */
export const LARGEST_ENTRY_FILE = 32 * 1_048_576;

/**
 * A list of entries that a window PC signed as a whole: what a backup has and its database in use lacks (`missing-entries.json`). Each entry
 * is as it was made, with its own hash and signature; the signature of the file says that none was put in or taken out.
 */
export const entryFileSchema = z.strictObject({
  content: z.strictObject({
    format: z.literal("window-rating entries 1"),
    windowPcId: windowPcIdSchema,
    publicKey: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("Ed25519 public key of the window PC, 32 bytes, hexadecimal"),
    exportedAt: z.iso.datetime(),
    entries: z.array(entrySchema),
  }),
  signature: z
    .string()
    .regex(/^[0-9a-f]{128}$/)
    .describe("Ed25519 over the SHA-256 of entryFileText"),
});
export type EntryFile = z.infer<typeof entryFileSchema>;

/** The text whose UTF-8 bytes are hashed with SHA-256 and signed. */
export const entryFileText = (content: EntryFile["content"]): string => canonicalJson(content);
