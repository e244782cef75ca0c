import { describe, expect, test } from "vitest";
import { hexOf, joined } from "./byte-text.ts";
import { KeypadProtocol } from "./protocol.ts";
import { KeypadReader, type KeypadReading } from "./reader.ts";
import { DESCRIPTIONS } from "./testing/descriptions.ts";
import { bytesOf } from "./testing/hex.ts";

const shown = (readings: readonly KeypadReading[]): string[] =>
  readings.map((reading) => {
    if (reading.is === "key") return `key ${reading.key.key}`;
    return reading.is === "frame" ? `frame ${reading.role.is}` : `${reading.reason} ${hexOf(reading.bytes)}`;
  });

const readerOf = (name: keyof typeof DESCRIPTIONS): KeypadReader => new KeypadReader(KeypadProtocol.of(DESCRIPTIONS[name]));
const readAll = (name: keyof typeof DESCRIPTIONS, text: string): string[] => {
  const reader = readerOf(name);
  return shown([...reader.push(bytesOf(text), 0), ...reader.time(1e9)]);
};

const KEY_3 = "FF 68 03 03 68 01 11 03 15 16";

describe("the reader of frames", () => {
  test("finds a press in whatever pieces it comes", () => {
    const bytes = bytesOf(KEY_3);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = readerOf("FF68");
      const readings = [...reader.push(bytes.subarray(0, cut), 0), ...reader.push(bytes.subarray(cut), 5)];
      expect(shown(readings)).toEqual(["key 3"]);
      expect(reader.deadline()).toBeUndefined();
    }
  });

  test("finds two frames in one piece, and goes on after garbage between them, which it counts", () => {
    const reader = readerOf("FF68");
    expect(shown(reader.push(bytesOf(`00 FF ${KEY_3} AA BB ${KEY_3}`), 0))).toEqual(["start 00 FF", "key 3", "start AA BB", "key 3"]);
    expect(reader.rejected.start).toBe(4);
  });

  test.each([
    ["a wrong sum", "FF 68 03 03 68 01 11 03 14 16", "checksum"],
    ["two lengths that differ", "FF 68 03 04 68 01 11 03 15 16", "length"],
    ["a length below the least", "FF 68 01 01 68 01 11 03 15 16", "length"],
    ["a length above the most", "FF 68 06 06 68 01 11 03 15 16", "length"],
    ["another mark", "FF 68 03 03 69 01 11 03 15 16", "fixed"],
    ["another end", "FF 68 03 03 68 01 11 03 15 17", "fixed"],
    ["another pad's address", "FF 68 03 03 68 02 11 03 16 16", "address"],
  ])("takes no press from a frame with %s", (_what, text, reason) => {
    expect(readAll("FF68", text)).toEqual([`${reason} ${text}`]);
  });

  test("loses no frame behind one whose length is damaged", () => {
    expect(readAll("FF68", `FF 68 05 05 68 01 11 ${KEY_3}`)).toEqual(["checksum FF 68 05 05 68 01 11", "key 3"]);
  });

  test("gives up a frame that stands still, and finds the one that hides behind its first bytes", () => {
    const reader = readerOf("FF68");
    expect(shown(reader.push(bytesOf(`FF 68 05 05 68 ${KEY_3.slice(0, 14)}`), 1000))).toEqual([]);
    expect(reader.deadline()).toBe(1300);
    expect(shown(reader.time(1299))).toEqual([]);
    expect(shown(reader.time(1300))).toEqual(["gap FF 68 05 05 68 FF 68 03 03 68"]);
    expect(reader.deadline()).toBeUndefined();
  });

  test("reads a frame without a length by its end, even if the end's byte stands in the data", () => {
    const protocol = KeypadProtocol.of(DESCRIPTIONS.CRC);
    const [frame] = protocol.reply(0, { address: bytesOf("01"), function: bytesOf("40"), data: bytesOf("03 03 05 03") }) as Uint8Array[];
    const reader = new KeypadReader(protocol);
    expect(shown(reader.push(frame as Uint8Array, 0))).toEqual(["frame other"]);
    expect(reader.deadline()).toBeUndefined();
  });

  test("keeps no more than a few of the longest frames of an endless beginning", () => {
    const reader = readerOf("FF68");
    const readings = reader.push(joined(Array.from({ length: 2000 }, () => bytesOf("FF 68 05 05 68"))), 0);
    const kept = readings.reduce((sum, reading) => sum + reading.bytes.length, 0);
    expect(10_000 - kept).toBeLessThanOrEqual(24 + 64 + 12);
    expect(readings.every(({ is }) => is === "rejected")).toBe(true);
  });
});

describe("the reader of lines", () => {
  const line = (text: string): string => `'${text}' 0D 0A`;

  test("reads keys, answers and keep-alives, with the digits of the sum in either case", () => {
    const text = [line("$KEY,5*4E"), line("$KEY,1*4a"), line("$OK,RATE*2A"), line("$ALIVE,*7B")].join(" ");
    expect(readAll("LINES", text)).toEqual(["key good", "key bad", "frame answer", "frame keepAlive"]);
  });

  test("begins anew at the mark of the next line", () => {
    expect(readAll("LINES", `'$KE' ${line("$KEY,5*4E")}`)).toEqual([expect.stringMatching(/^checksum 24 4B 45$/), "key good"]);
  });

  test.each([
    ["a wrong sum", "'$KEY,5*4F' 0D 0A", "checksum"],
    ["a byte that is no text", "'$KEY,' 07 '*4E' 0D 0A", "text"],
    ["too many characters", "'$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'", "too-long"],
    ["no pattern", "'$KEY5*62' 0D 0A", "pattern"],
  ])("takes no press from a line with %s", (_what, text, reason) => {
    const [first, ...more] = readAll("LINES", text);
    expect(first).toMatch(new RegExp(`^${reason} `));
    expect(more.every((reading) => !reading.startsWith("key"))).toBe(true);
  });

  test("without a mark takes whole lines only, never the tail of one", () => {
    const protocol = KeypadProtocol.of({
      ...DESCRIPTIONS.BYTES,
      framing: { is: "line", pattern: "{data}", terminator: "any", maxLength: 8 },
      keys: [{ key: "5", match: { data: "5" }, level: 5 }],
    });
    const read = (text: string): string[] => {
      const reader = new KeypadReader(protocol);
      return shown([...reader.push(bytesOf(text), 0), ...reader.time(1e9)]);
    };
    expect(read("'5' 0D 0A '5' 0A '5' 0D")).toEqual(["key 5", "key 5", "key 5"]);
    expect(read("FF '5' 0D")).toEqual(["text FF 35"]);
    expect(read("'AAAAAAAAAAAA5' 0D").filter((reading) => reading.startsWith("key"))).toEqual([]);
  });
});

describe("the reader of single bytes", () => {
  test("takes a known byte for a key and counts the others", () => {
    const reader = readerOf("BYTES");
    expect(shown(reader.push(bytesOf("31 36 00 35"), 0))).toEqual(["key 1", "unknown 36 00", "key 5"]);
    expect(reader.rejected.unknown).toBe(2);
  });
});
