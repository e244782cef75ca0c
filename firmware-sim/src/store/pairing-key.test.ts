import { expect, test } from "vitest";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import type { StoreChange } from "./event-store.ts";
import { FileStore } from "./file-store.ts";
import { PowerCut, PowerCutDisk } from "./power-cut-disk.ts";

const PATH = "/pad.store";
const [OLD, YOUNG] = [new Uint8Array(32).fill(0x11), new Uint8Array(32).fill(0x22)];
const open = (disk: PowerCutDisk) => new FileStore(PATH, { disk, random: seededBytes(seededRandom(1)) });
const hexIn = (disk: PowerCutDisk): string => Buffer.from(disk.read(PATH) ?? []).toString("latin1");

const pairedOnce = (disk = new PowerCutDisk()) => {
  const store = open(disk);
  store.apply({ is: "booted", bootCount: 1 });
  store.apply({ is: "paired", key: OLD });
  return { disk, store };
};

test("a pairing key is there after reopening, and after compaction, and none after unpairing", () => {
  const { disk } = pairedOnce();
  const again = open(disk);
  expect(again.contents.pairingKey).toEqual(OLD);
  again.apply({ is: "unpaired" });
  expect(open(disk).contents.pairingKey).toBeUndefined();
});

test("an old key is in the file no more when a new one has taken its place, or none", () => {
  const { disk, store } = pairedOnce();
  store.apply({ is: "paired", key: YOUNG });
  expect(hexIn(disk)).not.toContain("11111111");
  expect(hexIn(disk)).toContain("22222222");
  store.apply({ is: "unpaired" });
  expect(hexIn(disk)).not.toContain("22222222");
});

test.each<[string, StoreChange, Uint8Array | undefined]>([
  ["a new key takes the place of the old", { is: "paired", key: YOUNG }, YOUNG],
  ["the key is erased", { is: "unpaired" }, undefined],
])("a power cut at any byte while %s leaves the one or the other, and what was reported made stays made", (_, change, wanted) => {
  let isWhole = false;
  for (let units = 0; !isWhole; units++) {
    for (let seed = 1; seed <= 4; seed++) {
      const { disk, store } = pairedOnce();
      disk.unitsLeft = units;
      let isMade = false;
      try {
        store.apply(change);
        isMade = true;
        isWhole = disk.unitsLeft > 0;
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      const found = open(disk.afterPowerCut(seededRandom(seed))).contents;
      if (isMade) expect(found.pairingKey).toEqual(wanted);
      else expect([OLD, wanted]).toContainEqual(found.pairingKey);
      expect(found.bootCount).toBe(1);
    }
  }
});
