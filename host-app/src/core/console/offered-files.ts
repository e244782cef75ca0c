import { WindowRatingError } from "@window-rating/protocol/error";
import { LARGEST_SITE_FILE } from "@window-rating/protocol/sync";

type Kind = "site" | "csv";

interface Piece {
  readonly kind: Kind;
  /** Bytes that came before it. */
  readonly at: number;
  /** Base64. */
  readonly data: string;
}

/** No file that is taken here is larger than a site file. */
const TOO_LARGE = { site: "WR8012", csv: "WR8013" } as const;

/** Files that one console has sent, in memory as long as it is open. */
export class OfferedFiles {
  readonly #files = new Map<Kind, Buffer[]>();

  /** @returns how many bytes are there now @throws WR8012, WR8013 if they are too many, WR8015 if a piece before it is missing, or it is empty */
  take({ kind, at, data }: Piece): number {
    const before = at === 0 ? [] : (this.#files.get(kind) ?? []);
    if (sizeOf(before) !== at) throw missing();
    const bytes = Buffer.from(data, "base64");
    // One would change nothing but the number of pieces, which has no end.
    if (bytes.length === 0 && at > 0) throw new WindowRatingError("WR8015", "a piece of the file is empty");
    const size = at + bytes.length;
    if (size > LARGEST_SITE_FILE) {
      this.#files.delete(kind);
      throw new WindowRatingError(TOO_LARGE[kind], `it has more than ${LARGEST_SITE_FILE} bytes`);
    }
    this.#files.set(kind, [...before, bytes]);
    return size;
  }

  /** @throws WR8015 */
  of(kind: Kind): Buffer {
    const pieces = this.#files.get(kind);
    if (pieces === undefined) throw missing();
    return Buffer.concat(pieces);
  }

  forget(): void {
    this.#files.clear();
  }
}

const sizeOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

const missing = (): WindowRatingError => new WindowRatingError("WR8015", "this console has sent no such file");
