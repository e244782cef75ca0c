export {
  type Contact,
  type ContactKey,
  contactKeyId,
  contactPublicKey,
  contactSchema,
  LARGEST_SEALED,
  openContact,
  sealContact,
} from "./contact.ts";
