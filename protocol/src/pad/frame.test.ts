import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";
import { DEFAULT_MAX_FRAME, FRAME_OVERHEAD, type Frame, FrameReader, FrameWriter, LARGEST_MAX_FRAME } from "./frame.ts";
import { FrameCollector } from "./testing/frame-collector.ts";
import { checksummed, stuffed } from "./testing/framed.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

const HEADER = { flags: 0, type: 0x30, session: 0xbeef, sequence: 7, acknowledgement: 9 };
const writer = new FrameWriter();
const good = (payload: Uint8Array = Uint8Array.of(1, 0, 2)): Uint8Array => writer.encode(HEADER, payload);
const read = (...chunks: Uint8Array[]): FrameCollector => new FrameCollector().push(...chunks);

/** A frame without a payload, with a right checksum and whatever first byte. */
const checked = (first: number): Uint8Array => checksummed(Uint8Array.of(first, 0, 0, 0, 0, 0));

describe("writing", () => {
  test("header, payload and checksum stand in the order of SPEC.md, between two delimiters", () => {
    const raw = Uint8Array.of(0x01, 0x30, 0xef, 0xbe, 7, 9, 1, 0, 2);
    const sum = crc32c(raw);
    const whole = Uint8Array.of(...raw, sum & 0xff, (sum >>> 8) & 0xff, (sum >>> 16) & 0xff, sum >>> 24);
    expect(Buffer.from(good())).toEqual(Buffer.from(stuffed(whole)));
    expect(good()[0]).toBe(0);
    expect(good().at(-1)).toBe(0);
    expect([...good().slice(1, -1)]).not.toContain(0);
  });

  test("the longest frame that every side takes fits 256 bytes with its delimiter", () => {
    const longest = good(new Uint8Array(DEFAULT_MAX_FRAME - FRAME_OVERHEAD).fill(0xaa));
    expect(longest.length - 1).toBeLessThanOrEqual(256);
    expect(read(longest).frames[0]?.payload.length).toBe(244);
  });

  test("a frame longer than agreed is refused with WR1001 and the writer goes on", () => {
    expect(() => good(new Uint8Array(245))).toThrow(/WR1001.*255 bytes.*254/);
    expect(read(good()).frames).toHaveLength(1);
  });
});

describe("reading", () => {
  test("what was written comes back, whatever the payload", () => {
    fc.assert(
      fc.property(
        fc.record({ type: fc.nat(255), session: fc.nat(0xffff), sequence: fc.nat(255), acknowledgement: fc.nat(255) }),
        fc.uint8Array({ maxLength: LARGEST_MAX_FRAME - FRAME_OVERHEAD, size: "max" }),
        (header, payload) => {
          const bytes = new FrameWriter(LARGEST_MAX_FRAME).encode({ flags: 0, ...header }, payload);
          const { frames, faults } = new FrameCollector(LARGEST_MAX_FRAME).push(bytes);
          expect(faults).toEqual([]);
          expect(frames).toEqual([{ flags: 0, ...header, payload }]);
        },
      ),
      { seed: 11, numRuns: 150 },
    );
  });

  test("any split of the stream gives the same frames", () => {
    const stream = Buffer.concat([good(), good(new Uint8Array(0)), good(new Uint8Array(60)), Uint8Array.of(9, 9, 0), good()]);
    const whole = read(stream);
    expect(whole.frames).toHaveLength(4);
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(read(stream.subarray(0, cut), stream.subarray(cut))).toMatchObject({ frames: whole.frames, faults: whole.faults });
    }
    const single = Array.from(stream, (byte) => Uint8Array.of(byte));
    expect(read(...single)).toMatchObject({ frames: whole.frames, faults: whole.faults });
  });

  test("one delimiter between two frames is enough, and many count as nothing", () => {
    const frame = good();
    const { frames, faults } = read(frame.subarray(1), frame.subarray(1), new Uint8Array(500), frame);
    expect(frames).toHaveLength(3);
    expect(faults).toEqual([]);
  });

  test("an encoder that ends a full block with an empty one is understood", () => {
    // 244 bytes of payload and 10 of overhead, none of them zero, are exactly one full block.
    let frame: Uint8Array = new Uint8Array(0);
    for (let filler = 1; filler < 256 && frame[1] !== 0xff; filler++) frame = good(new Uint8Array(244).fill(filler));
    expect(frame[1]).toBe(0xff);
    const withEmptyBlock = Buffer.concat([frame.subarray(0, -1), Uint8Array.of(0x01, 0x00)]);
    expect(read(withEmptyBlock)).toMatchObject({ faults: [], frames: [{ payload: frame.slice(8, 252) }] });
  });

  test("the payload of a frame lives no longer than the call; the reader uses one buffer for all", () => {
    const seen: Frame[] = [];
    const reader = new FrameReader({ frame: (frame) => seen.push(frame), fault: () => {} });
    reader.push(good(Uint8Array.of(1, 1, 1)));
    reader.push(good(Uint8Array.of(2, 2, 2)));
    expect(seen[0]?.payload.buffer).toBe(seen[1]?.payload.buffer);
  });

  test("reset forgets a frame that has begun", () => {
    const frame = good();
    const { frames, faults } = read(frame.subarray(0, 9)).reset().push(frame.subarray(1));
    expect(frames).toHaveLength(1);
    expect(faults).toEqual([]);
  });
});

describe("what is thrown away is named", () => {
  const tooLong = new FrameWriter(400).encode(HEADER, new Uint8Array(300).fill(5));
  const flipped = good();
  flipped[4] = (flipped[4] as number) ^ 0x10;

  test.each([
    { name: "more bytes than fit", bytes: tooLong, fault: "too-long", version: undefined },
    { name: "zeros that do not fit", bytes: Uint8Array.from({ length: 300 }, () => 1), fault: "too-long", version: undefined },
    { name: "less than header and checksum", bytes: stuffed(new Uint8Array(9)), fault: "too-short", version: undefined },
    { name: "a single byte of noise", bytes: Uint8Array.of(1), fault: "too-short", version: undefined },
    { name: "a block that ends early", bytes: Uint8Array.of(200, 1, 2, 3), fault: "bad-stuffing", version: undefined },
    { name: "a flipped bit", bytes: flipped, fault: "bad-checksum", version: undefined },
    { name: "version 2", bytes: checked(0x02), fault: "bad-version", version: 2 },
    { name: "version 0", bytes: checked(0x00), fault: "bad-version", version: 0 },
    { name: "a flag beside the bit of secured frames", bytes: checked(0x91), fault: "bad-flags", version: undefined },
    { name: "a flag that nobody has defined", bytes: checked(0x11), fault: "bad-flags", version: undefined },
  ])("$name: $fault; the frame behind the next delimiter is read", ({ bytes, fault, version }) => {
    const { frames, faults, versions } = read(bytes, Uint8Array.of(0), good());
    expect(faults).toEqual([fault]);
    expect(versions).toEqual([version]);
    expect(frames).toHaveLength(1);
  });

  test("noise without a delimiter costs one frame at most, because every frame begins with one", () => {
    const noise = Uint8Array.of(0x55, 0xaa, 0x55);
    expect(read(noise, good())).toMatchObject({ faults: ["bad-stuffing"], frames: [{ type: 0x30 }] });
    expect(read(good().subarray(0, 7), good())).toMatchObject({ faults: [expect.any(String)], frames: [{ type: 0x30 }] });
  });

  test("every cut of a frame is a fault or nothing, never a frame", () => {
    const frame = good(new SeededRandom(12).bytes(31));
    for (let length = 0; length < frame.length - 1; length++) {
      expect(read(frame.subarray(0, length), Uint8Array.of(0)).frames).toEqual([]);
    }
  });

  test("every single flipped bit of a frame is found", () => {
    const frame = good(new SeededRandom(13).bytes(31));
    for (let bit = 8; bit < (frame.length - 1) * 8; bit++) {
      const bytes = frame.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const { frames, faults } = read(bytes);
      expect(frames).toEqual([]);
      expect(faults.length).toBeGreaterThan(0);
    }
  });
});

describe("memory", () => {
  test("ten megabytes without a delimiter leave the reader with the buffer it was made with, and the next frame is read", () => {
    const collector = new FrameCollector();
    const chunk = new Uint8Array(64 * 1024).fill(0x41);
    collector.push(chunk);
    const before = process.memoryUsage().arrayBuffers;
    for (let sent = 0; sent < 10 * 1024 * 1024; sent += chunk.length) collector.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    collector.push(good());
    expect(collector).toMatchObject({ faults: ["too-long"], frames: [{ type: 0x30 }] });
  });

  test("a reader buffers no more than the largest frame there is, whatever it is told", () => {
    const longest = new FrameWriter(LARGEST_MAX_FRAME + 1).encode(HEADER, new Uint8Array(LARGEST_MAX_FRAME + 1 - FRAME_OVERHEAD));
    expect(new FrameCollector(1_000_000).push(longest)).toMatchObject({ faults: ["too-long"], frames: [] });
  });

  test("a frame of exactly the agreed size is taken, one byte more is too long", () => {
    const exact = new FrameWriter(300).encode(HEADER, new Uint8Array(300 - FRAME_OVERHEAD).fill(3));
    const over = new FrameWriter(301).encode(HEADER, new Uint8Array(301 - FRAME_OVERHEAD).fill(3));
    expect(new FrameCollector(300).push(exact, over)).toMatchObject({ frames: [{ type: 0x30 }], faults: ["too-long"] });
  });
});

test("random bytes never throw and never give a frame", () => {
  const random = new SeededRandom(14);
  const collector = new FrameCollector();
  for (let round = 0; round < 400; round++) {
    // Many zeros, so that many candidates for a frame arise.
    const zeros = random.fraction() * 0.2;
    collector.push(Uint8Array.from({ length: random.below(700) }, () => (random.chance(zeros) ? 0 : random.below(256))));
  }
  expect(collector.frames).toEqual([]);
  expect(new Set(collector.faults)).toEqual(new Set(["too-long", "too-short", "bad-stuffing", "bad-checksum"]));
});
