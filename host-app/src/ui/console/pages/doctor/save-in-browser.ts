import type { Refusal } from "../../../../messages/envelope.ts";
import type { ConsoleModel } from "../../console-model.ts";

/** The bytes of a text in base64. */
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Fetches the bundle piece by piece over the console's own line, and gives it to the browser to save. @returns why it was not, if so */
export const saveInBrowser = async (model: ConsoleModel, name: string): Promise<Refusal | undefined> => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; ; ) {
    const reply = await model.ask("bundle.read", { from });
    if (reply.is === "refused") return reply.error;
    const piece = bytesOf(reply.body.data);
    if (piece.length === 0) break;
    pieces.push(piece);
    from += piece.length;
  }
  const address = URL.createObjectURL(new Blob(pieces, { type: "application/gzip" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by then; at once would be too early for some.
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return undefined;
};
