import { z } from "zod";
import { CHECKSUM_FORMS, CHECKSUM_KINDS } from "./checksum.ts";

const plainName = z.string().regex(/^[a-z][a-z0-9 -]{0,23}$/, "must be lower-case letters, digits, blanks and hyphens");
const fieldName = plainName.describe("Name of the field; default: what it is. Fields of one kind need names that differ");
const hexText = z.string().min(1).max(64);
const order = z.enum(["high-first", "low-first"]).optional().describe("Order of two bytes; default high-first");
const span = z
  .strictObject({ from: plainName.describe("Name of the first field"), to: plainName.describe("Name of the last field, included") })
  .describe("Which fields");

const checksumShape = {
  kind: z.enum(CHECKSUM_KINDS).describe("How it is reckoned; CRCs by the names of the RevEng catalogue"),
  form: z.enum(CHECKSUM_FORMS).optional().describe("inverted: every bit flipped; negated: two's complement; default plain"),
  order,
};

const frameFieldSchema = z.discriminatedUnion("is", [
  z.strictObject({
    is: z.literal("fixed").describe("Bytes that are always the same"),
    name: fieldName.optional(),
    bytes: hexText.describe("The bytes, in hexadecimal or quoted ASCII"),
  }),
  z.strictObject({
    is: z.literal("length").describe("Counts bytes; may stand twice, both must agree"),
    name: fieldName.optional(),
    size: z.literal([1, 2]).optional().describe("Bytes; default 1"),
    order,
    counts: span,
    plus: z.int().min(-16).max(16).optional().describe("Added to the count; default 0"),
  }),
  z.strictObject({
    is: z.literal("address").describe("Which pad on the line"),
    name: fieldName.optional(),
    bytes: hexText.describe("Address of the pad, as its switches are set"),
    fromPad: z.enum(["same", "any"]).optional().describe("any: the pad fills it with whatever it likes; default same"),
  }),
  z.strictObject({
    is: z.literal("function").describe("What the frame is about"),
    name: fieldName.optional(),
    size: z.literal([1, 2]).optional().describe("Bytes; default 1"),
  }),
  z.strictObject({
    is: z.literal("data").describe("What the frame says"),
    name: fieldName.optional(),
    min: z.int().min(0).max(200).describe("Least bytes"),
    max: z.int().min(0).max(200).describe("Most bytes; equal to min = always so many"),
  }),
  z.strictObject({
    is: z.literal("checksum").describe("Proves the frame"),
    name: fieldName.optional(),
    ...checksumShape,
    over: span,
  }),
]);
export type FrameField = z.infer<typeof frameFieldSchema>;

const gapMs = z.int().min(20).max(10_000).optional().describe("A frame that stands still so long is thrown away; default 300");

export const frameFramingSchema = z.strictObject({
  is: z.literal("frame").describe("Binary frames"),
  fields: z.array(frameFieldSchema).min(1).max(16).describe("The fields in their order on the wire"),
  gapMs,
});
export type FrameFramingDescription = z.infer<typeof frameFramingSchema>;

const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[ -~]+$/, "must be printable ASCII");

export const lineFramingSchema = z.strictObject({
  is: z.literal("line").describe("Lines of ASCII text"),
  start: printable(8).optional().describe("Text with which each line begins, such as $"),
  pattern: printable(100).describe("The line: {function}, {data} and {address} with text between; {data:2} = always so many characters"),
  address: printable(8).optional().describe("Address of the pad, if the pattern has one"),
  fromPad: z.enum(["same", "any"]).optional().describe("any: the pad fills the address with whatever it likes; default same"),
  checksum: z
    .strictObject({
      ...checksumShape,
      separator: printable(4).optional().describe("Text between line and checksum, such as *; default none"),
      withStart: z.boolean().optional().describe("Whether start is summed too; default false"),
    })
    .optional()
    .describe("Stands in hexadecimal digits at the end of the line, over the text of the pattern"),
  terminator: z.enum(["CR LF", "CR", "LF", "any"]).describe("End of line; any: CR, LF or both from the pad, CR LF to it"),
  maxLength: z.int().min(2).max(250).describe("Longest line, without its end"),
  gapMs,
});
export type LineFramingDescription = z.infer<typeof lineFramingSchema>;

export const byteFramingSchema = z.strictObject({
  is: z.literal("byte").describe("Every byte is a message of its own; it is the data of its frame"),
});
