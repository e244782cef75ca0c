import type { Refusal } from "../../../../messages/envelope.ts";
import type { ConsoleModel } from "../../console-model.ts";

/** A message to the core has at most 32 768 characters; this many bytes are 30 000 of base64. */
const PIECE = 22_500;

/** Sends a file to the core in pieces. @returns why it was refused */
export const offerFile = async (model: ConsoleModel, kind: "site" | "csv", file: Blob): Promise<Refusal | undefined> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let at = 0;
  do {
    const piece = bytes.subarray(at, at + PIECE);
    const data = btoa(Array.from(piece, (byte) => String.fromCharCode(byte)).join(""));
    const reply = await model.ask("site.offer", { kind, at, data });
    if (reply.is === "refused") return reply.error;
    at += PIECE;
  } while (at < bytes.length);
  return undefined;
};
