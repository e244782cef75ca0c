import { createHmac } from "node:crypto";
import type { Contact } from "@window-rating/protocol/contact";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { RequestId } from "@window-rating/protocol/rating";
import { requestIdToBytes } from "@window-rating/protocol/rating";
import { boundTo, type ContactKeys } from "../sms/contact-keys.ts";
import { readPhone } from "../sms/phone.ts";

/** @throws WindowRatingError WR7044 where central was started without a key file */
export const requireKeys = (keys: ChannelKeys | undefined): ChannelKeys => {
  if (keys === undefined) throw new WindowRatingError("WR7044", "Without a key file no code can be made or read, and nothing be sealed");
  return keys;
};

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

  /** Seals a refused rating for central itself: it is kept whole, and may name a person. */
  sealRefused(refusedNo: number, text: string): string {
    return this.#keys.sealText(text, boundTo("refused", String(refusedNo)));
  }

  /** Seals what a citizen wrote, as a file tells it, for the rating with this id. */
  sealImport(ratingId: string, text: string): string {
    return this.#keys.sealText(text, boundTo("import", ratingId));
  }

  /** @throws WindowRatingError WR7064 if its key is not in the key file any more */
  openRefused(refusedNo: number, sealed: string): string {
    const text = this.#keys.openText(sealed, boundTo("refused", String(refusedNo)));
    if (text === undefined) throw new WindowRatingError("WR7064", `Refused rating ${refusedNo}`);
    return text;
  }

  #derive(purpose: string): Buffer {
    const known = this.#derived.get(purpose);
    if (known !== undefined) return known;
    const derived = this.#keys.derive(purpose);
    this.#derived.set(purpose, derived);
    return derived;
  }
}
