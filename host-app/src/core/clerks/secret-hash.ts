import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** How much it takes to try one secret (scrypt, RFC 7914). */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/**
 * 16 MiB and 0.28 s for each try (measured on a small server with two cores), one of the settings that OWASP's Password Storage Cheat Sheet calls equal. The cost
 * stands in each hash, so that it can grow.
 * A PIN of 6 digits is one of a million: whoever holds the database file finds one by days of computing. What keeps PINs from being
 * tried at a window is the lock (lock-out.ts); what keeps the file is the data folder's mode.
 */
const SCRYPT_COST: ScryptCost = { N: 16_384, r: 8, p: 5 };

const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** More than this is no hash of ours, and not computed. */
const MOST_MEMORY = 64 * 1_048_576;

const derive = (secret: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // On the thread pool: no pad waits for it.
    scrypt(secret, salt, KEY_BYTES, { N, r, p, maxmem: MOST_MEMORY }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

const HASH = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/;

/** Hashes secrets and knows them again. */
export class SecretHash {
  readonly #cost: ScryptCost;

  constructor(cost: ScryptCost = SCRYPT_COST) {
    this.#cost = cost;
  }

  /**
   * What is kept of a secret: `scrypt$N$r$p$salt$key`, salt and key in base 64.
   * @param salt the same one gives the same text, so that a card can be looked up by what it hashes to; else a new one for each secret
   */
  async of(secret: string, salt: Buffer = randomBytes(SALT_BYTES)): Promise<string> {
    const { N, r, p } = this.#cost;
    const key = await derive(secret, salt, this.#cost);
    return ["scrypt", N, r, p, salt.toString("base64"), key.toString("base64")].join("$");
  }

  /** Whether this is the secret. A text that is no hash of ours fits nothing. */
  async fits(secret: string, kept: string): Promise<boolean> {
    const [, N, r, p, salt, key] = HASH.exec(kept) ?? [];
    if (salt === undefined || key === undefined) return false;
    const known = Buffer.from(key, "base64");
    const found = await derive(secret, Buffer.from(salt, "base64"), { N: Number(N), r: Number(r), p: Number(p) });
    return known.length === found.length && timingSafeEqual(known, found);
  }

  /** Takes as long as `fits`, so that nobody hears from the time whether a number has a PIN. */
  async fitsNothing(secret: string): Promise<false> {
    await derive(secret, randomBytes(SALT_BYTES), this.#cost);
    return false;
  }
}

/** The salt of all cards of a PC. */
export const newSalt = (): Buffer => randomBytes(SALT_BYTES);
