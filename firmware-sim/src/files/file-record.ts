import type { Asset, FirmwareImage, TransferFile } from "@window-rating/protocol/pad";
import * as z from "zod/mini";
import { bytesOfHex, hexOf } from "../hexadecimal.ts";

const bytes = (length: number) => z.pipe(z.string().check(z.length(length * 2), z.regex(/^[0-9a-f]*$/)), z.transform(bytesOfHex));
const text = (longest: number) => z.string().check(z.maxLength(longest));

const size = z.int().check(z.minimum(1), z.maximum(16_777_216));

export const assetSchema = z.strictObject({
  is: z.literal("asset"),
  name: text(64),
  kind: z.enum(["png", "jpeg", "wav", "json"]),
  size,
  hash: bytes(32),
}) satisfies z.ZodMiniType<Asset, unknown>;

export const imageSchema = z.strictObject({
  is: z.literal("firmware"),
  model: text(32),
  version: text(16),
  release: z.int().check(z.minimum(1), z.maximum(2 ** 32 - 1)),
  size,
  hash: bytes(32),
  signer: bytes(8),
  signature: bytes(64),
}) satisfies z.ZodMiniType<FirmwareImage, unknown>;

export const fileSchema = z.discriminatedUnion("is", [assetSchema, imageSchema]) satisfies z.ZodMiniType<TransferFile, unknown>;

/** JSON with bytes in hexadecimal, as the schemas here read it. */
export const recordText = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? hexOf(part) : part));
