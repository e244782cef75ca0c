import { hash } from "node:crypto";
import { type Entry, type EntryFile, entryFileText } from "@window-rating/protocol/sync";
import { replaceFile } from "../config/durable-file.ts";
import type { Identity } from "../identity/identity.ts";

/**
 * Writes entries into a signed file. They are as they were made, each with its own signature; that of the file says that the list is whole.
 * @throws what the system says if it cannot be written
 */
export const exportEntries = (
  path: string,
  entries: readonly Entry[],
  identity: Pick<Identity, "windowPcId" | "publicKey" | "sign">,
  wallMs: number,
): void => {
  const content: EntryFile["content"] = {
    format: "window-rating entries 1",
    windowPcId: identity.windowPcId,
    publicKey: identity.publicKey,
    exportedAt: new Date(wallMs).toISOString(),
    entries: [...entries],
  };
  const signature = identity.sign(hash("sha256", entryFileText(content), "buffer")).toString("hex");
  replaceFile(path, `${JSON.stringify({ content, signature })}\n`);
};
