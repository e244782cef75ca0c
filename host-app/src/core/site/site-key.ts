import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { fileTrouble } from "../config/file-trouble.ts";
import { publicKeyHex } from "../identity/ed25519.ts";

/** The key that signs the site files of a hall. */
export interface NewSiteKey {
  /** The private key, for IT staff to keep. */
  readonly pem: string;
  /** 64 hexadecimal digits. */
  readonly publicKey: string;
}

export const newSiteKey = (): NewSiteKey => {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { pem: String(privateKey.export({ type: "pkcs8", format: "pem" })), publicKey: publicKeyHex(privateKey) };
};

/**
 * Makes the key that signs the site files of a hall, for IT staff to keep. A file that is there is never written over.
 * @returns its public key, 64 hexadecimal digits
 * @throws WR8002 if it is there, WR8006
 */
export const makeSiteKey = (path: string): string => {
  const { pem, publicKey } = newSiteKey();
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      writeFileSync(file, pem);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST")
      throw new WindowRatingError("WR8002", `${path} exists, and a key is never written over; name another file`, cause);
    throw new WindowRatingError("WR8006", `${path} cannot be written: ${fileTrouble(cause)}`, cause);
  }
  return publicKey;
};

/** @throws WR8002 if it cannot be read, WR8016 if it is no Ed25519 private key */
export const readSiteKey = (path: string): KeyObject => {
  let pem: string;
  try {
    pem = readFileSync(path, "utf8");
  } catch (cause) {
    throw new WindowRatingError("WR8002", `${path} cannot be read: ${fileTrouble(cause)}`, cause);
  }
  return siteKeyOf(pem, path);
};

/** @param where it stands, for the error @throws WR8016 */
export const siteKeyOf = (pem: string, where: string): KeyObject => {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    // Without the cause: messages of the key reader may quote the file.
    throw new WindowRatingError("WR8016", `${where} cannot be read as a key (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
  if (key.asymmetricKeyType !== "ed25519") throw new WindowRatingError("WR8016", `${where} is no Ed25519 key`);
  return key;
};
