import fc from "fast-check";
import { expect, test } from "vitest";
import { WindowRatingError } from "../errors/index.ts";
import { SeededRandom } from "../pad/testing/seeded-random.ts";
import { imageOf } from "../pad/testing/transfer-rig.ts";
import { decodeFirmwareFile, encodeFirmwareFile } from "./firmware-file.ts";

const payload = new SeededRandom(3).bytes(500);
const image = imageOf(payload);

test("a firmware image comes back from its file with all that was said of it", () => {
  expect(decodeFirmwareFile(encodeFirmwareFile(image, payload))).toEqual({ image, payload });
});

test("an image that was changed or cut after it was signed is refused", () => {
  const file = encodeFirmwareFile(image, payload);
  const changed = file.slice();
  changed[file.length - 7] = (changed[file.length - 7] as number) ^ 1;
  for (const bad of [changed, file.slice(0, -1), file.slice(0, 60), new Uint8Array(0)])
    expect(() => decodeFirmwareFile(bad)).toThrow(/WR1030/);
});

test("whatever a file holds, it is an image or refused with its code", () => {
  const good = encodeFirmwareFile(image, payload);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 5 }), fc.nat(good.length), (changes, length) => {
      const file = good.slice(0, length);
      for (const [place, byte] of changes) if (place < length) file[place] = byte;
      try {
        expect(decodeFirmwareFile(file).payload).toHaveLength(500);
      } catch (error) {
        expect(error).toBeInstanceOf(WindowRatingError);
      }
    }),
    { numRuns: 300 },
  );
});
