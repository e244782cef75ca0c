import { DelimiterParser } from "@serialport/parser-delimiter";
import { decodePayload, encodePayload, FrameReader, FrameWriter, MESSAGES } from "@window-rating/protocol/pad";
import { type BenchRow, quantile, ratioRow } from "./row.ts";

const FRAMES = 20_000;
const ROUNDS = 31;
const CHUNK_BYTES = 64;
/** Bytes of one stuffed frame, delimiter not counted. */
const FRAME_BYTES = 41;

/** Frames of `timedOut`, one delimiter behind each, in the chunks in which a USB adapter of full speed hands them over. */
const chunksOfFrames = (): Buffer[] => {
  const writer = new FrameWriter();
  const frames = Array.from({ length: FRAMES }, (_, index) => {
    const payload = encodePayload({
      type: "timedOut",
      eventNo: index + 1,
      requestId: Uint8Array.from({ length: 16 }, (_byte, at) => (index * 31 + at * 7) & 0xff),
      unixMs: 1_760_000_000_000 + index,
      bootCount: 12,
    });
    const numbers = { session: 0x4a2f, sequence: index & 0xff, acknowledgement: (index * 3) & 0xff };
    const frame = writer.encode({ flags: 0, type: MESSAGES.timedOut.id, ...numbers }, payload).subarray(1);
    if (frame.length !== FRAME_BYTES + 1) throw new Error(`A frame has ${frame.length - 1} bytes, not ${FRAME_BYTES}`);
    return frame;
  });
  const stream = Buffer.concat(frames);
  const count = Math.ceil(stream.length / CHUNK_BYTES);
  return Array.from({ length: count }, (_, index) => stream.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES));
};

/** Frames per second: bytes → frames → checksum → decoded message. */
const measureOurs = (chunks: readonly Buffer[]): number => {
  let sum = 0;
  const reader = new FrameReader({
    frame: ({ type, payload }) => {
      const decoded = decodePayload(type, payload);
      if (decoded.is === "message" && decoded.message.type === "timedOut") sum += decoded.message.eventNo;
    },
    fault: (fault) => {
      throw new Error(`A good frame was thrown away: ${fault}`);
    },
  });
  const start = performance.now();
  for (const chunk of chunks) reader.push(chunk);
  const seconds = (performance.now() - start) / 1000;
  if (sum !== (FRAMES * (FRAMES + 1)) / 2) throw new Error("Not every frame came out");
  return FRAMES / seconds;
};

/** Frames per second of the parser alone: bytes → pieces between delimiters, neither un-stuffed nor checked nor decoded. */
const measureParser = async (chunks: readonly Buffer[]): Promise<number> => {
  const parser = new DelimiterParser({ delimiter: [0] });
  let frames = 0;
  parser.on("data", (frame: Buffer) => {
    if (frame.length === FRAME_BYTES) frames++;
  });
  const start = performance.now();
  for (const chunk of chunks) if (!parser.write(chunk)) await new Promise((resolve) => parser.once("drain", resolve));
  await new Promise<void>((resolve) => parser.once("end", resolve).end());
  const seconds = (performance.now() - start) / 1000;
  if (frames !== FRAMES) throw new Error(`The parser gave ${frames} frames of ${FRAMES}`);
  return FRAMES / seconds;
};

/** Both are measured in turns, so that whatever else the machine does hits both alike. */
export const benchDecode = async (): Promise<BenchRow[]> => {
  const chunks = chunksOfFrames();
  const ours: number[] = [];
  const parsers: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    parsers.push(await measureParser(chunks));
    ours.push(measureOurs(chunks));
  }
  return [
    ratioRow(
      {
        what: `64-byte chunks → checked, decoded messages (${FRAME_BYTES}-byte frames)`,
        unit: "frames/s",
        value: quantile(ours, 0.5),
        against: "@serialport/parser-delimiter alone",
        baseline: quantile(parsers, 0.5),
      },
      { atLeast: 0.5 },
    ),
  ];
};

if (import.meta.main) for (const row of await benchDecode()) process.stdout.write(`${JSON.stringify(row)}\n`);
