import { type KeypadProfile, loadProfiles } from "@window-rating/device-profiles";
import { MemoryPort, SimulatedKeypad, VirtualClock } from "@window-rating/firmware-sim";
import { joined, type KeypadDescription, type KeypadKey, KeypadProtocol, KeypadReader, meaningOf } from "@window-rating/protocol/keypad";
import { describe, expect, test } from "vitest";
import { burstsOf, type Chunk } from "./bursts.ts";
import type { AskedKey, Evidence } from "./evidence.ts";
import { type Learned, learnKeypad } from "./learn.ts";

const KEYPADS = loadProfiles().filter((profile) => profile.protocol === "keypad");

const askedOf = ({ key, level, action, nothing }: KeypadKey): AskedKey => ({
  key,
  ...(level === undefined ? {} : { level }),
  ...(action === undefined ? {} : { action }),
  ...(nothing === undefined ? {} : { nothing }),
});

/** What the pad is lit with, as its sheet would have it. */
const lightOf = (protocol: KeypadProtocol): Uint8Array | undefined => {
  const frames = protocol.request("startRating", { seconds: 30 });
  return typeof frames === "string" || frames.length === 0 ? undefined : joined(frames);
};

/** Records a simulated pad as `profile learn` does: silence at first, then each key twice. */
const record = (profile: KeypadProfile): Evidence => {
  const clock = new VirtualClock();
  const port = new MemoryPort({ clock, baud: profile.port.baudRate });
  const pad = new SimulatedKeypad({ port, profile, clock });
  let chunks: Chunk[] = [];
  port.host.listen({ bytes: (bytes) => chunks.push({ bytes, atMs: clock.now() }) });
  const take = () => burstsOf(chunks.splice(0));
  const light = lightOf(KeypadProtocol.of(profile.keypad));
  clock.run(17_000);
  const idle = take();
  const presses = profile.keypad.keys.flatMap((key) =>
    [1, 2].map(() => {
      if (light !== undefined) port.host.write(light);
      clock.run(500);
      chunks = [];
      if (key.level === undefined) pad.otherKeyDown(key.key);
      else pad.keyDown(key.level);
      clock.run(120);
      if (key.level === undefined) pad.otherKeyUp(key.key);
      else pad.keyUp(key.level);
      clock.run(2000);
      return { key: askedOf(key), bursts: take(), isEndless: profile.keypad.repeat.is === "until-answered" };
    }),
  );
  void pad.close();
  return { idle, presses, ...(light === undefined ? {} : { light }) };
};

const learned = (evidence: Evidence): Learned => {
  const result = learnKeypad(evidence);
  if (typeof result === "string") throw new Error(result);
  return result;
};

/** The name of the key that a description reads in bytes. */
const readingOf = (description: KeypadDescription, bytes: Uint8Array): string | undefined => {
  const [reading, ...more] = new KeypadReader(KeypadProtocol.of(description)).push(bytes, 0);
  return reading?.is === "key" && more.length === 0 ? reading.key.key : undefined;
};

describe.each(KEYPADS.map((profile) => [profile.id, profile] as const))("what is learnt of %s", (_id, profile) => {
  const evidence = record(profile);
  const { description } = learned(evidence);
  const protocol = KeypadProtocol.of(profile.keypad);

  test("reads every one of its keys right, and gives each what the person said of it", () => {
    for (const key of profile.keypad.keys) {
      expect(readingOf(description, protocol.keyFrame(key))).toBe(key.key);
      const found = description.keys.find((one) => one.key === key.key) as KeypadKey;
      expect(meaningOf(found)).toEqual(meaningOf(key));
    }
  });

  test("frames as the profile does, and lights it with the same bytes", () => {
    expect(description.framing.is).toBe(profile.keypad.framing.is);
    const light = lightOf(protocol);
    if (light === undefined) expect(description.requests.startRating).toBeUndefined();
    else {
      const frames = KeypadProtocol.of(description).request("startRating");
      expect(typeof frames === "string" ? frames : joined(frames)).toEqual(light);
    }
  });

  test("knows its checksum, so that a damaged press is none", () => {
    const checksum = ({ framing }: KeypadDescription) =>
      framing.is === "frame" ? framing.fields.find(({ is }) => is === "checksum") : framing.is === "line" ? framing.checksum : undefined;
    const [wanted, found] = [checksum(profile.keypad), checksum(description)] as ({ kind: string; order?: string } | undefined)[];
    expect([found?.kind, found?.order ?? "high-first"]).toEqual([wanted?.kind, wanted?.order ?? "high-first"]);
  });

  test("counts a press that is sent again once", () => {
    const { repeat } = profile.keypad;
    if (repeat.is === "never") expect(description.repeat.is).toBe("never");
    // A press that was short enough is sent once even where a held key repeats.
    else if (repeat.is === "until-answered")
      expect(description.repeat).toMatchObject({ is: "while-held", everyMs: expect.closeTo(repeat.everyMs, -2) });
  });
});

/** Evidence by hand: each key twice, with the bytes that it sends. */
const byHand = (frames: readonly (readonly number[])[], idle: readonly (readonly [number, readonly number[]])[] = []): Evidence => {
  const burst = (bytes: readonly number[], atMs: number) => burstsOf([{ bytes: Uint8Array.from(bytes), atMs }]);
  return {
    idle: idle.flatMap(([atMs, bytes]) => burst(bytes, atMs)),
    presses: frames.flatMap((bytes, index) =>
      [1, 2].map((turn) => ({
        key: { key: String(index + 1), level: (index + 1) as 1 },
        bursts: burst(bytes, 100_000 * index + turn * 10_000),
        isEndless: false,
      })),
    ),
  };
};

const xor = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum ^ byte, 0);
const sum = (bytes: readonly number[]): number => bytes.reduce((total, byte) => total + byte, 0) & 0xff;

describe("an unknown pad", () => {
  test("of which each key sends its code and the code inverted is read by both", () => {
    const { description } = learned(byHand([1, 2, 3, 4, 5].map((key) => [key, key ^ 0xff])));
    for (let key = 1; key <= 5; key++) {
      expect(readingOf(description, Uint8Array.of(key, key ^ 0xff))).toBe(String(key));
      expect(readingOf(description, Uint8Array.of(key, key ^ 0xfe))).toBeUndefined();
    }
  });

  test("with a length byte whose frames have different lengths is read by it", () => {
    const frame = (data: readonly number[]): number[] => {
      const body = [0x7e, data.length + 2, 0x21, ...data];
      return [...body, sum(body.slice(1)), 0x0d];
    };
    const { description } = learned(byHand([[0x11], [0x22, 0x01], [0x33], [0x44, 0x02, 0x03], [0x55]].map(frame)));
    expect(description.framing).toMatchObject({
      is: "frame",
      fields: expect.arrayContaining([
        expect.objectContaining({ is: "length" }),
        expect.objectContaining({ is: "checksum", kind: "sum-8" }),
      ]),
    });
    expect(readingOf(description, Uint8Array.from(frame([0x44, 0x02, 0x03])))).toBe("4");
    expect(readingOf(description, Uint8Array.from(frame([0x55])))).toBe("5");
  });

  test("without any checksum that is known is read by its exact bytes, and that is told", () => {
    const tails = [0x91, 0x3c, 0xd7, 0x20, 0x68];
    const { description, notes } = learned(byHand(tails.map((tail, key) => [0xa5, 0x10 + key, tail, 0x5a])));
    expect(notes.join()).toContain("no checksum");
    expect(tails.map((tail, key) => readingOf(description, Uint8Array.of(0xa5, 0x10 + key, tail, 0x5a)))).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
    ]);
    expect(readingOf(description, Uint8Array.of(0xa5, 0x10, 0x3c, 0x5a))).toBeUndefined();
  });

  test("with seven bits and parity that was read with eight bits is recognised, and its profile has the parity", () => {
    const even = [..."12345"].map((character) => {
      const code = character.charCodeAt(0);
      return code.toString(2).replaceAll("0", "").length % 2 === 0 ? code : code | 0x80;
    });
    const { description, parity } = learned(byHand(even.map((byte) => [byte])));
    expect(parity).toBe("even");
    expect(description.keys.map(({ match }) => match.data)).toEqual(["'1'", "'2'", "'3'", "'4'", "'5'"]);
  });

  test("that says by itself that it is there is known by that, and this is no key", () => {
    const breath = [0xaa, 0x01, 0xee, 0x00, xor([0x01, 0xee, 0x00])];
    const keys = [1, 2, 3, 4, 5].map((key) => [0xaa, 0x01, 0xb0, key, xor([0x01, 0xb0, key])]);
    const { description } = learned(
      byHand(
        keys,
        [0, 2000, 4010, 6000].map((at) => [at, breath]),
      ),
    );
    expect(description.keepAlive).toMatchObject({ from: "pad", everyMs: expect.closeTo(2000, -2) });
  });

  test("whose two presses of a key differ is not guessed at: what came is shown", () => {
    const evidence = byHand([
      [1, 2, 3],
      [1, 2, 4],
    ]);
    const counted = evidence.presses.map((press, index) => ({ ...press, bursts: burstsOf([{ bytes: Uint8Array.of(9, index), atMs: 0 }]) }));
    expect(learnKeypad({ ...evidence, presses: counted })).toContain("two presses of key 1 do not send the same (09 00");
  });

  test("that sends nothing at a key is told so, with what to try", () => {
    const evidence = byHand([[1], [2]]);
    const deaf = { ...evidence, presses: evidence.presses.map((press) => ({ ...press, bursts: [] })) };
    expect(learnKeypad(deaf)).toContain("--light");
  });

  test("of which two keys send the same is not guessed at", () => {
    expect(
      learnKeypad(
        byHand([
          [0xaa, 1],
          [0xaa, 1],
          [0xaa, 2],
        ]),
      ),
    ).toContain("key 2 sends what an earlier key sent");
  });
});
