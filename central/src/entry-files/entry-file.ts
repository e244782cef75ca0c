import { hash, verify } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type EntryFile, entryFileSchema, entryFileText, LARGEST_ENTRY_FILE } from "@window-rating/protocol/sync";
import { signingKey } from "../intake/signatures.ts";

const notAsSigned = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR7018", detail, cause);

/**
 * Reads a file of entries. Its shape is checked before anything walks through it, so that nothing of it can be nested deeply.
 * @throws WindowRatingError WR7013 if it is larger than such a file may be, WR7018 if it is none
 */
export const readEntryFile = (bytes: Uint8Array): EntryFile => {
  if (bytes.byteLength > LARGEST_ENTRY_FILE)
    throw new WindowRatingError("WR7013", `A file of entries has ${LARGEST_ENTRY_FILE} bytes at most`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw notAsSigned("It is no JSON text", error);
  }
  const parsed = entryFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notAsSigned(`${issue?.path.join(".").slice(0, 100) || "file"}: ${(issue?.message ?? "not valid").slice(0, 200)}`);
};

/**
 * Holds a file against the key with which its window PC enrolled here.
 * @throws WindowRatingError WR7018 if another key signed it, or something else
 */
export const requireSigned = ({ content, signature }: EntryFile, publicKey: string): void => {
  if (content.publicKey !== publicKey) throw notAsSigned("content.publicKey: is not the key with which this window PC enrolled here");
  const digest = hash("sha256", entryFileText(content), "buffer");
  if (!verify(null, digest, signingKey(publicKey), Buffer.from(signature, "hex")))
    throw notAsSigned("signature: does not cover this list of entries");
};
