import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import type { Release } from "./update-plan.ts";

/** release.json beside the installers: what is released, for which part of the hall. Its signature is in release.json.sig, base64. */
const signedReleaseSchema = z.strictObject({
  product: z.literal("window-rating"),
  version: z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/),
  percentage: z.number().min(0).max(100),
  /** SHA-512 of each file, base64, by its name. */
  files: z.record(z.string(), z.string().regex(/^[A-Za-z0-9+/]{86}==$/)),
});

export type CheckedRelease = { readonly is: "good"; readonly release: Release } | { readonly is: "refused"; readonly because: string };

/** DER of an Ed25519 public key, up to the key itself (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Whether a release is from one of those whose keys this PC was given, and whether the file that is about to be fetched is one of it. The
 * updater's own manifest is not signed on every system; this one is.
 * @param keys Ed25519 public keys, base64
 * @param offered what the updater found: its version, and the SHA-512 of its files, base64
 */
export const checkRelease = (
  manifest: Buffer,
  signature: string,
  keys: readonly string[],
  offered: { readonly version: string; readonly sha512: readonly string[] },
): CheckedRelease => {
  const refused = (because: string): CheckedRelease => ({ is: "refused", because });
  const bytes = Buffer.from(signature.trim(), "base64");
  if (!keys.some((key) => isSignedBy(manifest, bytes, key))) return refused("release.json is not signed by anyone this PC trusts");
  let parsed: z.infer<typeof signedReleaseSchema>;
  try {
    parsed = signedReleaseSchema.parse(JSON.parse(manifest.toString("utf8")));
  } catch {
    return refused("release.json is signed, and not understood");
  }
  if (parsed.version !== offered.version) return refused(`${offered.version} is offered, ${parsed.version} is signed`);
  const signed = new Set(Object.values(parsed.files));
  if (offered.sha512.length === 0 || !offered.sha512.every((hash) => signed.has(hash)))
    return refused("a file that is offered is not signed");
  return { is: "good", release: { version: parsed.version, percentage: parsed.percentage } };
};

const isSignedBy = (manifest: Buffer, signature: Buffer, key: string): boolean => {
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, Buffer.from(key, "base64")]), format: "der", type: "spki" });
    return verify(null, manifest, publicKey, signature);
  } catch {
    return false;
  }
};
