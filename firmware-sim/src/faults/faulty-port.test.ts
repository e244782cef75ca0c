import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PadPort, PortListener } from "../ports/pad-port.ts";
import { FaultyPort } from "./faulty-port.ts";
import { seededRandom } from "./seeded-random.ts";

const none = { drop: 0, flip: 0, corrupt: 0, duplicate: 0, latencyMs: 0, cutFrame: 0, delay: 0, delayMs: [20, 300] as [number, number] };

/** A port that notes what is written to it, and says what the host sends. */
const spyPort = () => {
  const written: number[] = [];
  let listener: PortListener = { bytes: () => {} };
  const port: PadPort = {
    path: "spy",
    isPlugged: true,
    write: (bytes) => void written.push(...bytes),
    listen: (given) => {
      listener = given;
    },
    unplug: () => {},
    plug: async () => {},
    close: async () => {},
  };
  return { port, written, fromHost: (bytes: Uint8Array) => listener.bytes(bytes) };
};

const frames = Array.from({ length: 500 }, (_, frame) => Uint8Array.from({ length: 20 }, (_, index) => (frame * 20 + index) & 0xff));
const sent = frames.flatMap((frame) => [...frame]);
const spoil = (faults: Partial<typeof none>, seed = 7): number[] => {
  const { port, written } = spyPort();
  const faulty = new FaultyPort(port, { toHost: { ...none, ...faults }, toPad: none }, seededRandom(seed));
  for (const frame of frames) faulty.write(frame);
  return written;
};
const bitsTurned = (one: number, other: number): number => (one ^ other).toString(2).replaceAll("0", "").length;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a line with faults", () => {
  test("without rates changes nothing", () => {
    expect(spoil({})).toEqual(sent);
  });

  test("drops, doubles or turns about as many bytes as its rate says", () => {
    expect(spoil({ drop: 0.1 }).length / sent.length).toBeCloseTo(0.9, 1);
    expect(spoil({ duplicate: 0.1 }).length / sent.length).toBeCloseTo(1.1, 1);
    const flipped = spoil({ flip: 0.1 });
    expect(flipped).toHaveLength(sent.length);
    const turned = flipped.map((byte, index) => bitsTurned(byte, sent[index] as number));
    expect(turned.filter((bits) => bits === 1).length / sent.length).toBeCloseTo(0.1, 1);
    expect(Math.max(...turned)).toBe(1);
  });

  test("makes other bytes of about as many as its rate says, and always others", () => {
    const corrupted = spoil({ corrupt: 0.1 });
    expect(corrupted).toHaveLength(sent.length);
    const changed = corrupted.filter((byte, index) => byte !== sent[index]);
    expect(changed.length / sent.length).toBeCloseTo(0.1, 1);
    expect(spoil({ corrupt: 1 }).some((byte, index) => byte === sent[index])).toBe(false);
  });

  test("with a latency timer hands over what came until it ran out, and a full buffer at once", () => {
    const { port, written } = spyPort();
    const faulty = new FaultyPort(port, { toHost: { ...none, latencyMs: 16 }, toPad: none }, seededRandom(3));
    faulty.write(Uint8Array.of(1));
    vi.advanceTimersByTime(15);
    faulty.write(Uint8Array.of(2));
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(written).toEqual([1, 2]);
    faulty.write(new Uint8Array(40).fill(3));
    faulty.write(new Uint8Array(40).fill(4));
    expect(written).toHaveLength(82);
    faulty.write(Uint8Array.of(5));
    expect(written).toHaveLength(82);
    vi.advanceTimersByTime(16);
    expect(written.at(-1)).toBe(5);
  });

  test("loses the end of a frame it cuts, and begins the next one whole", () => {
    const { port, written } = spyPort();
    const faulty = new FaultyPort(port, { toHost: { ...none, cutFrame: 1 }, toPad: none }, seededRandom(3));
    const frame = Uint8Array.from({ length: 20 }, (_, index) => index);
    const lengths = frames.map(() => {
      const before = written.length;
      faulty.write(frame);
      expect(written.slice(before)).toEqual([...frame.subarray(0, written.length - before)]);
      return written.length - before;
    });
    expect(Math.max(...lengths)).toBeLessThan(20);
    expect(Math.min(...lengths)).toBe(0);
  });

  test("delays without changing the order", () => {
    const { port, written } = spyPort();
    const faulty = new FaultyPort(port, { toHost: { ...none, delay: 0.2 }, toPad: none }, seededRandom(3));
    let lateAtOnce = 0;
    for (const [index, frame] of frames.entries()) {
      faulty.write(frame);
      expect(written).toEqual(sent.slice(0, written.length));
      if (written.length < (index + 1) * 20) lateAtOnce++;
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(300);
    expect(written).toEqual(sent);
    expect(lateAtOnce).toBeGreaterThan(100);
  });

  test("forgets what was on its way when the cable is pulled", () => {
    const { port, written } = spyPort();
    const faulty = new FaultyPort(port, { toHost: { ...none, delay: 1 }, toPad: none }, seededRandom(3));
    faulty.write(Uint8Array.of(1, 2, 3));
    faulty.unplug();
    vi.advanceTimersByTime(1000);
    expect(written).toEqual([]);
  });

  test("does the same for the same seed and other things for another", () => {
    const faults = { drop: 0.01, flip: 0.01, duplicate: 0.01, cutFrame: 0.05 };
    expect(spoil(faults, 5)).toEqual(spoil(faults, 5));
    expect(spoil(faults, 5)).not.toEqual(spoil(faults, 6));
  });

  test("treats the two directions apart", () => {
    const { port, written, fromHost } = spyPort();
    const faulty = new FaultyPort(port, { toHost: none, toPad: { ...none, drop: 1 } }, seededRandom(3));
    const heard: number[] = [];
    faulty.listen({ bytes: (chunk) => void heard.push(...chunk) });
    fromHost(Uint8Array.of(1, 2, 3));
    faulty.write(Uint8Array.of(4, 5));
    expect([heard, written]).toEqual([[], [4, 5]]);
  });
});
