import assert from "node:assert/strict";
import fc from "fast-check";
import type { Property } from "../../pad/testing/properties.ts";
import { SeededRandom } from "../../pad/testing/seeded-random.ts";
import { keypadDescriptionSchema } from "../check.ts";
import type { KeypadDescription } from "../description.ts";
import { KeypadProtocol } from "../protocol.ts";
import { KeypadReader, type KeypadReading } from "../reader.ts";
import { asked } from "./asked.ts";
import { DESCRIPTIONS } from "./descriptions.ts";
import { Mutator } from "./mutator.ts";
import { ORACLES } from "./oracle.ts";
import { playStory, storyArbitrary } from "./session-story.ts";

type Name = keyof typeof DESCRIPTIONS;
const NAMES = Object.keys(DESCRIPTIONS) as Name[];
const CHECKED: readonly Name[] = ["FF68", "CRC", "LINES"];
const PROTOCOLS = Object.fromEntries(NAMES.map((name) => [name, KeypadProtocol.of(DESCRIPTIONS[name])])) as Record<Name, KeypadProtocol>;

/** Without the silence between frames, which a line needs whatever is said on it. */
const protocolsWith = (more: (name: Name) => Partial<KeypadDescription>): Record<Name, KeypadProtocol> =>
  Object.fromEntries(NAMES.map((name) => [name, KeypadProtocol.of({ ...DESCRIPTIONS[name], ...more(name), pauseMs: 0 })])) as Record<
    Name,
    KeypadProtocol
  >;
const QUIET = protocolsWith(() => ({}));
const BUSY = protocolsWith((name) => asked(DESCRIPTIONS[name]));

/** Every frame that a pad of a description sends. */
const framesOf = (name: Name): readonly Uint8Array[] => DESCRIPTIONS[name].keys.map((key) => PROTOCOLS[name].keyFrame(key));
const FRAMES = { FF68: framesOf("FF68"), CRC: framesOf("CRC"), LINES: framesOf("LINES"), BYTES: framesOf("BYTES") } as const;

/** The bytes with which a frame may begin: noise without them cannot begin one. */
const STARTS: Readonly<Record<Name, readonly number[]>> = {
  FF68: [0xff],
  CRC: [0x02],
  LINES: [0x24],
  BYTES: [0x31, 0x32, 0x33, 0x34, 0x35],
};

/** Reads a stream cut into pieces at random, then waits for whatever is unfinished. */
const readAll = (protocol: KeypadProtocol, bytes: Uint8Array, random: SeededRandom): KeypadReading[] => {
  const reader = new KeypadReader(protocol);
  const readings: KeypadReading[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(random.chance(0.3) ? 200 : 7);
    readings.push(...reader.push(bytes.subarray(at, at + size), 0));
    at += size;
  }
  readings.push(...reader.time(1e9));
  assert.equal(reader.deadline(), undefined);
  return readings;
};

const noise = (random: SeededRandom, length: number, without: readonly number[]): Uint8Array =>
  Uint8Array.from({ length }, () => random.below(256)).filter((byte) => !without.includes(byte));

const seeded = fc.nat();
const anyName = fc.constantFrom(...NAMES);
const checkedName = fc.constantFrom(...CHECKED);

const reading: Property[] = [
  {
    name: "noise into a keypad's reader: nothing breaks, every byte is accounted for, and what reads as a press is a right frame",
    runs: 400,
    property: fc.property(anyName, seeded, fc.nat(600), (name, seed, length) => {
      const random = new SeededRandom(seed);
      const bytes = random.bytes(length);
      const readings = readAll(PROTOCOLS[name], bytes, random);
      for (const one of readings) if (one.is === "key") assert.ok(ORACLES[name](one.bytes));
      const told = readings.reduce((sum, one) => sum + one.bytes.length, 0);
      // Line ends between lines are no news.
      if (name === "LINES") assert.ok(told <= length);
      else assert.equal(told, length);
    }),
  },
  {
    name: "presses of a keypad among noise that cannot begin a frame, split anywhere, all come out, in order, and nothing else does",
    runs: 300,
    property: fc.property(anyName, seeded, fc.nat(12), (name, seed, count) => {
      const random = new SeededRandom(seed);
      const keys = Array.from({ length: count }, () => random.below(FRAMES[name].length));
      const chunks = keys.flatMap((key) => [noise(random, random.below(30), STARTS[name]), FRAMES[name][key] as Uint8Array]);
      const readings = readAll(PROTOCOLS[name], Uint8Array.from(chunks.flatMap((chunk) => [...chunk])), random);
      const found = readings.flatMap((one) => (one.is === "key" ? [DESCRIPTIONS[name].keys.indexOf(one.key)] : []));
      assert.deepEqual(found, keys);
    }),
  },
  {
    name: "a press of a keypad with a checksum and one byte of it changed is never a press",
    runs: 500,
    property: fc.property(checkedName, seeded, fc.nat(), fc.integer({ min: 1, max: 255 }), (name, seed, place, change) => {
      const random = new SeededRandom(seed);
      const frame = (FRAMES[name][random.below(FRAMES[name].length)] as Uint8Array).slice();
      const at = place % frame.length;
      const before = frame[at] as number;
      frame[at] = before ^ change;
      // Digits of a sum mean the same in either case.
      if (String.fromCharCode(before).toLowerCase() === String.fromCharCode(frame[at] as number).toLowerCase() && name === "LINES") return;
      assert.deepEqual(
        readAll(PROTOCOLS[name], frame, random).filter(({ is }) => is === "key"),
        [],
      );
    }),
  },
  {
    name: "streams of a keypad's presses that were damaged anywhere give presses only where the checksum is right",
    runs: 500,
    property: fc.property(anyName, seeded, fc.nat(12), fc.nat(20), (name, seed, count, damages) => {
      const random = new SeededRandom(seed);
      const frames = Array.from({ length: count }, () => FRAMES[name][random.below(FRAMES[name].length)] as Uint8Array);
      const bytes = new Mutator(random).mutated(Uint8Array.from(frames.flatMap((frame) => [...frame])), damages);
      for (const one of readAll(PROTOCOLS[name], bytes, random)) if (one.is === "key") assert.ok(ORACLES[name](one.bytes));
    }),
  },
];

const sessions: Property[] = [
  {
    name: "a keypad's session takes whatever happens, and gives a press only to the request that is open, outside its guard interval, once",
    runs: 300,
    property: fc.property(anyName, storyArbitrary, (name, story) => void playStory(PROTOCOLS[name], FRAMES[name], story)),
  },
  {
    name: "what a keypad is asked to do beside ratings, answered or not, changes nothing of any rating, not by a millisecond",
    runs: 300,
    property: fc.property(anyName, storyArbitrary, (name, story) =>
      assert.deepEqual(playStory(BUSY[name], FRAMES[name], story), playStory(QUIET[name], FRAMES[name], story)),
    ),
  },
];

/** Paths of every value in a JSON value. */
const pathsOf = (json: unknown): (string | number)[][] => {
  if (typeof json !== "object" || json === null) return [[]];
  const inner = Object.entries(json).flatMap(([key, value]) =>
    pathsOf(value).map((path) => [Array.isArray(json) ? Number(key) : key, ...path]),
  );
  return [[], ...inner];
};

const descriptions: Property[] = [
  {
    name: "a keypad's description with any value at any place is refused or can be used, and never breaks anything",
    runs: 300,
    property: fc.property(
      anyName,
      fc.nat(),
      fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(0, 1, -1, "", "{data}", "*", "FF", "high-first", "any", 300)),
      seeded,
      (name, place, value, seed) => {
        const description = structuredClone(DESCRIPTIONS[name]) as never;
        const paths = pathsOf(description).slice(1);
        const path = paths[place % paths.length] ?? [];
        let here: Record<string | number, unknown> = description;
        for (const step of path.slice(0, -1)) here = here[step] as Record<string | number, unknown>;
        here[path.at(-1) ?? ""] = value;
        const parsed = keypadDescriptionSchema.safeParse(description);
        if (!parsed.success) return assert.ok(parsed.error.issues.length > 0);
        const protocol = KeypadProtocol.of(parsed.data);
        const random = new SeededRandom(seed);
        readAll(protocol, random.bytes(100), random);
        for (const key of parsed.data.keys) {
          const [first] = readAll(protocol, protocol.keyFrame(key), random);
          assert.equal(first?.is === "key" && first.key.key, key.key);
        }
      },
    ),
  },
];

/** What holds for every input of the keypads; `npm run fuzz` tries them with new inputs for as long as one likes. */
export const KEYPAD_PROPERTIES: readonly Property[] = [...reading, ...sessions, ...descriptions];
