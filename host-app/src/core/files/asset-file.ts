import { createHash } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Asset } from "@window-rating/protocol/pad";

/** A file for pads: what it is, and its bytes. */
export interface AssetFile {
  readonly asset: Asset;
  readonly bytes: Uint8Array;
}

/** What an offer can carry. */
export const LARGEST_ASSET = 16_777_216;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,39}){0,2}$/;

const begins = (bytes: Uint8Array, ...head: readonly number[]): boolean => head.every((byte, place) => bytes[place] === byte);

const isJson = (bytes: Uint8Array): boolean => {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
};

/** Kinds by the endings of files; what is inside must be what the ending says. */
const KINDS: Readonly<Record<string, { readonly kind: Asset["kind"]; readonly holds: (bytes: Uint8Array) => boolean }>> = {
  png: { kind: "png", holds: (bytes) => begins(bytes, 0x89, 0x50, 0x4e, 0x47) },
  jpg: { kind: "jpeg", holds: (bytes) => begins(bytes, 0xff, 0xd8, 0xff) },
  jpeg: { kind: "jpeg", holds: (bytes) => begins(bytes, 0xff, 0xd8, 0xff) },
  wav: { kind: "wav", holds: (bytes) => begins(bytes, 0x52, 0x49, 0x46, 0x46) && begins(bytes.subarray(8), 0x57, 0x41, 0x56, 0x45) },
  json: { kind: "json", holds: isJson },
};

/** The ending of a path in lower case, without its dot. */
export const endingOf = (path: string): string => /\.([A-Za-z]{3,4})$/.exec(path)?.[1]?.toLowerCase() ?? "";

/**
 * An asset of some bytes.
 * @param name such as logo, photo/1001, language/bo
 * @param path tells the kind by its ending
 * @throws WR1031 if no pad could take it
 */
export const assetOf = (name: string, path: string, bytes: Uint8Array): AssetFile => {
  const ending = KINDS[endingOf(path)];
  if (!NAME.test(name) || name.length > 64) throw new WindowRatingError("WR1031", `${name} is no name of an asset`);
  if (ending === undefined) throw new WindowRatingError("WR1031", `${path} ends with none of ${Object.keys(KINDS).join(", ")}`);
  if (bytes.length === 0 || bytes.length > LARGEST_ASSET) throw new WindowRatingError("WR1031", `${path} has ${bytes.length} bytes`);
  if (!ending.holds(bytes)) throw new WindowRatingError("WR1031", `${path} does not hold what its ending says`);
  const hash = new Uint8Array(createHash("sha256").update(bytes).digest());
  return { asset: { is: "asset", name, kind: ending.kind, size: bytes.length, hash }, bytes };
};
