import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { WindowRatingError } from "../errors/index.ts";
import { sameBytes } from "../pad/session.ts";
import type { FirmwareImage } from "../pad/transfer-file.ts";

const FIRST_LINE = "window-rating-firmware 1\n";
/** The manifest is one line; a longer one is none. */
const LONGEST_MANIFEST = 4096;
const LINE_FEED = 0x0a;

const hexOf = (length: number) =>
  z
    .string()
    .length(length * 2)
    .regex(/^[0-9a-f]*$/)
    .transform(hexToBytes);

const manifestSchema = z.strictObject({
  model: z
    .string()
    .max(32)
    .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
  version: z.string().min(1).max(16),
  release: z
    .number()
    .int()
    .min(1)
    .max(2 ** 32 - 1),
  size: z.number().int().min(1).max(16_777_216),
  hash: hexOf(32),
  signer: hexOf(8),
  signature: hexOf(64),
});

/**
 * A firmware image as it lies in a file: the line `window-rating-firmware 1`, one line of JSON that says what the image is and who signed
 * it, then the image.
 */
export const encodeFirmwareFile = ({ is: _, ...image }: FirmwareImage, payload: Uint8Array): Uint8Array => {
  const manifest = JSON.stringify(image, (_key, value: unknown) => (value instanceof Uint8Array ? bytesToHex(value) : value));
  return concatBytes(utf8ToBytes(`${FIRST_LINE}${manifest}\n`), payload);
};

/** @throws WR1030 if the file is no firmware image, or the image is not the one that its manifest describes */
export const decodeFirmwareFile = (file: Uint8Array): { readonly image: FirmwareImage; readonly payload: Uint8Array } => {
  const start = FIRST_LINE.length;
  if (!sameBytes(file.subarray(0, start), utf8ToBytes(FIRST_LINE))) throw refusal("it does not begin as one");
  const end = file.subarray(start, start + LONGEST_MANIFEST).indexOf(LINE_FEED);
  const manifest = manifestSchema.safeParse(jsonOf(file.subarray(start, start + Math.max(0, end))));
  if (!manifest.success) throw refusal(`its manifest has no right ${manifest.error.issues[0]?.path.join(".") || "form"}`);
  const payload = file.subarray(start + end + 1);
  if (payload.length !== manifest.data.size || !sameBytes(sha256(payload), manifest.data.hash)) {
    throw refusal("it was cut or changed after it was signed: size or hash differ");
  }
  return { image: { is: "firmware", ...manifest.data }, payload };
};

const jsonOf = (line: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch {
    return undefined;
  }
};

const refusal = (why: string): WindowRatingError => new WindowRatingError("WR1030", why);
