import { decodePayload, FrameReader, GUARD_OVERHEAD, LARGEST_MAX_FRAME, type Message, SECURED_FLAG } from "@window-rating/protocol/pad";
import type { Chunk, Side } from "./recording.ts";

/** A message of the pad protocol as it was said, once, whatever the line did to it. */
export interface RecordedMessage {
  readonly at: number;
  readonly from: Side;
  readonly message: Message;
}

/** What was said in a recording. */
export interface RecordedTalk {
  /** What the pad said of itself; undefined if this is no recording of the pad protocol. */
  readonly pad: Message<"helloAnswer"> | undefined;
  /** When the first session was ready. */
  readonly readyAt: number;
  /** Everything that was said in sessions, but for the handshakes and pairing. */
  readonly messages: readonly RecordedMessage[];
}

/** Of the handshake, or bound to keys that nobody has at a replay. */
const NOT_REPEATED: ReadonlySet<string> = new Set([
  "challenge",
  "challengeAnswer",
  "ready",
  "pairingStart",
  "pairingConfirm",
  "pairingCancel",
  "unpair",
  "pairingOffer",
  "pairingReveal",
  "pairingEnded",
]);

/** First id of a sequenced frame (protocol/SPEC.md, section 2). */
const FIRST_SEQUENCED_ID = 0x10;

/** Reads what was said out of the bytes: repeats are left out, what came early stands in its place. */
export const messagesOf = (chunks: readonly Chunk[]): RecordedTalk => {
  const messages: RecordedMessage[] = [];
  let pad: Message<"helloAnswer"> | undefined;
  let readyAt: number | undefined;
  let now = 0;
  const readerOf = (from: Side): FrameReader => {
    let session = 0;
    let expected = 0;
    /** Early frames, decoded, by their sequence number. */
    const early = new Map<number, Message | undefined>();
    const say = (message: Message | undefined): void => {
      expected = (expected + 1) & 0xff;
      if (message?.type === "ready") readyAt ??= now;
      if (message !== undefined && !NOT_REPEATED.has(message.type)) messages.push({ at: now, from, message });
    };
    return new FrameReader(
      {
        frame: (frame) => {
          const payload = frame.flags === SECURED_FLAG ? frame.payload.subarray(0, -GUARD_OVERHEAD) : frame.payload;
          const decoded = decodePayload(frame.type, payload);
          const message = decoded.is === "message" ? decoded.message : undefined;
          if (message?.type === "helloAnswer") pad ??= message;
          if (frame.type < FIRST_SEQUENCED_ID) return;
          if (frame.session !== session) {
            session = frame.session;
            expected = 0;
            early.clear();
          }
          const ahead = (frame.sequence - expected) & 0xff;
          if (ahead >= 128) return;
          if (ahead > 0) return void early.set(frame.sequence, message);
          say(message);
          for (let next = early.has(expected); next; next = early.has(expected)) {
            const waiting = early.get(expected);
            early.delete(expected);
            say(waiting);
          }
        },
        fault: () => {},
      },
      LARGEST_MAX_FRAME,
    );
  };
  const readers = { host: readerOf("host"), pad: readerOf("pad") };
  for (const { at, from, bytes } of chunks) {
    now = at;
    readers[from].push(bytes);
  }
  return { pad, readyAt: readyAt ?? 0, messages };
};
