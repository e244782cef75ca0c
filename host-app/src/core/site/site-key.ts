import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { publicKeyHex } from "../identity/ed25519.ts";

/**
 * Makes the key that signs the site files of a hall, for IT staff to keep. A file that is there is never written over.
 * @returns its public key, 64 hexadecimal digits
 * @throws WR8006
 */
export const makeSiteKey = (path: string): string => {
  const { privateKey } = generateKeyPairSync("ed25519");
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new WindowRatingError(
      "WR8006",
      exists ? `${path} exists; a key is never written over` : `${path}: ${(cause as Error).message}`,
      cause,
    );
  }
  return publicKeyHex(privateKey);
};

/** @throws WR8006 if it cannot be read or is no Ed25519 private key */
export const readSiteKey = (path: string): KeyObject => {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path));
  } catch (cause) {
    // Without the cause: messages of the key reader may quote the file.
    throw new WindowRatingError("WR8006", `${path} cannot be read as a key (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
  if (key.asymmetricKeyType !== "ed25519")
    throw new WindowRatingError("WR8006", `${path} is not an Ed25519 key; window-host site key makes one`);
  return key;
};
