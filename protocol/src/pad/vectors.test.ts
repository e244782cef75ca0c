import { describe, expect, test } from "vitest";
import { cobsEncode, cobsMaxLength } from "./cobs.ts";
import { decodePayload, encodePayload } from "./codec.ts";
import { crc32c } from "./crc32c.ts";
import { FRAME_FAULTS, FRAME_OVERHEAD, FrameWriter, LARGEST_MAX_FRAME } from "./frame.ts";
import { HostSession } from "./host-session.ts";
import { declarationOf, MESSAGES, type Message } from "./messages.ts";
import { type PadIdentity, PadSession } from "./pad-session.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { FrameCollector, framesIn } from "./testing/frame-collector.ts";
import { checksummed, stuffed } from "./testing/framed.ts";
import { fromHex, hex, type MessageJson, messageFromJson, messageToJson } from "./testing/message-json.ts";
import { makeVectors, readVectors } from "./testing/vectors.ts";

/** These read the files as a stranger would, and not the program that made them. */

interface Named {
  readonly name: string;
}

test.each([...makeVectors()])("%s is what its program makes: node protocol/src/pad/testing/vectors.ts writes it anew", (name, content) => {
  expect(readVectors(name)).toBe(content);
});

describe("crc32c.json", () => {
  const { vectors } = JSON.parse(readVectors("crc32c.json")) as { vectors: (Named & { bytes: string; crc32c: string })[] };
  test.each(vectors)("$name", ({ bytes, crc32c: sum }) => {
    expect(crc32c(fromHex(bytes)).toString(16).padStart(8, "0")).toBe(sum);
  });

  test("holds the check value", () => {
    expect(vectors).toContainEqual({ name: "the check value", bytes: hex(new TextEncoder().encode("123456789")), crc32c: "e3069283" });
  });
});

describe("cobs.json", () => {
  const { vectors, alsoDecodes, malformed } = JSON.parse(readVectors("cobs.json")) as Record<
    "vectors" | "alsoDecodes" | "malformed",
    (Named & { decoded: string; encoded: string })[]
  >;

  test.each(vectors)("$name", ({ decoded, encoded }) => {
    const source = fromHex(decoded);
    const target = new Uint8Array(cobsMaxLength(source.length));
    expect(hex(target.subarray(0, cobsEncode(source, source.length, target)))).toBe(encoded);
  });

  // The reader un-stuffs within frames only, so each is tried as the content of a frame with a right checksum.
  test.each(vectors.filter(({ decoded }) => decoded.length > 0))("a frame that holds $name is read", ({ decoded }) => {
    const content = fromHex(decoded);
    const { frames, faults } = new FrameCollector(1024).push(checksummed(Uint8Array.of(1, 0x18, 1, 0, 0, 0, ...content)));
    expect(faults).toEqual([]);
    expect(frames.map(({ payload }) => hex(payload))).toEqual([decoded]);
  });

  test.each(alsoDecodes)("un-stuffed: $name", ({ decoded, encoded }) => {
    // Decoded as far as to the checksum, which these bytes do not have: so the block structure was taken.
    const wire = Uint8Array.of(...fromHex(encoded), 0);
    expect(new FrameCollector().push(wire).faults).toEqual(new FrameCollector().push(stuffed(fromHex(decoded))).faults);
  });

  test.each(malformed)("not un-stuffed: $name", ({ encoded }) => {
    expect(new FrameCollector().push(Uint8Array.of(...fromHex(encoded), 0)).faults).toEqual(["bad-stuffing"]);
  });
});

describe("frames.json", () => {
  const { maxFrame, good, unusable, bad } = JSON.parse(readVectors("frames.json")) as {
    maxFrame: number;
    good: (Named & { needs?: string; wire: string; session: number; sequence: number; acknowledgement: number; message: MessageJson })[];
    unusable: (Named & { wire: string; type: number; result: "unknown" | "malformed" })[];
    bad: (Named & { wire: string; fault: string; version?: number })[];
  };

  test.each(good)("$name", ({ needs, wire, session, sequence, acknowledgement, message: json }) => {
    const message = messageFromJson(json);
    const { id } = declarationOf(message.type);
    const { frames, faults } = new FrameCollector(needs === undefined ? maxFrame : LARGEST_MAX_FRAME).push(fromHex(wire));
    expect(faults).toEqual([]);
    expect(frames).toMatchObject([{ type: id, session, sequence, acknowledgement }]);
    expect(decodePayload(id, frames[0]?.payload ?? new Uint8Array(0))).toEqual({ is: "message", message });
    expect(
      hex(new FrameWriter(LARGEST_MAX_FRAME).encode({ flags: 0, type: id, session, sequence, acknowledgement }, encodePayload(message))),
    ).toBe(wire);
  });

  test("every message has a frame there", () => {
    expect(new Set(good.map(({ message }) => message.type))).toEqual(new Set(Object.keys(MESSAGES)));
  });

  test.each(unusable)("$name is $result", ({ wire, type, result }) => {
    const [frame] = framesIn(fromHex(wire));
    expect(frame?.type).toBe(type);
    expect(decodePayload(type, frame?.payload ?? new Uint8Array(0)).is).toBe(result);
  });

  test.each(bad)("$name is thrown away: $fault", ({ wire, fault, version }) => {
    const { frames, faults, versions } = new FrameCollector(maxFrame).push(fromHex(wire));
    expect([frames, faults, versions]).toEqual([[], [fault], [version]]);
  });

  test("every fault that a reader finds has a frame there", () => {
    expect(new Set(bad.map(({ fault }) => fault))).toEqual(new Set(FRAME_FAULTS.filter((fault) => fault !== "not-authentic")));
  });
});

describe("sessions.json", () => {
  type Input = { is: string; bytes?: string; message?: MessageJson };
  type Effect = { is: string; bytes?: string; message?: MessageJson; cause?: string; trust?: string };
  const { sessions } = JSON.parse(readVectors("sessions.json")) as {
    sessions: (Named & {
      key?: string;
      limits?: { maxFrame: number; window: number };
      random: Record<"host" | "pad", string[]>;
      steps: { at: number; side: "host" | "pad"; input: Input; effects: Effect[] }[];
    })[];
  };

  const plain = (effect: { is: string } & Partial<{ bytes: Uint8Array; message: Message; cause: string; trust: string }>): Effect => ({
    is: effect.is,
    ...(effect.bytes === undefined ? {} : { bytes: hex(effect.bytes) }),
    ...(effect.message === undefined ? {} : { message: messageToJson(effect.message) }),
    ...(effect.cause === undefined ? {} : { cause: effect.cause }),
    ...(effect.trust === undefined ? {} : { trust: effect.trust }),
  });

  test.each(sessions)("$name: both ends do what is written, byte for byte", ({ key: keyJson, limits, random, steps }) => {
    const key = keyJson === undefined ? undefined : fromHex(keyJson);
    const source = (side: "host" | "pad") => {
      const given = random[side].map(fromHex);
      return () => given.shift() ?? expect.fail("more random bytes than were recorded");
    };
    const sources = { host: source("host"), pad: source("pad") };
    let host: HostSession | undefined;
    let pad: PadSession | undefined;
    let bootCount = 0;
    for (const { at, side, input, effects } of steps) {
      if (input.is === "opened")
        host = new HostSession({ ...limits, random: sources.host, keysOf: () => (key === undefined ? [] : [key]) });
      if (input.is === "started") {
        bootCount++;
        const identity: PadIdentity = { ...TEST_PAD, bootCount, paired: key !== undefined };
        pad = new PadSession({ ...limits, random: sources.pad, key: () => key }, () => identity);
      }
      const given = {
        is: input.is,
        ...(input.bytes === undefined ? {} : { bytes: fromHex(input.bytes) }),
        ...(input.message === undefined ? {} : { message: messageFromJson(input.message) }),
      };
      const session = side === "host" ? host : pad;
      const done = session?.step(given as never, at).map((effect) => plain(effect));
      expect(done, `${side} at ${at}, ${input.is}`).toEqual(
        effects.map(({ is, bytes, message, cause, trust }) => JSON.parse(JSON.stringify({ is, bytes, message, cause, trust }))),
      );
    }
  });

  test.each(sessions)("$name: no rating is taken twice, and each that was kept arrives", ({ steps }) => {
    const eventsIn = (is: string) =>
      steps.flatMap(({ input, effects }) =>
        (is === "send" ? [input] : effects).filter((one) => one.is === is && /^(rated|touchRated)$/.test(one.message?.type ?? "")),
      );
    const numbers = (list: { message?: MessageJson }[]) => list.map(({ message }) => message?.eventNo);
    const taken = numbers(eventsIn("report"));
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken).size).toBe(taken.length);
    expect(new Set(taken)).toEqual(new Set(numbers(eventsIn("send"))));
  });

  test("every chunk that arrives is one that was written before", () => {
    for (const { steps } of sessions) {
      const written = { host: [] as string[], pad: [] as string[] };
      for (const { side, input, effects } of steps) {
        if (input.bytes !== undefined) expect(written[side === "host" ? "pad" : "host"]).toContain(input.bytes);
        for (const { is, bytes = "" } of effects) if (is === "write") written[side].push(bytes);
      }
      expect(framesIn(...written.pad.map(fromHex)).every(({ payload }) => payload.length + FRAME_OVERHEAD <= 254)).toBe(true);
    }
  });
});
