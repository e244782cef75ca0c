import { randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { PASSWORD_LENGTH } from "./session-schema.ts";

/**
 * scrypt with N = 2^15, r = 8, p = 3: one of the settings that the OWASP Password Storage Cheat Sheet lists as equal in strength
 * (2^17/1, 2^16/2, 2^15/3, …). This one takes 32 MiB and about 0.2 s for each password, so that a few at once do not fill a small server.
 */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const SHAPE = /^scrypt\$(\d{1,8})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

/** The same password typed on another keyboard (one character or two that join) is the same bytes: NFKC, as NIST SP 800-63B asks. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize("NFKC"), "utf8");

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const derive = (password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Node's own limit is 32 MiB, which these settings reach; twice what scrypt needs leaves room.
    const maxmem = 256 * N * r;
    scrypt(bytesOf(password), salt, HASH_BYTES, { N, r, p, maxmem }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

/** @returns `scrypt$N$r$p$salt$hash`: each hash says how it was made, so that the cost can rise later */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
};

/** A hash that no password has; to check against it takes as long as against any other. */
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.alloc(SALT_BYTES).toString("base64url")}$${Buffer.alloc(HASH_BYTES).toString("base64url")}`;

/** Whether this is the password of that hash. Without a hash, or with one that cannot be read, it is not, and to say so takes as long. */
export const isPassword = async (password: string, hash: string | null): Promise<boolean> => {
  const parts = SHAPE.exec(hash ?? "");
  const [, N, r, p, salt = "", kept = ""] = parts ?? (SHAPE.exec(NOBODY) as RegExpExecArray);
  const derived = await derive(password, Buffer.from(salt, "base64url"), { N: Number(N), r: Number(r), p: Number(p) });
  return timingSafeEqual(derived, Buffer.from(kept, "base64url")) && parts !== null;
};

/** Never more than this many passwords are worked on at once: each takes memory, and anybody can send one. */
const AT_ONCE = 2;
const MOST_WAITING = 32;

/** Lets a few at a time do what takes much memory; those who come when too many wait already are sent away. */
export class NarrowDoor {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  /** @returns undefined if too many wait */
  async pass<T>(work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
    if (this.#inside >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#inside += 1;
    try {
      return { result: await work() };
    } finally {
      // Whoever waits longest takes over the place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }
}

/** Without what is easily taken for something else: 0 O, 1 I L, U V. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ";

/** A password for the first sign-in, easy to read out: 16 letters and digits, 77 bits. */
export const newStartPassword = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("")).join("-");

/** Beginnings of the passwords that are tried first, here and elsewhere. */
const COMMON =
  /^(password|passw0rd|p@ssw0rd|admin|administrator|qwertyuiop|asdfghjkl|welcome|changeme|letmein|iloveyou|woaini|mima|haochaping|windowrating)/;
const AROUND = /[^\p{Letter}]+/gu;

/** Why a password cannot be taken, in one sentence; undefined if it can. */
export const passwordFault = (password: string, { name, displayName }: { readonly name: string; readonly displayName: string }) => {
  const plain = password.normalize("NFKC").toLowerCase();
  const length = [...plain].length;
  if (length < PASSWORD_LENGTH.least) return `It has ${length} characters; ${PASSWORD_LENGTH.least} are needed`;
  if (length > PASSWORD_LENGTH.most) return `It has ${length} characters; ${PASSWORD_LENGTH.most} are the most`;
  if (plain.includes(name.toLowerCase())) return "It holds the name of the account";
  if (displayName.length > 1 && plain.includes(displayName.normalize("NFKC").toLowerCase())) return "It holds the name of its owner";
  if (new Set(plain).size < 5) return "It is made of fewer than five different characters";
  if (isRun(plain)) return "It is a row of neighbouring digits or letters";
  const letters = plain.replace(AROUND, "");
  if (COMMON.test(plain) && letters.length < PASSWORD_LENGTH.least) return "It is one of the passwords that are tried first";
  return undefined;
};

/** 123456789012, abcdefghijkl, and the same backwards: each character follows its neighbour, but for a few that begin anew. */
const isRun = (text: string): boolean => {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => Math.abs(code - (codes[index] ?? 0)));
  return steps.filter((step) => step === 1 || step === 9).length >= steps.length - 1;
};
