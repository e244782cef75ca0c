import { hash, verify } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { entryFileSchema, entryFileText } from "@window-rating/protocol/sync";
import { signingKey } from "../intake/signatures.ts";
import type { EntryFileAnswer } from "./entry-file.ts";

/** Its shape is checked before anything walks through it, so that nothing of it can be nested deeply. */
const read = (bytes: Uint8Array): EntryFileAnswer => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return { refused: "It is no JSON text" };
  }
  const parsed = entryFileSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { refused: `${issue?.path.join(".").slice(0, 100) || "file"}: ${(issue?.message ?? "not valid").slice(0, 200)}` };
  }
  const { content, signature } = parsed.data;
  const digest = hash("sha256", entryFileText(content), "buffer");
  return verify(null, digest, signingKey(content.publicKey), Buffer.from(signature, "hex"))
    ? { content, fileHash: hash("sha256", bytes) }
    : { refused: "signature: does not cover this list of entries" };
};

const answer = (bytes: Uint8Array): EntryFileAnswer => {
  try {
    return read(bytes);
  } catch (error) {
    return { refused: `It cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : "unknown failure"}` };
  }
};

if (parentPort !== null) parentPort.postMessage(answer(workerData as Uint8Array));
