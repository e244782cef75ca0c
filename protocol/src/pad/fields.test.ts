import { describe, expect, test } from "vitest";
import { bytes, type Field, flag, name8, PayloadReader, PayloadWriter, text8, texts8, time48, u8, u16, u32 } from "./fields.ts";

const write = <T>(field: Field<T>, value: T): number[] => {
  const writer = new PayloadWriter();
  field.write(writer, value);
  return [...writer.finish()];
};

const read = <T>(field: Field<T>, ...given: number[]): { value: T; fault: string | undefined; position: number } => {
  const reader = new PayloadReader(Uint8Array.from(given));
  return { value: field.read(reader), fault: reader.fault, position: reader.position };
};

describe("numbers", () => {
  test("are little-endian", () => {
    expect(write(u8("one"), 0xab)).toEqual([0xab]);
    expect(write(u16("two"), 0x1234)).toEqual([0x34, 0x12]);
    expect(write(u32("four"), 0xdeadbeef)).toEqual([0xef, 0xbe, 0xad, 0xde]);
    expect(write(time48("six"), 0x0123_4567_89ab)).toEqual([0xab, 0x89, 0x67, 0x45, 0x23, 0x01]);
    expect(read(u32("four"), 0xef, 0xbe, 0xad, 0xde).value).toBe(0xdeadbeef);
    expect(read(time48("six"), 0xab, 0x89, 0x67, 0x45, 0x23, 0x01).value).toBe(0x0123_4567_89ab);
  });

  test("out of their range are not written, and the error names value and range", () => {
    for (const value of [-1, 256, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => write(u8("one"), value)).toThrow(/WR1002.*0\.\.255/);
    expect(() => write(u8("level", 1, 5), 6)).toThrow(/6 is not a whole number in 1\.\.5/);
    expect(() => write(time48("time"), 2 ** 48)).toThrow(/WR1002/);
  });

  test("out of their range are not read", () => {
    expect(read(u8("level", 1, 5), 0).fault).toBe("0 is not in 1..5");
    expect(read(u8("level", 1, 5), 6).fault).toBe("6 is not in 1..5");
  });

  test("that are cut off are a fault that tells what was needed", () => {
    expect(read(u32("four"), 1, 2, 3).fault).toBe("ends after 3 bytes, 4 were needed");
  });
});

test("after the first fault nothing more is read and the fault stays the first", () => {
  const reader = new PayloadReader(Uint8Array.of(9, 1, 2));
  u8("level", 1, 5).read(reader);
  expect(u8("next").read(reader)).toBe(0);
  expect(text8(8, "text").read(reader)).toBe("");
  expect(bytes(2, "bytes").read(reader)).toEqual(new Uint8Array(2));
  expect(reader.fault).toBe("9 is not in 1..5");
  expect(reader.position).toBe(1);
});

describe("flags", () => {
  test("are 0 or 1 and nothing else", () => {
    expect(write(flag("yes"), true)).toEqual([1]);
    expect(write(flag("no"), false)).toEqual([0]);
    expect(read(flag("yes"), 1).value).toBe(true);
    expect(read(flag("odd"), 2).fault).toBe("2 is neither 0 nor 1");
    expect(() => write(flag("missing"), undefined as unknown as boolean)).toThrow(/WR1002/);
  });
});

describe("names", () => {
  const colour = name8("Colour", { red: 1, green: 7 });
  test("have numbers on the wire", () => {
    expect(write(colour, "green")).toEqual([7]);
    expect(read(colour, 1).value).toBe("red");
  });

  test("and numbers without a name are a fault", () => {
    expect(read(colour, 2).fault).toBe("2 stands for nothing here");
    for (const name of ["blue", "toString", "__proto__"]) expect(() => write(colour, name as "red")).toThrow(/one of red, green/);
  });
});

describe("bytes", () => {
  test("are copied, so that they outlive the reader's buffer", () => {
    const source = Uint8Array.of(1, 2);
    const value = bytes(2, "two").read(new PayloadReader(source));
    source.fill(9);
    expect([...value]).toEqual([1, 2]);
  });

  test("of another length are not written", () => {
    expect(() => write(bytes(2, "two"), Uint8Array.of(1))).toThrow(/1 bytes is not 2 bytes/);
  });
});

describe("texts", () => {
  test("have a length byte that counts bytes, not characters", () => {
    expect(write(text8(32, "name"), "满意")).toEqual([6, 0xe6, 0xbb, 0xa1, 0xe6, 0x84, 0x8f]);
    expect(read(text8(32, "name"), 6, 0xe6, 0xbb, 0xa1, 0xe6, 0x84, 0x8f).value).toBe("满意");
  });

  test("that are too long are neither written nor read", () => {
    expect(() => write(text8(5, "name"), "满意")).toThrow(/6 bytes.*at most 5 bytes/);
    expect(read(text8(5, "name"), 6, 0, 0, 0, 0, 0, 0).fault).toBe("a text of 6 bytes, 5 are allowed");
  });

  test("that are not UTF-8 are neither written nor read", () => {
    expect(() => write(text8(32, "name"), "\ud800")).toThrow(/half a character/);
    // A cut character, an overlong slash, half of a surrogate pair, a byte that UTF-8 does not have.
    for (const wrong of [[0xe6, 0xbb], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff]]) {
      expect(read(text8(32, "name"), wrong.length, ...wrong).fault).toBe("a text that is not UTF-8");
    }
  });

  test("keep a byte order mark and NUL as they are", () => {
    const odd = "\ufeffa\0";
    expect(read(text8(32, "name"), ...write(text8(32, "name"), odd)).value).toBe(odd);
  });

  test("in a list have a count before them", () => {
    const labels = texts8(2, 4, "labels");
    expect(write(labels, ["a", ""])).toEqual([2, 1, 0x61, 0]);
    expect(read(labels, 2, 1, 0x61, 0).value).toEqual(["a", ""]);
    expect(read(labels, 0).value).toEqual([]);
    expect(read(labels, 3, 0, 0, 0).fault).toBe("3 texts, 2 are allowed");
    expect(read(labels, 2, 1, 0x61).fault).toBe("ends after 3 bytes, 4 were needed");
    expect(() => write(labels, ["a", "b", "c"])).toThrow(/3 texts is not at most 2 texts/);
  });
});

test("a writer grows for payloads longer than it was made for", () => {
  const writer = new PayloadWriter();
  for (let index = 0; index < 1000; index++) writer.unsigned(index, 2);
  writer.append(new Uint8Array(5000).fill(7));
  const payload = writer.finish();
  expect(payload.length).toBe(7000);
  expect(payload[1998]).toBe(999 & 0xff);
  expect(payload.at(-1)).toBe(7);
});
