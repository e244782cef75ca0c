import { join } from "node:path";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";

/** Hash of a token → day of its last use. */
const fileSchema = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.iso.date());
type Days = z.infer<typeof fileSchema>;

/** As much of a pairing as is noted. */
interface Tokened {
  readonly tokenHash: string;
}

/** The day by the calendar of this PC. */
const dayOf = (wallMs: number): string => {
  const time = new Date(wallMs);
  const digits = (part: number): string => String(part).padStart(2, "0");
  return `${time.getFullYear()}-${digits(time.getMonth() + 1)}-${digits(time.getDate())}`;
};

/**
 * The day on which each pairing was last used, so that IT staff see which is not used any more. It is only a note: written once a day for
 * each pairing, and one that cannot be read or written holds nobody up.
 */
export class PairingUse {
  readonly #path: string;
  /** As noted in this run, so that a request costs nothing. */
  readonly #noted = new Map<string, string>();

  constructor(dataDir: string) {
    this.#path = join(dataDir, "pairings-used.json");
  }

  /** @param standing all pairings; what is noted of others is dropped */
  note({ tokenHash }: Tokened, nowMs: number, standing: readonly Tokened[]): void {
    const day = dayOf(nowMs);
    if (this.#noted.get(tokenHash) === day) return;
    this.#noted.set(tokenHash, day);
    const known = new Set(standing.map((pairing) => pairing.tokenHash));
    const days = Object.entries({ ...this.#read(), [tokenHash]: day }).filter(([hash]) => known.has(hash));
    try {
      replaceFile(this.#path, `${JSON.stringify(Object.fromEntries(days))}\n`);
    } catch {
      // Once more with the next day.
    }
  }

  /** @returns days by hash of the token */
  days(): ReadonlyMap<string, string> {
    return new Map(Object.entries(this.#read()));
  }

  #read(): Days {
    try {
      return fileSchema.parse(JSON.parse(readIfPresent(this.#path) ?? "{}"));
    } catch {
      return {};
    }
  }
}
