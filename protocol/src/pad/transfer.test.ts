import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signerOf } from "./firmware-signature.ts";
import type { PadTransferOptions } from "./pad-transfer.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { LossyWire, type WireFaults } from "./testing/lossy-wire.ts";
import { PacedWire } from "./testing/paced-wire.ts";
import { SeededRandom } from "./testing/seeded-random.ts";
import { assetOf, imageOf, MAKER_SEED, TransferRig, type TransferRigOptions } from "./testing/transfer-rig.ts";

const MAKER = ed25519.getPublicKey(MAKER_SEED);
const FIRMWARE = { model: TEST_PAD.model, release: 1, makerKeys: [MAKER], maxBytes: 50_000 };
const PAD: PadTransferOptions = {
  assets: { kinds: ["png", "json"], maxBytes: 50_000, capacityBytes: 100_000 },
  firmware: FIRMWARE,
};
const HOUR = 3_600_000;

const bytesOf = (length: number, seed = 7): Uint8Array => new SeededRandom(seed).bytes(length);

const rigOf = (options: Partial<TransferRigOptions> & { readonly faults?: WireFaults } = {}): TransferRig => {
  const random = new SeededRandom(options.seed ?? 1);
  const wire = () => new LossyWire(random, options.faults);
  return new TransferRig({ toPad: wire(), toHost: wire(), pad: PAD, ...options });
};

const outcomesOf = (rig: TransferRig) => rig.ended.map(({ outcome }) => outcome);

describe("an asset", () => {
  test("comes to the pad whole, and several one after the other", () => {
    const rig = rigOf();
    const files = [1, 223, 224, 225, 5000].map((size) => [assetOf(`picture/${size}`, bytesOf(size)), bytesOf(size)] as const);
    for (const [file, bytes] of files) rig.put(file, bytes);
    expect(rig.run(HOUR)).toBe(true);
    expect(outcomesOf(rig)).toEqual(files.map(() => "complete"));
    for (const [file, bytes] of files) expect(rig.memory.bytesOf(file.name)).toEqual(bytes);
  });

  test("comes in the longest frames there are, where the line has no speed of its own", () => {
    const rig = rigOf({ maxFrame: 4096, window: 8 });
    rig.put(assetOf("logo", bytesOf(40_000)), bytesOf(40_000));
    expect(rig.run(HOUR)).toBe(true);
    expect(rig.memory.bytesOf("logo")).toEqual(bytesOf(40_000));
  });

  test("that the pad has already is not sent again", () => {
    const rig = rigOf();
    const [file, bytes] = [assetOf("logo", bytesOf(3000)), bytesOf(3000)];
    rig.put(file, bytes);
    rig.run(HOUR);
    rig.restartHost([[file, bytes]]);
    expect(rig.run(HOUR)).toBe(true);
    expect(outcomesOf(rig)).toEqual(["complete", "complete"]);
    expect(rig.memory.appended).toBe(3000);
  });

  test("takes the place of an older one of its name only when it is whole", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(3000, 1)), bytesOf(3000, 1));
    rig.run(HOUR);
    rig.put(assetOf("logo", bytesOf(9000, 2)), bytesOf(9000, 2));
    rig.run(HOUR, () => rig.memory.appended > 6000);
    expect(rig.memory.bytesOf("logo")).toEqual(bytesOf(3000, 1));
    rig.run(HOUR);
    expect(rig.memory.bytesOf("logo")).toEqual(bytesOf(9000, 2));
  });

  test("that a newer one of its name overtakes is given up for it", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(9000, 1)), bytesOf(9000, 1));
    rig.run(HOUR, () => rig.memory.appended > 2000);
    rig.put(assetOf("logo", bytesOf(4000, 2)), bytesOf(4000, 2));
    expect(rig.run(HOUR)).toBe(true);
    expect(outcomesOf(rig)).toEqual(["withdrawn", "complete"]);
    expect(rig.memory.bytesOf("logo")).toEqual(bytesOf(4000, 2));
    expect(rig.memory.contents.partial).toBeUndefined();
  });

  test("goes on where it was cut, from what the pad surely has", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(20_000)), bytesOf(20_000));
    rig.run(HOUR, () => rig.memory.appended >= 10_000);
    rig.cutPower(600);
    expect(rig.run(HOUR)).toBe(true);
    expect(rig.memory.bytesOf("logo")).toEqual(bytesOf(20_000));
    expect(rig.memory.appended).toBeLessThan(21_500);
  });

  test("with another hash begins anew, whatever there is of the one before", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(9000, 1)), bytesOf(9000, 1));
    rig.run(HOUR, () => rig.memory.appended > 4000);
    rig.restartHost([[assetOf("logo", bytesOf(9000, 2)), bytesOf(9000, 2)]]);
    expect(rig.run(HOUR)).toBe(true);
    expect(rig.memory.bytesOf("logo")).toEqual(bytesOf(9000, 2));
  });

  test("whose bytes are damaged in the memory of the pad is sent once more, and then given up", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(9000)), bytesOf(9000));
    rig.run(HOUR, () => rig.memory.appended > 4000);
    rig.memory.damage(17);
    expect(rig.run(HOUR)).toBe(true);
    expect(outcomesOf(rig)).toEqual(["complete"]);
    expect(rig.memory.bytesOf("logo")).toEqual(bytesOf(9000));

    rig.put(assetOf("bad", bytesOf(100)), bytesOf(100, 8));
    expect(rig.run(HOUR)).toBe(true);
    expect(outcomesOf(rig)).toEqual(["complete", "wrongHash"]);
    expect(rig.memory.bytesOf("bad")).toBeUndefined();
    expect(rig.memory.contents.partial).toBeUndefined();
  });

  test("that is too long, or of a kind that the pad does not take, is refused before a byte of it is sent", () => {
    const rig = rigOf();
    rig.put(assetOf("poster", bytesOf(50_001)), bytesOf(50_001));
    rig.put({ ...assetOf("voice/2", bytesOf(20)), kind: "wav" }, bytesOf(20));
    rig.put(assetOf("logo", bytesOf(10)), bytesOf(10));
    rig.run(HOUR);
    expect(outcomesOf(rig)).toEqual(["noRoom", "unsupported", "complete"]);
    expect(rig.memory.appended).toBe(10);
  });

  test("for which the others leave no room is refused until one is dropped", () => {
    const rig = rigOf();
    for (const name of ["a", "b"]) rig.put(assetOf(name, bytesOf(45_000)), bytesOf(45_000));
    rig.put(assetOf("c", bytesOf(20_000)), bytesOf(20_000));
    rig.run(HOUR);
    rig.conversation.hostStep({ is: "send", message: { type: "dropAsset", name: "a" } });
    rig.put(assetOf("c", bytesOf(20_000)), bytesOf(20_000));
    rig.run(HOUR);
    expect(outcomesOf(rig)).toEqual(["complete", "complete", "noRoom", "complete"]);
  });

  test.each(["noRoom", "fault"] as const)("that the memory refuses with %s is told so and holds up nothing", (result) => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(9000)), bytesOf(9000));
    rig.run(HOUR, () => rig.memory.appended > 2000);
    rig.memory.failing = result;
    expect(rig.run(HOUR)).toBe(true);
    rig.memory.failing = undefined;
    rig.put(assetOf("logo", bytesOf(9000)), bytesOf(9000));
    rig.run(HOUR);
    expect(outcomesOf(rig)).toEqual([result, "complete"]);
  });

  test("waits while a citizen is asked", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(20_000)), bytesOf(20_000));
    rig.run(HOUR, () => rig.memory.appended > 2000);
    rig.hostStep({ is: "hold", held: true });
    rig.run(1000, () => false);
    const held = rig.memory.appended;
    rig.run(100_000, () => false);
    expect(rig.memory.appended).toBe(held);
    rig.hostStep({ is: "hold", held: false });
    expect(rig.run(HOUR)).toBe(true);
    expect(outcomesOf(rig)).toEqual(["complete"]);
  });

  test("that a pad never speaks of is given up, and the next one is offered", () => {
    const rig = rigOf();
    rig.run(HOUR, () => rig.conversation.areReady);
    // A pad of which nothing but the session works.
    const { host } = rig.conversation;
    rig.put(assetOf("logo", bytesOf(10)), bytesOf(10));
    rig.hostStep({ is: "report", message: { type: "wanted", transfer: 1, offset: 0 } });
    for (let times = 0; times < 20; times++) rig.hostStep({ is: "report", message: { type: "wanted", transfer: 1, offset: 0 } });
    expect(host?.isReady).toBe(true);
    expect(outcomesOf(rig)).toEqual(["no-answer"]);
  });
});

describe("a pad's list of assets", () => {
  test("names each with its hash, and tells the room that is left", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(3000)), bytesOf(3000));
    rig.put(assetOf("photo/1001", bytesOf(2000)), bytesOf(2000));
    rig.run(HOUR);
    const { conversation } = rig;
    for (const place of [0, 1, 2]) conversation.hostStep({ is: "send", message: { type: "askAsset", place } });
    conversation.run(() => false, 1000);
    const reports = conversation.steps.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.is === "report" ? [effect.message] : [])),
    );
    expect(reports.filter(({ type }) => type === "heldAsset")).toMatchObject([
      { place: 0, count: 2, freeBytes: 95_000, name: "logo", kind: "png", size: 3000, hash: assetOf("", bytesOf(3000)).hash },
      { place: 1, count: 2, name: "photo/1001", size: 2000 },
      { place: 2, count: 2, name: "", kind: "none", size: 0 },
    ]);
  });

  test("is shorter by one that was dropped", () => {
    const rig = rigOf();
    rig.put(assetOf("logo", bytesOf(3000)), bytesOf(3000));
    rig.run(HOUR);
    rig.conversation.hostStep({ is: "send", message: { type: "dropAsset", name: "logo" } });
    rig.conversation.run(() => false, 1000);
    expect(rig.memory.contents.assets).toEqual([]);
  });
});

describe("firmware", () => {
  const image = bytesOf(12_000);

  test("that the maker signed is taken", () => {
    const rig = rigOf();
    rig.put(imageOf(image), image);
    rig.run(HOUR);
    expect(outcomesOf(rig)).toEqual(["complete"]);
    expect(rig.memory.image).toEqual(image);
  });

  const stranger = { ...imageOf(image), signer: signerOf(ed25519.getPublicKey(bytesOf(32, 99))) };
  test.each([
    ["of another model", imageOf(image, { model: "generic/touchscreen" }), "wrongModel"],
    ["of the release that runs", imageOf(image, { release: 1 }), "downgrade"],
    ["of a maker the pad does not know", stranger, "unknownSigner"],
    ["whose release was changed after it was signed", { ...imageOf(image), release: 3 }, "wrongSignature"],
    ["whose version was changed after it was signed", { ...imageOf(image), version: "9.9.9" }, "wrongSignature"],
    ["whose hash is another's", { ...imageOf(image), hash: bytesOf(32) }, "wrongSignature"],
    ["that is longer than the place for it", imageOf(bytesOf(50_001)), "noRoom"],
  ] as const)("%s is refused before a byte of it is sent", (_, file, outcome) => {
    const rig = rigOf();
    rig.put(file, bytesOf(file.size));
    rig.run(HOUR);
    expect(outcomesOf(rig)).toEqual([outcome]);
    expect(rig.memory.appended).toBe(0);
  });

  test("is refused by a pad that takes none", () => {
    const rig = rigOf({ pad: { assets: { kinds: [], maxBytes: 1, capacityBytes: 1 } } });
    rig.put(imageOf(image), image);
    rig.run(HOUR);
    expect(outcomesOf(rig)).toEqual(["unsupported"]);
  });

  test("whose bytes are not those that were signed is not kept", () => {
    const rig = rigOf();
    rig.put(imageOf(image), bytesOf(12_000, 8));
    rig.run(HOUR);
    expect(outcomesOf(rig)).toEqual(["wrongHash"]);
    expect(rig.memory.image).toBeUndefined();
  });
});

describe("a line of a known speed", () => {
  test.each([
    { baud: 9600, maxFrame: 254, window: 1 },
    { baud: 9600, maxFrame: 1024, window: 4 },
    { baud: 115_200, maxFrame: 254, window: 1 },
    { baud: 115_200, maxFrame: 254, window: 8 },
    { baud: 115_200, maxFrame: 4096, window: 8 },
  ])(
    "of $baud baud, frames of $maxFrame and a window of $window never has more than 200 ms of chunks under way",
    ({ baud, maxFrame, window }) => {
      const bytesPerSecond = baud / 10;
      const toPad = new PacedWire(bytesPerSecond);
      const rig = new TransferRig({ toPad, toHost: new PacedWire(bytesPerSecond), pad: PAD, bytesPerSecond, maxFrame, window });
      const bytes = bytesOf(20_000);
      rig.put(assetOf("logo", bytes), bytes);
      let longest = 0;
      // How far behind its writers the line is, looked at whenever anything happens on it.
      const isDone = rig.run(HOUR, () => {
        longest = Math.max(longest, toPad.busyUntil - rig.conversation.now);
        return rig.waiting.length === 0;
      });
      expect(isDone).toBe(true);
      expect(rig.memory.bytesOf("logo")).toEqual(bytes);
      expect(longest).toBeLessThanOrEqual(210);
      // No chunk was taken for lost while it was on its way.
      expect(rig.conversation.host?.counters.resent).toBe(0);
    },
  );
});

describe("whatever happens", () => {
  const event = fc.oneof(
    { weight: 3, arbitrary: fc.record({ is: fc.constant("cable" as const), after: fc.nat(1500) }) },
    { weight: 3, arbitrary: fc.record({ is: fc.constant("power" as const), after: fc.nat(1500), lost: fc.nat(2000) }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant("host" as const), after: fc.nat(1500) }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant("cell" as const), after: fc.nat(1500), place: fc.nat() }) },
  );
  const faults = fc.constantFrom<WireFaults>(
    {},
    { drop: 0.05 },
    { flip: 0.05, split: 0.2 },
    { drop: 0.03, repeat: 0.05, overtake: 0.02, cut: 0.02 },
  );

  test("a file is on the pad byte for byte, or it is not there at all, and at last it is there", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          size: fc.integer({ min: 1, max: 9000 }),
          faults,
          window: fc.integer({ min: 1, max: 8 }),
          isImage: fc.boolean(),
        }),
        fc.array(event, { maxLength: 6 }),
        ({ seed, size, faults: wire, window, isImage }, events) => {
          const rig = rigOf({ seed, faults: wire, window });
          const bytes = bytesOf(size, seed);
          const file = isImage ? imageOf(bytes) : assetOf("logo", bytes);
          const found = () => (isImage ? rig.memory.image : rig.memory.bytesOf("logo"));
          rig.put(file, bytes);
          for (const happening of events) {
            rig.run(happening.after);
            if (found() !== undefined) expect(found()).toEqual(bytes);
            if (happening.is === "cable") rig.pullCable();
            else if (happening.is === "power") rig.cutPower(happening.lost);
            else if (happening.is === "cell") rig.memory.damage(happening.place);
            else rig.restartHost([[file, bytes]]);
          }
          // Two damaged cells may have used up the one retry: a person puts the file again.
          for (let times = 0; times < 3 && found() === undefined; times++) {
            rig.put(file, bytes);
            expect(rig.run(HOUR)).toBe(true);
          }
          expect(found()).toEqual(bytes);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a loss of power after every single byte leaves nothing wrong", () => {
    const bytes = bytesOf(700);
    for (let cutAt = 0; cutAt <= 700; cutAt += 7) {
      const rig = rigOf({ seed: cutAt + 1 });
      rig.put(assetOf("logo", bytes), bytes);
      rig.run(HOUR, () => rig.memory.appended > cutAt || rig.waiting.length === 0);
      rig.cutPower(cutAt % 300);
      expect(rig.run(HOUR)).toBe(true);
      expect(rig.memory.bytesOf("logo")).toEqual(bytes);
    }
  });
});
