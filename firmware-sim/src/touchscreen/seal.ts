import { type Contact, type ContactKey, contactKeyId, misfitOf, sealContact } from "@window-rating/protocol/contact";
import type { Message } from "@window-rating/protocol/pad";
import type { Written } from "./screen.ts";

type Random = (length: number) => Uint8Array;

/** Central's key from a message, or undefined if nothing can be sealed with it. */
export const usableKey = ({ keyId, publicKey }: Message<"contactKey">, random: Random): ContactKey | undefined => {
  if (!contactKeyId(publicKey).every((byte, index) => byte === keyId[index])) return undefined;
  try {
    sealContact({ words: "?" }, { publicKey }, new Uint8Array(16), random);
    return { keyId, publicKey };
  } catch {
    return undefined;
  }
};

/** What was written, as it goes into the seal; `mistake`: the field that cannot be taken as it is. */
export type Reading =
  | { readonly is: "nothing" }
  | { readonly is: "contact"; readonly contact: Contact }
  | { readonly is: "mistake"; readonly field: keyof Written };

/** Control characters have no place in a text; a line break becomes a blank. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]+/gu, " ").trim();

/** Reads what a citizen typed; a phone number may hold blanks and dashes. Only what was asked for is taken. */
export const readWritten = (written: Written, asks: { readonly words: boolean; readonly contact: boolean }): Reading => {
  const words = asks.words ? plain(written.words) : "";
  const name = asks.contact ? plain(written.name) : "";
  const phone = asks.contact ? written.phone.normalize("NFKC").replace(/[\s()-]/g, "") : "";
  const given = { ...(words === "" ? {} : { words }), ...(name === "" ? {} : { name }), ...(phone === "" ? {} : { phone }) };
  if (Object.keys(given).length === 0) return { is: "nothing" };
  const field = misfitOf(given);
  return field === undefined ? { is: "contact", contact: given } : { is: "mistake", field };
};
