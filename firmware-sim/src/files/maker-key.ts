import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";

/** Reads a maker's public key, as `scripts/firmware/sign.ts` writes it: Ed25519, PEM. @returns 32 bytes @throws WR8002 if the file holds none */
export const readMakerKey = (file: string): Uint8Array => {
  try {
    const key = createPublicKey(readFileSync(file, "utf8"));
    if (key.asymmetricKeyType !== "ed25519") throw new Error(`it is a key for ${key.asymmetricKeyType}`);
    return new Uint8Array(Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url"));
  } catch (error) {
    throw new WindowRatingError("WR8002", `--maker-key ${file}: no Ed25519 public key in PEM: ${(error as Error).message}`, error);
  }
};
