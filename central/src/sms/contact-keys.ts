import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { type Contact, contactKeyId, contactPublicKey, openContact, sealContact } from "@window-rating/protocol/contact";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";

const IV_BYTES = 12;
const TAG_BYTES = 16;

const hex32 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");
const fileSchema = z.strictObject({
  /** X25519 private keys: the first seals, all of them open. */
  keys: z.array(hex32).min(1),
  /** Names phones without telling them. Not to be changed: what was sent before could no longer be matched. */
  phoneKey: hex32,
});

export type KeyFile = z.output<typeof fileSchema>;

/** What central can do with contacts because it holds keys that its database does not. */
export interface ContactKeys {
  /** X25519, 64 hexadecimal digits: what window PCs and business systems seal with. */
  readonly publicKey: string;
  /** @returns the text kept in the database: id of the key, a blank, the sealed bytes in base 64 */
  seal(contact: Contact, bound: Uint8Array): string;
  /** @returns undefined if it was sealed for another key or another thing, or changed */
  open(sealed: string, bound: Uint8Array): Contact | undefined;
  /** As `seal`, for a text of any length that central keeps for itself. */
  sealText(text: string, bound: Uint8Array): string;
  /** @returns undefined as `open` does */
  openText(sealed: string, bound: Uint8Array): string | undefined;
  /** A phone by its keyed hash: the same for the same phone, and nothing of the phone can be read in it. */
  phoneHash(phone: string): string;
  /** 32 bytes that only who holds the file can know, others for each purpose: keys for what central signs. */
  derive(purpose: string): Buffer;
}

/** What a sealed contact is bound to, so that it opens for nothing else: 16 bytes. */
export const boundTo = (kind: "case" | "message" | "reply" | "refused" | "import", id: string): Uint8Array =>
  Uint8Array.from(createHash("sha256").update(`window-rating ${kind}\n${id}`).digest().subarray(0, 16));

/**
 * Reads the keys of a file that only central's user can read.
 * @throws WindowRatingError WR7037
 */
export const readContactKeys = (path: string): ContactKeys => contactKeysOf(readKeyFile(path));

/** @throws WindowRatingError WR7037 */
export const readKeyFile = (path: string): KeyFile => {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    // A parser's message may quote the file.
    throw new WindowRatingError("WR7037", `${path} cannot be read`, error instanceof SyntaxError ? undefined : error);
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success)
    throw new WindowRatingError("WR7037", `${path}, ${parsed.error.issues[0]?.path.join(".") || "content"} is not valid`);
  return parsed.data;
};

/** @throws WindowRatingError WR7037 if there is such a file already: a lost key makes what it sealed unreadable */
export const makeContactKeys = (path: string): ContactKeys => {
  const made = { keys: [randomBytes(32).toString("hex")], phoneKey: randomBytes(32).toString("hex") };
  try {
    writeFileSync(path, `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new WindowRatingError("WR7037", `${path} cannot be made`, error);
  }
  return contactKeysOf(made);
};

/** One key that opens, and its half that everybody may know. */
export interface HeldKey {
  readonly privateKey: Uint8Array;
  /** X25519. */
  readonly publicKey: Uint8Array;
  /** 16 hexadecimal digits. */
  readonly keyId: string;
  /** Seals texts of central's own. */
  readonly textKey: Buffer;
}

/** A private key with what follows from it. @param hex X25519, 64 hexadecimal digits */
export const heldKey = (hex: string): HeldKey => {
  const privateKey = Uint8Array.from(Buffer.from(hex, "hex"));
  const publicKey = contactPublicKey(privateKey);
  const textKey = Buffer.from(hkdfSync("sha256", privateKey, "", "window-rating kept text", 32));
  return { privateKey, publicKey, keyId: Buffer.from(contactKeyId(publicKey)).toString("hex"), textKey };
};

export const contactKeysOf = ({ keys, phoneKey }: KeyFile): ContactKeys => {
  const held = keys.map(heldKey);
  const [newest] = held as [HeldKey, ...HeldKey[]];
  const keyOf = (sealed: string): { readonly key: HeldKey | undefined; readonly data: Uint8Array } => {
    const [keyId, data = ""] = sealed.split(" ");
    return { key: held.find((one) => one.keyId === keyId), data: Uint8Array.from(Buffer.from(data, "base64")) };
  };
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", Buffer.from(phoneKey, "hex"), "", `window-rating ${purpose}`, 32));
  return {
    publicKey: Buffer.from(newest.publicKey).toString("hex"),
    seal: (contact, bound) =>
      `${newest.keyId} ${Buffer.from(sealContact(contact, newest, bound, (length) => randomBytes(length))).toString("base64")}`,
    open: (sealed, bound) => {
      const { key, data } = keyOf(sealed);
      return key === undefined ? undefined : openContact(data, key.privateKey, bound);
    },
    sealText: (text, bound) => `${newest.keyId} ${encrypt(newest.textKey, text, bound).toString("base64")}`,
    openText: (sealed, bound) => {
      // Before texts named their key they were sealed with one of the phone key, bound to nothing.
      if (!sealed.includes(" ")) return decrypt(derive("kept text"), Buffer.from(sealed, "base64"), new Uint8Array());
      const { key, data } = keyOf(sealed);
      return key === undefined ? undefined : decrypt(key.textKey, data, bound);
    },
    phoneHash: (phone) => createHmac("sha256", Buffer.from(phoneKey, "hex")).update(phone).digest("hex"),
    derive,
  };
};

const encrypt = (key: Buffer, text: string, bound: Uint8Array): Buffer => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(bound);
  return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
};

const decrypt = (key: Buffer, bytes: Uint8Array, bound: Uint8Array): string | undefined => {
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES)).setAAD(bound);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
};
