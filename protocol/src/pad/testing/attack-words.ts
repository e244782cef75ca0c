import { expect } from "vitest";
import { decodePayload, encodePayload } from "../codec.ts";
import { type Frame, FrameWriter, SECURED_FLAG } from "../frame.ts";
import type { HostSession } from "../host-session.ts";
import { type Command, MESSAGES, type Message, type MessageName, type Report } from "../messages.ts";
import type { PadSession } from "../pad-session.ts";
import { framesIn } from "./frame-collector.ts";
import { PairingBench, type PairingBenchOptions } from "./pairing-bench.ts";
import { SeededRandom } from "./seeded-random.ts";
import type { Tap, TappedWire } from "./tapped-wire.ts";

/** What the tests of attacks say and do. */

export const KEY = new SeededRandom(5).bytes(32);
export const REQUEST = new SeededRandom(6).bytes(16);

export const paired = (options: PairingBenchOptions = {}): PairingBench => new PairingBench({ key: KEY, ...options }).start();

export const rated = (eventNo: number, level = 5): Message<"rated"> => ({
  ...{ type: "rated", eventNo, requestId: REQUEST, level },
  ...{ sinceOpenMs: 900, unixMs: 0, bootCount: 1 },
});
export const stored = (eventNo: number): Command => ({ type: "stored", eventNo });
export const openRating: Command = { type: "openRating", requestId: REQUEST, timeoutMs: 30_000, voice: 0, labels: [] };

const writer = new FrameWriter(4096);

/** The frame with other parts, and a right checksum. */
export const rewritten = (frame: Frame, change: Partial<Frame>): Uint8Array =>
  writer.encode({ ...frame, ...change }, change.payload ?? frame.payload);

/** Changes the frames of one message and lets all others pass. */
export const changing =
  (name: MessageName, change: (frame: Frame) => readonly Uint8Array[]): Tap =>
  (bytes) =>
    framesIn(bytes).flatMap((frame) => (frame.type === MESSAGES[name].id ? change(frame) : [bytes]));

/** Changes fields of one message and lets all else as it is. */
export const withFields = <Name extends MessageName>(name: Name, fields: Partial<Message<Name>>): Tap =>
  changing(name, (frame) => [rewritten(frame, { payload: encodePayload({ ...messageOf(frame), ...fields } as Message).slice() })]);

export const messageOf = ({ type, payload }: Frame): Message => {
  const decoded = decodePayload(type, payload);
  if (decoded.is !== "message") throw new Error(`A frame of type ${type} is not to be read`);
  return decoded.message;
};

export const inject = (bench: PairingBench, wire: "toPad" | "toHost", ...frames: readonly Uint8Array[]): void => {
  for (const bytes of frames) bench[wire].inject(bytes, bench.conversation.now);
};

export const securedOn = (wire: TappedWire): Uint8Array[] =>
  wire.seen.filter((bytes) => framesIn(bytes).some(({ flags }) => flags === SECURED_FLAG));

/** Number of the session in which the host spoke last. */
export const sessionOf = (bench: PairingBench): number => framesIn(...bench.toPad.seen).at(-1)?.session ?? 0;

export const numbersOf = (messages: readonly (Report | Command)[]): (number | string)[] =>
  messages.map((message) => ("eventNo" in message ? message.eventNo : message.type));

/** Nothing was taken, and what is said next is. */
export const standsUnmoved = (bench: PairingBench): void => {
  expect([bench.reports, bench.commands]).toEqual([[], []]);
  bench.report(rated(1));
  bench.send(stored(1));
  bench.wait(3000);
  expect([numbersOf(bench.reports), numbersOf(bench.commands)]).toEqual([[1], [1]]);
  expect(bench.isPaired).toBe(true);
};

/** The bytes among effects. */
export const bytesOf = (
  effects: readonly ({ readonly is: "write"; readonly bytes: Uint8Array } | { readonly is: string })[],
): Uint8Array[] => effects.flatMap((effect) => ("bytes" in effect ? [effect.bytes] : []));

/** Opens the host's session and starts the pad's, and lets them talk until nothing is left to say, with no wire between them. */
export const talk = (host: HostSession, pad: PadSession) => {
  const seen = host.step({ is: "opened" }, 0);
  let toPad = bytesOf(seen);
  let toHost = bytesOf(pad.step({ is: "started" }, 0));
  while (toPad.length + toHost.length > 0) {
    const [forPad, forHost] = [toPad, toHost];
    toHost = forPad.flatMap((bytes) => bytesOf([...pad.step({ is: "bytes", bytes }, 0), ...pad.step({ is: "settle" }, 0)]));
    const effects = forHost.flatMap((bytes) => [...host.step({ is: "bytes", bytes }, 0), ...host.step({ is: "settle" }, 0)]);
    toPad = bytesOf(effects);
    seen.push(...effects);
  }
  return seen;
};
