import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import type { PairingList } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { prepareDataDir } from "../config/data-dir.ts";
import { fingerprintOf, readIfPresent, replaceFile } from "../config/durable-file.ts";
import { whilePairingsAreLocked } from "./pairing-lock.ts";
import { PairingUse } from "./pairing-use.ts";

type ShownPairing = PairingList["pairings"][number];

const pairingSchema = z.strictObject({
  name: z.string().trim().min(1).max(64),
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  origins: z.array(z.string()).max(32),
  createdAt: z.iso.datetime(),
});

/** A program that may use the desk API: the hash of its token, and the origins of its pages if it runs in a browser. */
export type Pairing = z.infer<typeof pairingSchema>;

const fileSchema = z.strictObject({ pairings: z.array(pairingSchema).max(64) });

export const pairingsPath = (dataDir: string): string => join(dataDir, "pairings.json");

/**
 * The pairings of a data folder. The file is looked at whenever it is asked, so that a running window PC obeys
 * `window-host pair` at once.
 */
export class Pairings {
  readonly #dataDir: string;
  readonly #path: string;
  readonly #use: PairingUse;
  #fingerprint = "";
  #pairings: readonly Pairing[] = [];

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#path = pairingsPath(dataDir);
    this.#use = new PairingUse(dataDir);
  }

  /** Notes that a pairing was used. */
  used(pairing: Pairing, nowMs: number): void {
    this.#use.note(pairing, nowMs, this.list());
  }

  /** As people see them: never a token or its hash. @throws WR8006 */
  shown(): ShownPairing[] {
    const days = this.#use.days();
    return this.list().map(({ name, origins, createdAt, tokenHash }) => ({
      ...{ name, origins: [...origins], createdAt },
      lastUsedAt: days.get(tokenHash) ?? null,
    }));
  }

  /** @throws WR8006 if the file cannot be read: nobody is let in on a guess */
  list(): readonly Pairing[] {
    try {
      const fingerprint = fingerprintOf(this.#path);
      if (fingerprint !== this.#fingerprint) {
        const text = readIfPresent(this.#path);
        this.#pairings = text === null ? [] : fileSchema.parse(JSON.parse(text)).pairings;
        this.#fingerprint = fingerprint;
      }
      return this.#pairings;
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${this.#path} is not a list of pairings (${(cause as Error).name})`, cause);
    }
  }

  /** Compares with every pairing in constant time, found or not. @throws WR8006 */
  byToken(token: string): Pairing | undefined {
    const hash = sha256(token);
    let found: Pairing | undefined;
    for (const pairing of this.list()) {
      if (timingSafeEqual(hash, Buffer.from(pairing.tokenHash, "hex"))) found = pairing;
    }
    return found;
  }

  /** Whether any pairing lists this origin. @throws WR8006 */
  allowOrigin(origin: string): boolean {
    return this.list().some((pairing) => pairing.origins.includes(origin));
  }

  /** Whether this very pairing still stands. @throws WR8006 */
  stillHold(pairing: Pairing): boolean {
    return this.list().some(({ tokenHash }) => tokenHash === pairing.tokenHash);
  }

  /**
   * Adds a pairing and makes its token, which is kept nowhere.
   * @throws WR8005 if the name is taken or an origin is none, WR8006
   */
  add(name: string, origins: readonly string[], nowMs: number): { readonly pairing: Pairing; readonly token: string } {
    return this.#change(() => this.#add(name, origins, nowMs));
  }

  #add(name: string, origins: readonly string[], nowMs: number): { readonly pairing: Pairing; readonly token: string } {
    const pairings = this.list();
    const trimmed = name.trim();
    if (trimmed === "" || trimmed.length > 64) throw new WindowRatingError("WR8005", "a name has 1 to 64 characters");
    if (pairings.some((pairing) => pairing.name === trimmed)) {
      throw new WindowRatingError("WR8005", `"${trimmed}" is paired already; revoke it first to get a new token`);
    }
    if (pairings.length >= 64) throw new WindowRatingError("WR8005", "64 pairings exist; revoke those that are not used");
    const token = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
    const pairing: Pairing = {
      name: trimmed,
      tokenHash: sha256(token).toString("hex"),
      origins: [...new Set(origins.map(checkedOrigin))],
      createdAt: new Date(nowMs).toISOString(),
    };
    this.#write([...pairings, pairing]);
    return { pairing, token };
  }

  /** @throws WR8005 if there is none of that name, WR8006 */
  revoke(name: string): void {
    this.#change(() => {
      const pairings = this.list();
      const left = pairings.filter((pairing) => pairing.name !== name.trim());
      if (left.length === pairings.length) throw new WindowRatingError("WR8005", `nothing is paired as "${name}"`);
      this.#write(left);
    });
  }

  #change<Result>(change: () => Result): Result {
    prepareDataDir(this.#dataDir);
    return whilePairingsAreLocked(this.#dataDir, change);
  }

  #write(pairings: readonly Pairing[]): void {
    try {
      replaceFile(this.#path, `${JSON.stringify({ pairings }, null, 2)}\n`);
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${this.#path} cannot be written: ${(cause as Error).message}`, cause);
    }
  }
}

/** Lets a scanner of logs and source code recognise a token. */
const TOKEN_PREFIX = "wrdesk_";

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Constant-time comparison of two secrets of any length. */
export const sameSecret = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other));

/** Whether a browser would send this as the origin of a page that can be paired. */
export const isPageOrigin = (text: string): boolean => {
  try {
    return text.length <= 256 && checkedOrigin(text) === text;
  } catch {
    return false;
  }
};

/** An origin exactly as a browser sends it. Pages from files and sandboxes send `null`, which any page can: never allowed. */
const checkedOrigin = (text: string): string => {
  let origin: string;
  try {
    const url = new URL(text);
    const isPage = (url.protocol === "http:" || url.protocol === "https:") && !url.hostname.includes("*");
    origin = isPage ? url.origin : "";
  } catch {
    origin = "";
  }
  if (origin === "")
    throw new WindowRatingError("WR8005", `"${text}" is not an origin as https://business.example or http://10.0.0.5:8080`);
  if (origin !== text) throw new WindowRatingError("WR8005", `"${text}" is not an origin as browsers send it; it is ${origin}`);
  return origin;
};
