import { open } from "node:fs/promises";
import { WindowRatingError } from "@window-rating/protocol/error";

/** Three quarters of what a screen may be behind, in base64. */
const PIECE_BYTES = 144 * 1024;

/** A piece of a file of this PC for a screen, base64; empty at its end. @throws WR8006 */
export const filePiece = async (path: string, from: number): Promise<string> => {
  try {
    await using file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, from);
    return buffer.subarray(0, bytesRead).toString("base64");
  } catch (error) {
    throw new WindowRatingError("WR8006", `${path} cannot be read: ${(error as Error).message}`, error);
  }
};
