import { z } from "zod";
import { CONTACT_INFO, CONTACT_RULES, type Contact } from "./contact.ts";
import { hpkeOpen } from "./hpke.ts";

/** What a citizen may write beside a rating, as it is read at central. */
export const contactSchema = z.strictObject({
  words: z
    .string()
    .trim()
    .max(CONTACT_RULES.words.longest)
    .optional()
    .describe(`What the citizen wants to say, at most ${CONTACT_RULES.words.longest} characters`),
  name: z.string().trim().max(CONTACT_RULES.name.longest).optional(),
  phone: z.string().regex(CONTACT_RULES.phone.pattern).optional().describe("Digits, with a + before them at most"),
});

/** The contact, or undefined if the bytes were not sealed for this key and request, were changed, or hold something else. Never throws. */
export const openContact = (sealed: Uint8Array, privateKey: Uint8Array, requestId: Uint8Array): Contact | undefined => {
  const plain = hpkeOpen(sealed, privateKey, CONTACT_INFO, requestId);
  if (plain === undefined) return undefined;
  try {
    return contactSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain)));
  } catch {
    return undefined;
  }
};
