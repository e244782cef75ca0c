import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { cobsEncode, cobsMaxLength } from "../cobs.ts";
import { decodePayload, encodePayload } from "../codec.ts";
import { crc32c } from "../crc32c.ts";
import type { FieldDomain } from "../fields.ts";
import { DEFAULT_MAX_FRAME, type FrameFault, FrameWriter, LARGEST_MAX_FRAME } from "../frame.ts";
import { declarationOf, type Message, messageName } from "../messages.ts";
import type { ConversationStep } from "./conversation.ts";
import { checksummed, stuffed } from "./framed.ts";
import { jsonText } from "./json-text.ts";
import { MESSAGE_NAMES } from "./message-arbitrary.ts";
import { hex, messageToJson } from "./message-json.ts";
import { inWords, recordSessions } from "./recorded-sessions.ts";
import { securityVectors } from "./security-vectors.ts";
import { SeededRandom } from "./seeded-random.ts";
import { transferVectors } from "./transfer-vectors.ts";

/**
 * The vectors: bytes and what they mean, for whoever writes a pad in another language. Made by this program, the same every time;
 * vectors.test.ts holds the implementation against the files and the files against this program.
 */

const count = (from: number, to: number): Uint8Array => Uint8Array.from({ length: to - from + 1 }, (_, index) => from + index);
const withZeroAt = (length: number, ...places: readonly number[]): Uint8Array => {
  const bytes = Uint8Array.from({ length }, (_, index) => 1 + (index % 255));
  for (const place of places) bytes[place] = 0;
  return bytes;
};

const crcVectors = (random: SeededRandom) => {
  const named: [string, Uint8Array][] = [
    ["the check value", new TextEncoder().encode("123456789")],
    ["nothing", new Uint8Array(0)],
    ["one zero", new Uint8Array(1)],
    ["32 zeros (RFC 3720 B.4)", new Uint8Array(32)],
    ["32 ones (RFC 3720 B.4)", new Uint8Array(32).fill(0xff)],
    ["00 to 1f (RFC 3720 B.4)", count(0, 31)],
    ["1f to 00 (RFC 3720 B.4)", count(0, 31).reverse()],
    ["36 random bytes", random.bytes(36)],
    ["250 random bytes", random.bytes(250)],
  ];
  return {
    about: "CRC-32C of bytes. On the wire it stands little-endian: e3069283 is 83 92 06 e3.",
    vectors: named.map(([name, bytes]) => ({ name, bytes: hex(bytes), crc32c: crc32c(bytes).toString(16).padStart(8, "0") })),
  };
};

const cobsVectors = (random: SeededRandom) => {
  const named: [string, Uint8Array][] = [
    ["nothing", new Uint8Array(0)],
    ["one zero", new Uint8Array(1)],
    ["two zeros", new Uint8Array(2)],
    ["one byte", Uint8Array.of(0x11)],
    ["a zero between", Uint8Array.of(0x11, 0x22, 0x00, 0x33)],
    ["zeros at the end", Uint8Array.of(0x11, 0x00, 0x00, 0x00)],
    ["253 bytes without zero", count(1, 253)],
    ["254 bytes without zero: a full block and nothing behind it", count(1, 254)],
    ["255 bytes without zero", count(1, 255)],
    ["a zero, then 254 bytes without zero", Uint8Array.of(0, ...count(1, 254))],
    ["254 bytes without zero, then a zero", Uint8Array.of(...count(1, 254), 0)],
    ["253 bytes without zero, then a zero", Uint8Array.of(...count(1, 253), 0)],
    ["254 bytes, zero at the first place", withZeroAt(254, 0)],
    ["254 bytes, zero in the middle", withZeroAt(254, 127)],
    ["254 bytes, zero at the last place", withZeroAt(254, 253)],
    ["508 bytes without zero: two full blocks", withZeroAt(508).map((byte) => byte || 1)],
    ["100 random bytes", random.bytes(100)],
  ];
  return {
    about: "COBS without the delimiters. A decoder also takes what stands under alsoDecodes, which our encoder does not write.",
    vectors: named.map(([name, bytes]) => {
      const encoded = new Uint8Array(cobsMaxLength(bytes.length));
      return { name, decoded: hex(bytes), encoded: hex(encoded.subarray(0, cobsEncode(bytes, bytes.length, encoded))) };
    }),
    alsoDecodes: [
      { name: "a full block at the end, and an empty one behind it", decoded: hex(count(1, 254)), encoded: `ff${hex(count(1, 254))}01` },
    ],
    malformed: [
      { name: "a block that says 5 and has 2 bytes", encoded: "051122" },
      { name: "a full block that ends early", encoded: "ff112233" },
    ],
  };
};

/** The least, the greatest or some value of a field. */
const exampleOf = (domain: FieldDomain, pick: "least" | "greatest", random: SeededRandom): unknown => {
  switch (domain.is) {
    case "number":
      return pick === "least" ? domain.min : domain.max;
    case "flag":
      return pick === "greatest";
    case "name":
      return Object.keys(domain.names).at(pick === "least" ? 0 : -1);
    case "bytes":
      return pick === "least" ? new Uint8Array(domain.length) : random.bytes(domain.length);
    case "text":
      return pick === "least" ? "" : "满意".padEnd(domain.maxBytes - 4, "x");
    case "texts":
      return pick === "least" ? [] : ["非常不满意", "不满意", "基本满意", "满意", "非常满意"].slice(0, domain.maxCount);
    case "blob":
      return pick === "least" ? new Uint8Array(0) : random.bytes(domain.maxBytes);
    case "codes":
      return pick === "least" ? [] : Array.from({ length: domain.maxCount }, (_, index) => 500 + index);
  }
};

const writer = new FrameWriter(LARGEST_MAX_FRAME);

const frameVectors = (random: SeededRandom) => {
  const good = MESSAGE_NAMES.flatMap((name, index) =>
    (Object.keys(declarationOf(name).fields).length === 0 ? (["least"] as const) : (["least", "greatest"] as const)).map((pick) => {
      const { id, fields, delivery, needs } = declarationOf(name);
      const values = Object.fromEntries(Object.entries(fields).map(([field, { domain }]) => [field, exampleOf(domain, pick, random)]));
      const message = { type: name, ...values } as unknown as Message;
      const header = {
        session: name === "knock" ? 0 : 0x1000 + index,
        sequence: delivery === "control" ? 0 : (index * 17) & 0xff,
        acknowledgement: delivery === "control" && name !== "ack" && name !== "ping" && name !== "pong" ? 0 : 255 - index,
      };
      const wire = writer.encode({ flags: 0, type: id, ...header }, encodePayload(message));
      return {
        name: `${name}, every field at its ${pick}`,
        ...(needs === undefined ? {} : { needs }),
        wire: hex(wire),
        ...header,
        message: messageToJson(message),
      };
    }),
  );
  const unusable: [string, number, Uint8Array][] = [
    ["an id that version 1 does not have", 0x1f, Uint8Array.of(1, 2, 3)],
    ["a control id that version 1 does not have", 0x0f, new Uint8Array(0)],
    ["stored with event number 0", 0x19, new Uint8Array(4)],
    ["stored, a byte short", 0x19, Uint8Array.of(1, 0, 0)],
    ["stored, a byte too many", 0x19, Uint8Array.of(1, 0, 0, 0, 0)],
    ["rated with level 6", 0x30, Uint8Array.of(1, 0, 0, 0, ...new Uint8Array(16), 6, ...new Uint8Array(14))],
    ["knock with a cause that has no name", 0x04, Uint8Array.of(9)],
    ["fault with a text that is not UTF-8", 0x34, Uint8Array.of(1, 0, 0, 0, 0, 0, 2, 0xc0, 0xaf)],
    ["openRating with six labels", 0x14, Uint8Array.of(...new Uint8Array(16), 0xe8, 3, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0)],
  ];
  const cut = writer.encode({ flags: 0, type: 0x18, session: 1, sequence: 0, acknowledgement: 0 }, new Uint8Array(0));
  const flipped = cut.slice();
  flipped[2] = (flipped[2] as number) ^ 0x40;
  const tooLong = new FrameWriter(4096).encode(
    { flags: 0, type: 0x18, session: 1, sequence: 0, acknowledgement: 0 },
    new Uint8Array(245).fill(1),
  );
  const bad: [string, Uint8Array, FrameFault, number?][] = [
    ["one bit turned over", flipped, "bad-checksum"],
    ["a byte too few", Uint8Array.of(...cut.slice(0, -2), 0), "bad-stuffing"],
    ["a single byte", Uint8Array.of(0, 1, 0), "too-short"],
    ["nine bytes", stuffed(new Uint8Array(9)), "too-short"],
    [`a frame of 255 bytes where ${DEFAULT_MAX_FRAME} are agreed`, tooLong, "too-long"],
    ["version 2", checksummed(Uint8Array.of(0x02, 0x18, 1, 0, 0, 0)), "bad-version", 2],
    ["flag bit 4 beside bit 7", checksummed(Uint8Array.of(0x91, 0x18, 1, 0, 0, 0)), "bad-flags"],
    ["flag bit 4", checksummed(Uint8Array.of(0x11, 0x18, 1, 0, 0, 0)), "bad-flags"],
  ];
  return {
    about: "Frames with their delimiters. bad: thrown away as a whole, for the reason given. unusable: a right frame whose content is not.",
    maxFrame: DEFAULT_MAX_FRAME,
    good,
    unusable: unusable.map(([name, type, payload]) => {
      const decoded = decodePayload(type, payload);
      if (decoded.is === "message") throw new Error(`${name} can be used`);
      const wire = writer.encode({ flags: 0, type, session: 0x1234, sequence: 1, acknowledgement: 2 }, payload);
      return { name, wire: hex(wire), type, result: decoded.is };
    }),
    bad: bad.map(([name, wire, fault, version]) => ({ name, wire: hex(wire), fault, ...(version === undefined ? {} : { version }) })),
  };
};

const nameOf = (type: number): string => messageName(type) ?? type.toString(16);

const inputJson = (input: ConversationStep["input"]): object => {
  if (input.is === "bytes") return { is: "bytes", bytes: hex(input.bytes), says: inWords(input.bytes, nameOf) };
  if (input.is === "send") return { is: "send", message: messageToJson(input.message) };
  return input;
};

const effectJson = (effect: ConversationStep["effects"][number]): object => {
  if (effect.is === "write") return { is: "write", bytes: hex(effect.bytes), says: inWords(effect.bytes, nameOf) };
  if (effect.is === "report" || effect.is === "command") return { is: effect.is, message: messageToJson(effect.message) };
  if (effect.is === "ready") return { is: "ready", trust: effect.trust };
  return effect;
};

const sessionVectors = () => ({
  about: [
    "Whole sessions: what each side was given and what it did, in order. Times are milliseconds of a clock that never steps back.",
    "Inputs: opened (host), started (pad: power came on), bytes (from the other side), settle (all bytes at hand were taken: acknowledge now),",
    "time (a deadline was reached), send, close. key: the pairing key that both hold; limits: the frame size and window that both take, if not 254 and 1. A write that no later bytes input repeats was lost. random: what the sources of random bytes gave, in order.",
    "Timeouts after the first depend on the measured round trip; another implementation may repeat at other times within the limits of SPEC.md.",
  ],
  sessions: recordSessions().map(({ name, about, key, limits, random: given, steps }) => ({
    name,
    about,
    ...(key === undefined ? {} : { key: hex(key) }),
    ...(limits === undefined ? {} : { limits }),
    random: { host: given.host.map(hex), pad: given.pad.map(hex) },
    // Settling that had nothing to acknowledge says nothing to anybody.
    steps: steps
      .filter(({ input, effects }) => input.is !== "settle" || effects.length > 0)
      .map(({ at, side, input, effects }) => ({ at, side, input: inputJson(input), effects: effects.map(effectJson) })),
  })),
});

const folder = new URL("../../../vectors/", import.meta.url);

/** The same with all bytes as hexadecimal digits. */
const inHex = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(inHex);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, inHex(content)]));
};

/** File name → content. */
export const makeVectors = (): ReadonlyMap<string, string> => {
  const random = new SeededRandom(2026);
  const files = {
    crc32c: crcVectors(random),
    cobs: cobsVectors(random),
    frames: frameVectors(random),
    sessions: sessionVectors(),
    pairing: inHex(securityVectors()),
    transfer: transferVectors(),
  };
  return new Map(Object.entries(files).map(([name, content]) => [`${name}.json`, jsonText(content)]));
};

export const readVectors = (name: string): string => readFileSync(new URL(name, folder), "utf8");

const HELP = `Writes protocol/vectors/*.json anew.

Usage: node protocol/src/pad/testing/vectors.ts [--check]

  --check   write nothing; exit 1 if a file is not what this program would write
`;

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help) process.stdout.write(HELP);
  else {
    for (const [name, content] of makeVectors()) {
      if (!values.check) writeFileSync(new URL(name, folder), content);
      else if (readVectors(name) !== content) {
        process.stderr.write(`protocol/vectors/${name} is stale: run node protocol/src/pad/testing/vectors.ts\n`);
        process.exitCode = 1;
      }
    }
  }
}
