import type { Asset, FirmwareImage, TransferFile } from "@window-rating/protocol/pad";
import { z } from "zod";

const hexOf = (length: number) =>
  z
    .string()
    .length(length * 2)
    .regex(/^[0-9a-f]*$/)
    .transform((text) => Uint8Array.from(Buffer.from(text, "hex")));

const size = z.number().int().min(1).max(16_777_216);

export const assetSchema = z.strictObject({
  is: z.literal("asset"),
  name: z.string().max(64),
  kind: z.enum(["png", "jpeg", "wav", "json"]),
  size,
  hash: hexOf(32),
}) satisfies z.ZodType<Asset, unknown>;

export const imageSchema = z.strictObject({
  is: z.literal("firmware"),
  model: z.string().max(32),
  version: z.string().max(16),
  release: z
    .number()
    .int()
    .min(1)
    .max(2 ** 32 - 1),
  size,
  hash: hexOf(32),
  signer: hexOf(8),
  signature: hexOf(64),
}) satisfies z.ZodType<FirmwareImage, unknown>;

export const fileSchema = z.discriminatedUnion("is", [assetSchema, imageSchema]) satisfies z.ZodType<TransferFile, unknown>;

/** JSON with bytes in hexadecimal, as the schemas here read it. */
export const recordText = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? Buffer.from(part).toString("hex") : part));
