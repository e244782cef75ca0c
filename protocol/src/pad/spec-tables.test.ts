import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodePayload } from "./codec.ts";
import { FRAME_FAULTS, type Frame } from "./frame.ts";
import { type Direction, declarationOf, MESSAGES } from "./messages.ts";
import { FrameGuard } from "./security.ts";
import { withTables } from "./spec-tables.ts";
import { FrameCollector } from "./testing/frame-collector.ts";
import { MESSAGE_NAMES } from "./testing/message-arbitrary.ts";
import { fromHex } from "./testing/message-json.ts";
import { HANDSHAKE, PAIRING_KEY } from "./testing/security-vectors.ts";

const SPEC = readFileSync(join(import.meta.dirname, "..", "..", "SPEC.md"), "utf8");

describe("the generated parts of SPEC.md", () => {
  test("are as the declarations have them now", () => {
    expect(withTables(SPEC)).toBe(SPEC);
  });

  test("are mended when a byte of a worked example was changed by hand", () => {
    const wrong = SPEC.replace("AC 2B 7B 51 00", "AC 2B 7B 52 00");
    expect(wrong).not.toBe(SPEC);
    expect(withTables(wrong)).toBe(SPEC);
  });

  test("are missed when their place is gone", () => {
    expect(() => withTables(SPEC.replace("<!-- timers -->", ""))).toThrow('"timers"');
  });
});

describe("the worked examples of SPEC.md", () => {
  const wires = [...SPEC.matchAll(/^on wire {3}([0-9A-F ]+)$/gm)].map(([, bytes = ""]) => fromHex(bytes.replaceAll(" ", "")));

  test("are frames that the reader takes, of the messages that are named", () => {
    const { frames, faults } = new FrameCollector().push(...wires);
    expect(faults).toEqual([]);
    const decoded = frames.map(({ type, payload }) => decodePayload(type, payload));
    expect(decoded.map((one) => (one.is === "message" ? one.message.type : one.is))).toEqual([
      "hello",
      "helloAnswer",
      "openRating",
      "ack",
      "rated",
      "stored",
      "pairingOffer",
      "pairingStart",
      "pairingReveal",
      "pairingConfirm",
    ]);
    expect(decoded[4]).toMatchObject({ message: { eventNo: 7, level: 5 } });
  });
});

describe("the secured frame among the worked examples", () => {
  test("is taken by the reader and opens to the rating of the example before", () => {
    const sent = /^sent {2,}([0-9A-F ]+)\n {2,}([0-9A-F ]+)/m.exec(SPEC);
    const wire = fromHex(`${sent?.[1]}${sent?.[2]}`.replaceAll(" ", ""));
    const { frames, faults } = new FrameCollector().push(wire);
    expect(faults).toEqual([]);
    const [frame] = frames as [Frame];
    const opened = new FrameGuard("host", PAIRING_KEY, HANDSHAKE, 1).open(frame, 3);
    expect(decodePayload(frame.type, opened?.payload ?? new Uint8Array(0))).toMatchObject({
      message: { type: "rated", eventNo: 7, level: 5 },
    });
  });
});

describe("the parts of SPEC.md that are written by hand", () => {
  test("name every fault of a frame and every reason of a refusal with its number", () => {
    for (const fault of FRAME_FAULTS) expect(SPEC).toContain(`| \`${fault}\` |`);
    const { domain } = MESSAGES.refused.fields.reason;
    for (const [name, number] of Object.entries(domain.is === "name" ? domain.names : {}))
      expect(SPEC).toContain(`| ${number} | ${name} |`);
  });

  test("count the longest payloads right", () => {
    const longest = (direction: Direction, delivery?: string): string => {
      const sizes = MESSAGE_NAMES.map((name) => ({ name, ...declarationOf(name) }))
        .filter((one) => one.needs === undefined && one.direction === direction && (delivery === undefined || one.delivery === delivery))
        .map(({ name, fields }) => ({
          name,
          size: Object.values(fields).reduce((sum, { size }) => sum + Number(size.split("–").at(-1)), 0),
        }))
        .sort((one, other) => other.size - one.size);
      return `${sizes[0]?.name} ${sizes[0]?.size}`;
    };
    expect([longest("host-to-pad"), longest("pad-to-host"), longest("pad-to-host", "sequenced")]).toEqual([
      "openRating 188",
      "helloAnswer 112",
      "fault 71",
    ]);
    for (const row of ["(openRating) | 188 |", "byte by byte) | 112 |", "(fault), and its id | 72 |"]) expect(SPEC).toContain(row);
  });
});
