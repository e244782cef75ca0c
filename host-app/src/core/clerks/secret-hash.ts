import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * scrypt (RFC 7914) with N = 2^14, r = 8, p = 5: 16 MiB and about a tenth of a second for each try, one of the settings that OWASP's
 * Password Storage Cheat Sheet calls equal. The parameters stand in each hash, so that they can grow.
 * A PIN of 6 digits is one of a million: whoever holds the database file finds one in a day of computing. What keeps PINs from being
 * tried at a window is the lock (lock-out.ts); what keeps the file is the data folder's mode.
 */
const COST = { N: 16_384, r: 8, p: 5 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** More than this is no hash of ours, and not computed. */
const MOST_MEMORY = 64 * 1_048_576;

const derive = (secret: string, salt: Buffer, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // On the thread pool: no pad waits for it.
    scrypt(secret, salt, KEY_BYTES, { N, r, p, maxmem: MOST_MEMORY }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

/**
 * What is kept of a secret: `scrypt$N$r$p$salt$key`, salt and key in base 64.
 * @param salt the same one gives the same text, so that a card can be looked up by what it hashes to; else a new one for each secret
 */
export const hashSecret = async (secret: string, salt: Buffer = randomBytes(SALT_BYTES)): Promise<string> => {
  const key = await derive(secret, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64"), key.toString("base64")].join("$");
};

const HASH = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/;

/** Whether this is the secret. A text that is no hash of ours fits nothing. */
export const isSecret = async (secret: string, kept: string): Promise<boolean> => {
  const [, N, r, p, salt, key] = HASH.exec(kept) ?? [];
  if (salt === undefined || key === undefined) return false;
  const known = Buffer.from(key, "base64");
  const found = await derive(secret, Buffer.from(salt, "base64"), { N: Number(N), r: Number(r), p: Number(p) });
  return known.length === found.length && timingSafeEqual(known, found);
};

/** Takes as long as `isSecret`, so that nobody hears from the time whether a number has a PIN. */
export const pretendToCheck = async (secret: string): Promise<false> => {
  await derive(secret, randomBytes(SALT_BYTES), COST);
  return false;
};

/** The salt of all cards of a PC. */
export const newSalt = (): Buffer => randomBytes(SALT_BYTES);
