/**
 * Id of a window PC: made from its public key, so that a PC knows its id before it is enrolled and a second enrolment of
 * the same key is the same PC.
 * @param digest SHA-256 of the 32 bytes of the Ed25519 public key, 64 hexadecimal digits
 * @returns a UUID version 8 (RFC 9562: content of one's own)
 */
export const windowPcIdFromDigest = (digest: string): string => {
  const variant = "89ab"[Number.parseInt(digest[16] ?? "0", 16) & 3];
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join("-");
};
