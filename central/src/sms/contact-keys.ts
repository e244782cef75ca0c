import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { type Contact, contactKeyId, contactPublicKey, openContact, sealContact } from "@window-rating/protocol/contact";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";

const hex32 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");
const fileSchema = z.strictObject({
  /** X25519 private keys: the first seals, all of them open. */
  keys: z.array(hex32).min(1),
  /** Names phones without telling them. Not to be changed: what was sent before could no longer be matched. */
  phoneKey: hex32,
});

/** What central can do with contacts because it holds keys that its database does not. */
export interface ContactKeys {
  /** X25519, 64 hexadecimal digits: what window PCs and business systems seal with. */
  readonly publicKey: string;
  /** @returns the text kept in the database: id of the key, a blank, the sealed bytes in base 64 */
  seal(contact: Contact, bound: Uint8Array): string;
  /** @returns undefined if it was sealed for another key or another thing, or changed */
  open(sealed: string, bound: Uint8Array): Contact | undefined;
  /** A phone by its keyed hash: the same for the same phone, and nothing of the phone can be read in it. */
  phoneHash(phone: string): string;
  /** 32 bytes that only who holds the file can know, others for each purpose: keys for what central signs. */
  derive(purpose: string): Buffer;
}

/** What a sealed contact is bound to, so that it opens for nothing else: 16 bytes. */
export const boundTo = (kind: "case" | "message" | "reply", id: string): Uint8Array =>
  Uint8Array.from(createHash("sha256").update(`window-rating ${kind}\n${id}`).digest().subarray(0, 16));

/**
 * Reads the keys of a file that only central's user can read.
 * @throws WindowRatingError WR7037
 */
export const readContactKeys = (path: string): ContactKeys => {
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
  return contactKeysOf(parsed.data);
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

export const contactKeysOf = ({ keys, phoneKey }: z.output<typeof fileSchema>): ContactKeys => {
  const held = keys.map((key) => {
    const privateKey = Uint8Array.from(Buffer.from(key, "hex"));
    const publicKey = contactPublicKey(privateKey);
    return { privateKey, publicKey, keyId: Buffer.from(contactKeyId(publicKey)).toString("hex") };
  });
  const [newest] = held as [(typeof held)[0], ...typeof held];
  return {
    publicKey: Buffer.from(newest.publicKey).toString("hex"),
    seal: (contact, bound) =>
      `${newest.keyId} ${Buffer.from(sealContact(contact, newest, bound, (length) => randomBytes(length))).toString("base64")}`,
    open: (sealed, bound) => {
      const [keyId, data = ""] = sealed.split(" ");
      const key = held.find((one) => one.keyId === keyId);
      return key === undefined ? undefined : openContact(Uint8Array.from(Buffer.from(data, "base64")), key.privateKey, bound);
    },
    phoneHash: (phone) => createHmac("sha256", Buffer.from(phoneKey, "hex")).update(phone).digest("hex"),
    derive: (purpose) => Buffer.from(hkdfSync("sha256", Buffer.from(phoneKey, "hex"), "", `window-rating ${purpose}`, 32)),
  };
};
