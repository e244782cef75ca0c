import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import type { Contact } from "@window-rating/protocol/contact";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { RequestId } from "@window-rating/protocol/rating";
import { requestIdToBytes } from "@window-rating/protocol/rating";
import type { ContactKeys } from "../sms/contact-keys.ts";
import { readPhone } from "../sms/phone.ts";

/** @throws WindowRatingError WR7044 where central was started without a key file */
export const requireKeys = (keys: ChannelKeys | undefined): ChannelKeys => {
  if (keys === undefined) throw new WindowRatingError("WR7044", "Without a key file no code can be made or read, and nothing be sealed");
  return keys;
};

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What the channels do with central's key file: who holds a copy of the database alone can forge no code, link no two ratings to one
 * phone, and read nothing that a citizen wrote.
 */
export class ChannelKeys {
  readonly #keys: ContactKeys;
  readonly #derived = new Map<string, Buffer>();

  constructor(keys: ContactKeys) {
    this.#keys = keys;
  }

  /** Signs what is handed out. @param purpose one for each kind of code, so that none passes for another */
  sign(purpose: string, content: Uint8Array, bytes: number): Buffer {
    return createHmac("sha256", this.#derive(purpose)).update(content).digest().subarray(0, bytes);
  }

  /** A person as central keeps one: the keyed hash of the phone, however it is written; of an account if it is no phone. */
  personOf(id: string): string {
    return this.#keys.phoneHash(readPhone(id) ?? `account ${id}`);
  }

  /** Seals what a citizen wrote for the rating with this id, so that it opens for no other. */
  sealFor(ratingId: string, contact: Contact): string {
    return this.#keys.seal(contact, requestIdToBytes(ratingId as RequestId));
  }

  /** Seals a text for central itself: what was refused is kept whole, and may name a person. */
  seal(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#derive("kept text"), iv);
    return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
  }

  /** @throws if the text was sealed with another key file */
  open(sealed: string): string {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#derive("kept text"), bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString("utf8");
  }

  #derive(purpose: string): Buffer {
    const known = this.#derived.get(purpose);
    if (known !== undefined) return known;
    const derived = this.#keys.derive(purpose);
    this.#derived.set(purpose, derived);
    return derived;
  }
}
