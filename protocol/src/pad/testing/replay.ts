import { decodePayload } from "../codec.ts";
import { LARGEST_MAX_FRAME } from "../frame.ts";
import { FIRST_SEQUENCED_ID } from "../messages.ts";
import { FrameCollector } from "./frame-collector.ts";
import { fromHex, type MessageJson, messageToJson } from "./message-json.ts";
import { SeededRandom } from "./seeded-random.ts";

/** Counter and tag behind the payload of a secured frame, bytes. */
const GUARD_BYTES = 12;

/** The random bytes of a recording, by their length: a later version may ask for them in another order. */
export const randomOf = (recorded: readonly string[]): ((length: number) => Uint8Array) => {
  const left = recorded.map(fromHex);
  const more = new SeededRandom(1);
  return (length) => {
    const at = left.findIndex((bytes) => bytes.length === length);
    return at < 0 ? more.bytes(length) : (left.splice(at, 1)[0] as Uint8Array);
  };
};

/** What a side said in its sequenced frames, each once, whatever it repeated, acknowledged or pinged. */
export const said = (written: readonly Uint8Array[]): MessageJson[] => {
  const seen = new Set<string>();
  const collector = new FrameCollector(LARGEST_MAX_FRAME);
  const { frames } = collector.push(Uint8Array.from(written.flatMap((bytes) => [...bytes])));
  return frames.flatMap((frame) => {
    const id = `${frame.session} ${frame.sequence}`;
    if (frame.type < FIRST_SEQUENCED_ID || seen.has(id)) return [];
    seen.add(id);
    const payload = frame.flags === 0 ? frame.payload : frame.payload.subarray(0, frame.payload.length - GUARD_BYTES);
    const decoded = decodePayload(frame.type, payload);
    return decoded.is === "message" ? [messageToJson(decoded.message)] : [];
  });
};
