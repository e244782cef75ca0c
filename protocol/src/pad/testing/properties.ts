import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePayload, encodePayload } from "../codec.ts";
import { type Frame, FrameWriter } from "../frame.ts";
import { HostSession } from "../host-session.ts";
import { declarationOf, MESSAGES, messageName } from "../messages.ts";
import { PadSession } from "../pad-session.ts";
import { TEST_PAD } from "./conversation.ts";
import { FrameCollector, framesIn } from "./frame-collector.ts";
import { framed } from "./framed.ts";
import { LinkPair } from "./link-pair.ts";
import { anyMessage, MESSAGE_NAMES } from "./message-arbitrary.ts";
import { SeededRandom } from "./seeded-random.ts";
import { type Outcome, play, story } from "./story.ts";

/** What holds for every input. The tests run each for a while with a fixed seed, `npm run fuzz` for as long as one likes with a new one. */
export interface Property {
  readonly name: string;
  readonly property: fc.IProperty<unknown>;
  /** How many inputs the tests try. */
  readonly runs: number;
}

const writer = new FrameWriter(4096);

/** Bytes with more or fewer delimiters among them, so that many candidates for a frame arise. */
const noise: fc.Arbitrary<Uint8Array> = fc.tuple(fc.nat(), fc.nat(900), fc.constantFrom(0, 0.01, 0.1, 0.3)).map(([seed, length, zeros]) => {
  const random = new SeededRandom(seed);
  return Uint8Array.from({ length }, () => (random.chance(zeros) ? 0 : 1 + random.below(255)));
});

const header = fc.record({ session: fc.nat(0xffff), sequence: fc.nat(255), acknowledgement: fc.nat(255) });

/** A right frame: of a message, or of any type with any payload. */
const anyFrame: fc.Arbitrary<Frame> = fc
  .tuple(
    header,
    fc.oneof(
      anyMessage.map((message) => [declarationOf(message.type).id, encodePayload(message)] as const),
      fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 60 })),
    ),
  )
  .map(([numbers, [type, payload]]) => ({ flags: 0, type, ...numbers, payload: payload.slice() }));

/** Where to cut a stream; numbers beyond its end cut nothing. */
const cuts = fc.array(fc.nat(2000), { maxLength: 12 });

const split = (bytes: Uint8Array, at: readonly number[]): Uint8Array[] => {
  const places = [0, ...at.filter((place) => place < bytes.length).sort((one, other) => one - other), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index] as number, end));
};

const framing: Property[] = [
  {
    name: "noise, split anywhere, gives no frame",
    runs: 300,
    property: fc.property(noise, cuts, (bytes, at) => {
      assert.deepEqual(new FrameCollector().push(...split(bytes, at)).frames, []);
    }),
  },
  {
    name: "frames among noise, split anywhere, all come out, in order, and nothing else does",
    runs: 200,
    property: fc.property(fc.array(fc.oneof(anyFrame, noise), { maxLength: 8 }), cuts, (parts, at) => {
      const bytes = Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : writer.encode(part, part.payload))));
      const sent = parts.filter((part) => !(part instanceof Uint8Array));
      assert.deepEqual(new FrameCollector(4096).push(...split(bytes, at)).frames, sent);
    }),
  },
  {
    name: "a frame that was damaged anywhere is the frame that was sent or none",
    runs: 400,
    property: fc.property(anyFrame, fc.nat(), fc.integer({ min: 1, max: 6 }), (frame, seed, damages) => {
      const random = new SeededRandom(seed);
      let bytes = [...writer.encode(frame, frame.payload)];
      for (let index = 0; index < damages; index++) {
        const at = random.below(bytes.length);
        const damage = [
          () => [(bytes[at] as number) ^ (1 << random.below(8))],
          () => [],
          () => [bytes[at] as number, random.below(256)],
          () => [0],
        ];
        bytes = [...bytes.slice(0, at), ...(damage[random.below(damage.length)] as () => number[])(), ...bytes.slice(at + 1)];
      }
      for (const found of framesIn(Uint8Array.from([...bytes, 0]))) assert.deepEqual(found, frame);
    }),
  },
];

const messages: Property[] = [
  {
    name: "every message comes back as it was encoded",
    runs: 500,
    property: fc.property(anyMessage, (message) => {
      assert.deepEqual(decodePayload(declarationOf(message.type).id, encodePayload(message)), { is: "message", message });
    }),
  },
  {
    name: "any payload of any type is read without an error, and what is a message encodes to the same bytes",
    runs: 2000,
    property: fc.property(
      fc.oneof(fc.nat(255), fc.constantFrom(...MESSAGE_NAMES.map((name) => MESSAGES[name].id))),
      fc.uint8Array({ maxLength: 130 }),
      (id, payload) => {
        const decoded = decodePayload(id, payload);
        if (decoded.is === "message") assert.deepEqual(encodePayload(decoded.message), payload);
        assert.equal(decoded.is === "unknown", messageName(id) === undefined);
      },
    ),
  },
];

/** A stranger at the other end: bytes that are no frames, frames that are right but come when they like, and time. */
const strangeInput = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyFrame, fc.boolean(), fc.boolean())
      .map(([frame, ofSession, inOrder]) => ({ is: "frame" as const, frame, ofSession, inOrder })),
  },
  { weight: 1, arbitrary: noise.map((bytes) => ({ is: "noise" as const, bytes })) },
  { weight: 1, arbitrary: fc.nat(3000).map((ms) => ({ is: "wait" as const, ms })) },
);

/** What a well-behaved peer says first, in answer to what the session wrote last. */
const POLITE: Readonly<Record<"host" | "pad", readonly ((last: Frame) => Uint8Array)[]>> = {
  host: [
    ({ session, payload }) =>
      framed(
        {
          ...TEST_PAD,
          type: "helloAnswer",
          nonce: payload.slice(0, 8),
          version: 1,
          minVersion: 1,
          maxVersion: 1,
          maxFrame: 254,
          window: 8,
        },
        { session },
      ),
    ({ session }) =>
      framed(
        { type: "challengeAnswer", nonce: new Uint8Array(16), proof: new Uint8Array(16), secured: false },
        { session, acknowledgement: 1 },
      ),
  ],
  pad: [
    () => framed({ type: "hello", nonce: new Uint8Array(8), minVersion: 1, maxVersion: 1, maxFrame: 254, window: 8 }, { session: 77 }),
    () => framed({ type: "challenge", nonce: new Uint8Array(16) }, { session: 77 }),
    () => framed({ type: "ready", secured: false, proof: new Uint8Array(16) }, { session: 77, sequence: 1, acknowledgement: 1 }),
  ],
};

const strangers = (side: "host" | "pad") =>
  fc.property(fc.nat(), fc.nat(POLITE[side].length), fc.array(strangeInput, { maxLength: 60, size: "max" }), (seed, politeness, inputs) => {
    const { bytes: random } = new SeededRandom(seed);
    const session = side === "host" ? new HostSession({ random, window: 8 }) : new PadSession({ random, window: 8 }, () => TEST_PAD);
    let now = 0;
    let last: Frame = { flags: 0, type: 0, session: 1, sequence: 0, acknowledgement: 0, payload: new Uint8Array(8) };
    const step = (input: unknown): void => {
      for (const effect of session.step(input as never, now)) {
        if (effect.is !== "write") continue;
        const written = framesIn(effect.bytes);
        assert.equal(written.length, 1);
        last = written[0] as Frame;
      }
    };
    const take = (bytes: Uint8Array): void => {
      step({ is: "bytes", bytes });
      step({ is: "settle" });
    };
    step({ is: side === "host" ? "opened" : "started" });
    for (const answer of POLITE[side].slice(0, politeness)) take(answer(last));
    assert.equal(session.isReady, politeness === POLITE[side].length);
    for (const input of inputs) {
      if (input.is === "wait") now += input.ms;
      else if (input.is === "noise") take(input.bytes);
      else {
        const { frame, ofSession, inOrder } = input;
        const sent = { ...frame, ...(ofSession ? { session: last.session } : {}), ...(inOrder ? { sequence: last.acknowledgement } : {}) };
        take(writer.encode(sent, sent.payload));
      }
      step({ is: "time" });
      assert.ok((session.deadline() ?? Infinity) > now, "a deadline has passed and time does not move it");
    }
  });

const loseNothing = ({ commands, reports, becameReady }: Outcome): void => {
  for (const { wrong, arrived, last } of [commands, reports]) {
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      arrived.slice(-20),
      Array.from({ length: 20 }, (_, index) => last - 19 + index),
    );
  }
  assert.ok(becameReady);
};

const sessions: Property[] = [
  {
    name: "a host's session takes whatever a stranger sends",
    runs: 200,
    property: strangers("host"),
  },
  {
    name: "a pad's session takes whatever a stranger sends",
    runs: 200,
    property: strangers("pad"),
  },
  {
    name: "whatever happens between both ends, no message is made up, doubled, out of order or missing, and on a good wire both are ready again",
    runs: 250,
    property: fc.property(story, (told) => loseNothing(play(told, false))),
  },
  {
    name: "whatever happens between two that are paired, every session is secured, and no message is made up, doubled, out of order or missing",
    runs: 150,
    property: fc.property(story, (told) => loseNothing(play(told, true))),
  },
];

const links: Property[] = [
  {
    name: "whatever bytes a line corrupts, loses or splits, each message arrives once and in order until all have or the link breaks",
    runs: 150,
    property: fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 8 }),
      fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 400 })),
      fc.record({
        corrupt: fc.integer({ min: 0, max: 30 }).map((permille) => permille / 1000),
        drop: fc.constantFrom(0, 0.01, 0.1),
        repeat: fc.constantFrom(0, 0.1),
        cut: fc.constantFrom(0, 0.05),
        split: fc.constantFrom(0, 0.5, 1),
      }),
      (seed, window, [toPad, toHost], faults) => {
        const pair = new LinkPair({ seed, window, faults });
        for (let eventNo = 1; eventNo <= toPad; eventNo++) pair.host.send({ type: "stored", eventNo }, 0);
        for (let eventNo = 1; eventNo <= toHost; eventNo++) pair.pad.send({ type: "keyStuck", eventNo, key: 1 }, 0);
        const isBroken = (): boolean => pair.host.broken !== undefined || pair.pad.broken !== undefined;
        pair.run(() => pair.host.link.unacknowledged + pair.pad.link.unacknowledged === 0 || isBroken());
        for (const [count, { delivered }] of [
          [toPad, pair.pad],
          [toHost, pair.host],
        ] as const) {
          const numbers = delivered.map((message) => ("eventNo" in message ? message.eventNo : -1));
          if (!isBroken()) assert.equal(numbers.length, count);
          assert.deepEqual(
            numbers,
            numbers.map((_, index) => index + 1),
          );
        }
      },
    ),
  },
];

export const PROPERTIES: readonly Property[] = [...framing, ...messages, ...links, ...sessions];
