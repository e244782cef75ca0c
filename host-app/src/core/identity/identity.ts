import { createPrivateKey, generateKeyPairSync, hash, type KeyObject, sign } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { enrolmentAnswerSchema, windowPcIdFromDigest, windowPcIdSchema } from "@window-rating/protocol/sync";
import { z } from "zod";
import { fingerprintOf, readIfPresent, replaceFile } from "../config/durable-file.ts";
import { publicKeyHex } from "./ed25519.ts";

export const enrolmentSchema = z.strictObject({
  centralUrl: z.url({ protocol: /^https?$/ }),
  token: enrolmentAnswerSchema.shape.token.regex(/^[\x21-\x7e]*$/, "characters that no HTTP header can carry"),
  enrolledAt: z.iso.datetime(),
});

/** What central gave to this window PC; `centralUrl` is where, for the record. */
export type Enrolment = z.infer<typeof enrolmentSchema>;

const fileSchema = z.strictObject({
  version: z.literal(1),
  windowPcId: windowPcIdSchema,
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
  privateKey: z.string().max(512).describe("Ed25519, PKCS #8 PEM"),
  enrolment: enrolmentSchema.nullable(),
});
type IdentityFile = z.infer<typeof fileSchema>;

export const identityPath = (dataDir: string): string => join(dataDir, "identity.json");

/** Who a window PC is. The private key never leaves this object. */
export interface Identity {
  /** Made from the public key: known before any enrolment. */
  readonly windowPcId: string;
  /** 32 bytes, hexadecimal. */
  readonly publicKey: string;
  /** Ed25519 over these bytes, 64 bytes. About 30 µs. */
  sign(bytes: Uint8Array): Buffer;
  /** The enrolment as the file has it now, so that one made by another command counts at once; null before the first. */
  enrolment(): Enrolment | null;
  /** On disk when it returns. @throws WR6006 */
  keepEnrolment(enrolment: Enrolment): void;
}

/**
 * The identity in a data folder; made at the first start.
 * @param hasEntries whether the folder holds a chain of entries already. A new key could not go on with it: central would
 * refuse every entry that the lost key has signed.
 * @throws WR6006 if there is a file that cannot be used, or none beside a chain. A file is never written over.
 */
export const openIdentity = (dataDir: string, hasEntries = false): Identity => {
  const path = identityPath(dataDir);
  const found = readIdentity(path);
  if (found === null && hasEntries) throw unusable(path, "is missing, and entries signed with its key are in this folder");
  const file = found ?? newIdentity();
  if (found === null) writeIdentity(path, file);
  return identityOf(path, file, privateKeyOf(path, file));
};

const newIdentity = (): IdentityFile => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = publicKeyHex(privateKey);
  return {
    version: 1,
    windowPcId: windowPcIdOf(publicKey),
    publicKey,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    enrolment: null,
  };
};

/** Id of the window PC with this public key (32 bytes, hexadecimal). */
export const windowPcIdOf = (publicKey: string): string => windowPcIdFromDigest(hash("sha256", Buffer.from(publicKey, "hex"), "hex"));

const identityOf = (path: string, file: IdentityFile, privateKey: KeyObject): Identity => {
  let { enrolment } = file;
  let fingerprint = fingerprintOf(path);
  return {
    windowPcId: file.windowPcId,
    publicKey: file.publicKey,
    sign: (bytes) => sign(null, bytes, privateKey),
    enrolment() {
      try {
        const now = fingerprintOf(path);
        if (now === fingerprint) return enrolment;
        fingerprint = now;
        const changed = readIdentity(path);
        // Another key in the file is for the next start: this process has signed as who it is.
        if (changed?.windowPcId === file.windowPcId) enrolment = changed.enrolment;
      } catch {
        // Spoilt while this process runs: what it knows still holds, and the next start says what is wrong.
      }
      return enrolment;
    },
    keepEnrolment(given) {
      writeIdentity(path, { ...file, enrolment: given });
      enrolment = given;
      fingerprint = fingerprintOf(path);
    },
  };
};

const unusable = (path: string, why: string, cause?: unknown) => new WindowRatingError("WR6006", `${path} ${why}`, cause);

const readIdentity = (path: string): IdentityFile | null => {
  let text: string | null;
  try {
    text = readIfPresent(path);
    if (text === null) return null;
    refuseOpenFile(path);
  } catch (cause) {
    if (cause instanceof WindowRatingError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw unusable(path, `cannot be read (${code}); give it to the user that window-host runs as`, cause);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Without the cause: the message of the JSON reader quotes the text, which may hold the key.
    throw unusable(path, "is not JSON");
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(path, `is not an identity: ${issue?.path.join(".") || "file"}: ${issue?.message}`);
};

/** Whoever could read the key may have it. Windows keeps the rights of a file elsewhere than in its mode. */
const refuseOpenFile = (path: string): void => {
  if (process.platform === "win32") return;
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) throw unusable(path, `may be read by others (mode ${mode.toString(8)}); run: chmod 600 ${path}`);
};

const privateKeyOf = (path: string, file: IdentityFile): KeyObject => {
  let key: KeyObject;
  try {
    key = createPrivateKey(file.privateKey);
  } catch {
    throw unusable(path, "has a private key that cannot be read");
  }
  if (key.asymmetricKeyType !== "ed25519") throw unusable(path, "has a private key that is not Ed25519");
  if (publicKeyHex(key) !== file.publicKey) throw unusable(path, "has a public key that does not belong to its private key");
  if (windowPcIdOf(file.publicKey) !== file.windowPcId) throw unusable(path, "has a windowPcId that does not belong to its key");
  return key;
};

const writeIdentity = (path: string, file: IdentityFile): void => {
  try {
    replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (cause) {
    throw unusable(path, `cannot be written (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
};
