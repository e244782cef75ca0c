import { WindowRatingError } from "@window-rating/protocol/error";

/** The largest image that is taken in pieces; a larger one is named by its path. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A firmware image that comes in pieces over one console's line; gone with it. */
export class ImageUpload {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /**
   * @returns the image with its last piece
   * @throws WR1030 if a piece is missing before this one, this one is empty, or the image is too large; it must be begun anew then
   */
  take({ from, piece, isLast }: { from: number; piece: string; isLast: boolean }): Uint8Array | undefined {
    if (from === 0) this.#clear();
    const bytes = Buffer.from(piece, "base64");
    if (from !== this.#bytes) this.#fail(`a piece is missing: ${this.#bytes} bytes came, and the next one begins at ${from}`);
    // One would change nothing but the number of pieces, which has no end.
    if (bytes.length === 0) this.#fail("a piece is empty");
    if (from + bytes.length > MOST_BYTES) this.#fail(`it is larger than ${MOST_BYTES} bytes; give its path on this PC`);
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    if (!isLast) return undefined;
    const image = new Uint8Array(Buffer.concat(this.#pieces));
    this.#clear();
    return image;
  }

  #fail(why: string): never {
    this.#clear();
    throw new WindowRatingError("WR1030", why);
  }

  #clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }
}
