import { once } from "node:events";
import { DelimiterParser } from "@serialport/parser-delimiter";
import { decodePayload, encodePayload, FrameReader, FrameWriter, type Message } from "@window-rating/protocol/pad";
import { type BenchRow, quantile, ratioRow } from "./row.ts";

const FRAMES = 100_000;
const ROUNDS = 7;
/** Bytes on the wire without the delimiters around them. */
const FRAME_BYTES = 41;
const CHUNK = 64;

/** A message whose frame has exactly 41 bytes: a fault with a text of the right length. */
const frameOf41 = (): Uint8Array => {
  for (let length = 0; length <= 64; length++) {
    const message: Message<"fault"> = { type: "fault", eventNo: 7, code: 3, detail: "x".repeat(length) };
    const wire = new FrameWriter().encode({ flags: 0, type: 0x34, session: 513, sequence: 1, acknowledgement: 2 }, encodePayload(message));
    if (wire.length - 2 === FRAME_BYTES) return wire;
  }
  throw new Error("no message has a frame of 41 bytes");
};

const chunksOf = (frame: Uint8Array): Uint8Array[] => {
  const stream = new Uint8Array(frame.length * FRAMES);
  for (let index = 0; index < FRAMES; index++) stream.set(frame, index * frame.length);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += CHUNK) chunks.push(stream.subarray(at, at + CHUNK));
  return chunks;
};

const ours = (chunks: readonly Uint8Array[]): number => {
  let messages = 0;
  const reader = new FrameReader({
    frame: ({ type, payload }) => {
      if (decodePayload(type, payload).is === "message") messages++;
    },
    fault: (fault) => {
      throw new Error(fault);
    },
  });
  const started = performance.now();
  for (const chunk of chunks) reader.push(chunk);
  const seconds = (performance.now() - started) / 1000;
  if (messages !== FRAMES) throw new Error(`${messages} messages of ${FRAMES}`);
  return FRAMES / seconds;
};

/** `@serialport/parser-delimiter` alone: it splits and checks nothing. */
const delimiterOnly = async (chunks: readonly Uint8Array[]): Promise<number> => {
  const parser = new DelimiterParser({ delimiter: [0] });
  parser.on("data", () => {});
  const started = performance.now();
  for (const chunk of chunks) parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  parser.end();
  await once(parser, "end");
  return FRAMES / ((performance.now() - started) / 1000);
};

/** Bytes in chunks of 64 → checked, decoded messages, beside the splitting alone; interleaved, medians. */
export const benchDecode = async (): Promise<BenchRow[]> => {
  const chunks = chunksOf(frameOf41());
  const values: number[] = [];
  const baselines: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    values.push(ours(chunks));
    baselines.push(await delimiterOnly(chunks));
  }
  return [
    ratioRow(
      {
        what: "64-byte chunks → checked, decoded messages (41-byte frames)",
        unit: "frames/s",
        value: quantile(values, 0.5),
        against: "@serialport/parser-delimiter alone",
        baseline: quantile(baselines, 0.5),
      },
      { atLeast: 0.5 },
    ),
  ];
};
