import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePayload, encodePayload } from "./codec.ts";
import { DEFAULT_MAX_FRAME, FRAME_OVERHEAD } from "./frame.ts";
import { declarationOf, FIRST_SEQUENCED_ID, isEvent, MESSAGES, type Message, messageName } from "./messages.ts";
import { MESSAGE_NAMES, messageOf } from "./testing/message-arbitrary.ts";

describe.each(MESSAGE_NAMES)("%s", (name) => {
  const { id } = MESSAGES[name];

  test("comes back as it was encoded, whatever its values", () => {
    fc.assert(
      fc.property(messageOf(name), (message) => {
        expect(decodePayload(id, encodePayload(message as Message))).toEqual({ is: "message", message });
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  test("fits the frame that every side takes", () => {
    fc.assert(
      fc.property(messageOf(name), (message) => encodePayload(message as Message).length + FRAME_OVERHEAD <= DEFAULT_MAX_FRAME),
      { seed: 22, numRuns: 100 },
    );
  });

  test("with a byte missing or a byte too many is malformed", () => {
    fc.assert(
      fc.property(messageOf(name), (message) => {
        const payload = encodePayload(message as Message);
        expect(decodePayload(id, Uint8Array.of(...payload, 0))).toEqual({
          is: "malformed",
          id,
          why: `${name}: 1 bytes behind the last field`,
        });
        if (payload.length > 0) expect(decodePayload(id, payload.subarray(0, -1))).toMatchObject({ is: "malformed", id });
      }),
      { seed: 23, numRuns: 50 },
    );
  });
});

test("any payload of any type gives a message, malformed or unknown, and never throws; a message encodes to the same bytes", () => {
  fc.assert(
    fc.property(fc.nat(255), fc.uint8Array({ maxLength: 200, size: "max" }), (id, payload) => {
      const decoded = decodePayload(id, payload);
      if (decoded.is === "message") expect(encodePayload(decoded.message)).toEqual(payload);
      else expect(decoded.id).toBe(id);
      expect(decoded.is === "unknown").toBe(messageName(id) === undefined);
    }),
    { seed: 24, numRuns: 3000 },
  );
});

test("a message that cannot be encoded names itself, the field and what is wrong", () => {
  const unborn = { type: "rated", eventNo: 1, requestId: new Uint8Array(16), level: 6, sinceOpenMs: 0, unixMs: 0, bootCount: 1 } as const;
  expect(() => encodePayload(unborn)).toThrow(/^WR1002 .*rated\.level: 6 is not a whole number in 1\.\.5/);
  const { level: _, ...incomplete } = unborn;
  expect(() => encodePayload(incomplete as typeof unborn)).toThrow(/rated\.level: undefined/);
  expect(() => encodePayload({ type: "challenge" } as Message)).toThrow(/WR1002.*challenge\.nonce/);
});

test("a malformed payload names the field that does not fit", () => {
  expect(decodePayload(MESSAGES.stored.id, new Uint8Array(4))).toEqual({
    is: "malformed",
    id: 0x19,
    why: "stored.eventNo: 0 is not in 1..4294967295",
  });
});

test("ids are unique, and each says whether it is sequenced and who sends it", () => {
  expect(new Set(MESSAGE_NAMES.map((name) => MESSAGES[name].id)).size).toBe(MESSAGE_NAMES.length);
  for (const name of MESSAGE_NAMES) {
    const { id, delivery, direction } = declarationOf(name);
    expect(messageName(id)).toBe(name);
    expect(delivery, name).toBe(id < FIRST_SEQUENCED_ID ? "control" : "sequenced");
    if (delivery === "sequenced") expect(direction, name).toBe(id < 0x20 || id >= 0x40 ? "host-to-pad" : "pad-to-host");
  }
});

test("exactly the messages of ids 0x30 to 0x3F are events, and all of them begin with their number", () => {
  for (const name of MESSAGE_NAMES) {
    const { id, fields } = declarationOf(name);
    const event = id >= 0x30 && id <= 0x3f;
    expect(isEvent({ type: name } as Message), name).toBe(event);
    expect(Object.keys(fields)[0] === "eventNo" && name !== "stored", name).toBe(event);
  }
});
