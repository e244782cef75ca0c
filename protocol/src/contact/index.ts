export {
  type Contact,
  type ContactKey,
  contactKeyId,
  contactPublicKey,
  LARGEST_SEALED,
  misfitOf,
  sealContact,
} from "./contact.ts";
export { contactSchema, openContact } from "./open-contact.ts";
