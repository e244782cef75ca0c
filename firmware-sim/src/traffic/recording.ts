import { readFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";

/** Format of a recording; later ones keep `is` and `format` in the first line and may change all else. */
const RECORDING_FORMAT = 1;

export type Side = "host" | "pad";

const headerSchema = z.strictObject({
  is: z.literal("recording"),
  format: z.literal(RECORDING_FORMAT),
  /** Version of the program that recorded. */
  program: z.string(),
  /** Device profile of the pad, and the hash of its content. */
  profile: z.string(),
  profileSha256: z.string(),
  /** Where the pad was. */
  port: z.string(),
  startedAt: z.iso.datetime(),
  note: z.string(),
});
/** The first line of a recording. */
export type RecordingHeader = z.infer<typeof headerSchema>;

/** Stands in every recording, and is said when one begins. */
export const PRIVACY_NOTE =
  "Holds every byte that went over the line, personal data included: ratings, the clerk's card, what a citizen wrote. Keep it as such, and delete it when it has served.";

const hex = z
  .string()
  .regex(/^([0-9a-f]{2})+$/, "is hexadecimal, two digits a byte")
  .transform((text) => Uint8Array.from(Buffer.from(text, "hex")));
const at = z.number().min(0);
const lineSchema = z.union([
  z.strictObject({ at, from: z.enum(["host", "pad"]), bytes: hex }),
  /** The pad's port was lost, or is back. */
  z.strictObject({ at, port: z.enum(["lost", "back"]) }),
]);

/** Bytes as they came in one piece; `at` in monotonic milliseconds since the recording began. */
export interface Chunk {
  readonly at: number;
  readonly from: Side;
  readonly bytes: Uint8Array;
}

export interface Recording {
  readonly header: RecordingHeader;
  readonly chunks: readonly Chunk[];
  /** The last line is not whole: recording was cut off while it was written. */
  readonly isTorn: boolean;
}

export const headerLine = (header: Omit<RecordingHeader, "is" | "format" | "note">): string =>
  `${JSON.stringify({ is: "recording", format: RECORDING_FORMAT, ...header, note: PRIVACY_NOTE })}\n`;

export const chunkLine = ({ at: time, from, bytes }: Chunk): string =>
  `${JSON.stringify({ at: roundTime(time), from, bytes: Buffer.from(bytes).toString("hex") })}\n`;

export const portLine = (time: number, port: "lost" | "back"): string => `${JSON.stringify({ at: roundTime(time), port })}\n`;

const roundTime = (time: number): number => Math.round(time * 1000) / 1000;

/** @throws WR9020 naming the file, the line, and what is wrong with it */
export const readRecording = (file: string): Recording => {
  const refuse = (why: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR9020", `${file}: ${why}`, cause);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
  const [first = "", ...rest] = text.split("\n");
  const header = headerSchema.safeParse(parsed(first));
  if (!header.success) throw refuse("line 1: is not the first line of a recording that this version reads", header.error);
  const isTorn = rest.pop() !== "";
  const chunks: Chunk[] = [];
  let before = 0;
  for (const [index, line] of rest.entries()) {
    const read = lineSchema.safeParse(parsed(line));
    if (!read.success) throw refuse(`line ${index + 2}: ${read.error.issues[0]?.message}`, read.error);
    if (read.data.at < before) throw refuse(`line ${index + 2}: is earlier than the line before it`);
    before = read.data.at;
    if ("from" in read.data) chunks.push(read.data);
  }
  return { header: header.data, chunks, isTorn };
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
