import { createPublicKey, type KeyObject } from "node:crypto";

/** The 32 bytes of an Ed25519 public key, 64 hexadecimal digits; from either key of the pair. */
export const publicKeyHex = (key: KeyObject): string => {
  const { x } = (key.type === "private" ? createPublicKey(key) : key).export({ format: "jwk" });
  if (x === undefined) throw new TypeError("not an Ed25519 key");
  return Buffer.from(x, "base64url").toString("hex");
};

/** @param hex 64 hexadecimal digits */
export const publicKeyFromHex = (hex: string): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(hex, "hex").toString("base64url") }, format: "jwk" });
