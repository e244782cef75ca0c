import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";

const fileSchema = z.strictObject({ used: z.array(z.tuple([z.string().max(64), z.number()])) });

/** So many links in their five minutes is no window. */
const MOST = 2000;

/** The tickets that were used on this PC, on disk until they are over: none is good a second time, whatever happens to this process. */
export class UsedTickets {
  readonly #path: string;
  readonly #used: Map<string, number>;

  /** @throws WR8006 if the file cannot be used: an old ticket must not become a new one */
  constructor(dataDir: string) {
    this.#path = join(dataDir, "used-links.json");
    try {
      const text = readIfPresent(this.#path);
      this.#used = new Map(text === null ? [] : fileSchema.parse(JSON.parse(text)).used);
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${this.#path} is not a list of used links (${(cause as Error).name})`, cause);
    }
  }

  /** On disk when it returns. @returns false if it was used before @throws WR4003, WR5011 */
  use(ticketId: string, expiresAtMs: number, nowMs: number): boolean {
    for (const [id, overAtMs] of this.#used) if (overAtMs <= nowMs) this.#used.delete(id);
    if (this.#used.has(ticketId)) return false;
    if (this.#used.size >= MOST) throw new WindowRatingError("WR5011", "too many links were opened in five minutes");
    this.#used.set(ticketId, expiresAtMs);
    try {
      replaceFile(this.#path, `${JSON.stringify({ used: [...this.#used] })}\n`);
    } catch (cause) {
      this.#used.delete(ticketId);
      throw new WindowRatingError("WR8006", `${this.#path} cannot be written: ${(cause as Error).message}`, cause);
    }
    return true;
  }
}
