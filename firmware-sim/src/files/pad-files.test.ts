import { createHash } from "node:crypto";
import { type Asset, type FileChange, type FirmwareImage, isSameFile, type TransferFile } from "@window-rating/protocol/pad";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { PowerCutDisk } from "../store/power-cut-disk.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { PadFiles, type SlotChange } from "./pad-files.ts";

const BASE = "/pad.files";

const bytesOf = (length: number, seed = 1): Uint8Array => seededBytes(seededRandom(seed))(length);
const hashOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());
const assetOf = (name: string, bytes: Uint8Array): Asset => ({ is: "asset", name, kind: "png", size: bytes.length, hash: hashOf(bytes) });
const imageOf = (release: number, bytes: Uint8Array): FirmwareImage => ({
  is: "firmware",
  model: "generic/five-button",
  version: `${release}.0.0`,
  release,
  size: bytes.length,
  hash: hashOf(bytes),
  signer: new Uint8Array(8),
  signature: new Uint8Array(64),
});

const CHUNK = 100;
/** The changes by which a file comes, from an offset on. */
const coming = (file: TransferFile, bytes: Uint8Array, from: number | undefined): (FileChange | SlotChange)[] => {
  const changes: FileChange[] = from === undefined ? [{ is: "begin", file }] : [];
  for (let offset = from ?? 0; offset < bytes.length; offset += CHUNK) {
    changes.push({ is: "append", offset, data: bytes.subarray(offset, offset + CHUNK) });
  }
  return [...changes, { is: "finish", file }];
};

const bring = (files: PadFiles, file: TransferFile, bytes: Uint8Array) => {
  for (const change of coming(file, bytes, undefined)) expect(files.apply(change)).toBe("done");
};

describe("files on a disk", () => {
  test("are there after reopening, each under its name", () => {
    const disk = new MemoryDisk();
    const files = new PadFiles(BASE, disk);
    bring(files, assetOf("logo", bytesOf(1000)), bytesOf(1000));
    bring(files, assetOf("photo/1001", bytesOf(350, 2)), bytesOf(350, 2));
    const again = new PadFiles(BASE, disk);
    expect(again.find("logo")).toEqual({ kind: "png", bytes: bytesOf(1000) });
    expect(again.find("photo/1001")).toEqual({ kind: "png", bytes: bytesOf(350, 2) });
    expect(again.find("nothing")).toBeUndefined();
  });

  test("of the same bytes under two names stay when one is dropped", () => {
    const files = new PadFiles(BASE, new MemoryDisk());
    bring(files, assetOf("one", bytesOf(300)), bytesOf(300));
    bring(files, assetOf("two", bytesOf(300)), bytesOf(300));
    files.apply({ is: "drop", name: "one" });
    expect(files.find("one")).toBeUndefined();
    expect(files.find("two")?.bytes).toEqual(bytesOf(300));
  });

  test("that are replaced or dropped leave nothing on the disk", () => {
    const disk = new PowerCutDisk();
    const files = new PadFiles(BASE, disk);
    bring(files, assetOf("logo", bytesOf(300)), bytesOf(300));
    bring(files, assetOf("logo", bytesOf(300, 2)), bytesOf(300, 2));
    files.apply({ is: "drop", name: "logo" });
    expect(disk.paths).toEqual([`${BASE}.index`]);
  });

  test("that the disk has damaged are not there, so that they are wanted again", () => {
    const disk = new PowerCutDisk();
    const file = assetOf("logo", bytesOf(300));
    bring(new PadFiles(BASE, disk), file, bytesOf(300));
    const path = disk.paths.find((name) => name.endsWith(Buffer.from(file.hash).toString("hex"))) as string;
    disk.read(path)?.fill(7, 17, 20);
    expect(new PadFiles(BASE, disk).contents.assets).toEqual([]);
  });

  test("whose index is damaged are all gone, and new ones find their place", () => {
    const disk = new PowerCutDisk();
    bring(new PadFiles(BASE, disk), assetOf("logo", bytesOf(300)), bytesOf(300));
    disk.read(`${BASE}.index`)?.fill(7, 40, 42);
    const files = new PadFiles(BASE, disk);
    expect(files.contents.assets).toEqual([]);
    bring(files, assetOf("logo", bytesOf(300)), bytesOf(300));
    expect(files.find("logo")?.bytes).toEqual(bytesOf(300));
  });

  test("with a wrong hash do not come into their place", () => {
    const files = new PadFiles(BASE, new MemoryDisk());
    bring(files, assetOf("logo", bytesOf(300)), bytesOf(300));
    const file = assetOf("logo", bytesOf(300, 2));
    const results = coming(file, bytesOf(300, 3), undefined).map((change) => files.apply(change));
    expect(results.at(-1)).toBe("wrongHash");
    expect(files.find("logo")?.bytes).toEqual(bytesOf(300));
  });

  test("tell when the disk is full, and go on when there is room again", () => {
    const disk = new PowerCutDisk();
    const files = new PadFiles(BASE, disk);
    const file = assetOf("logo", bytesOf(300));
    expect(files.apply({ is: "begin", file })).toBe("done");
    disk.isFull = true;
    expect(files.apply({ is: "append", offset: 0, data: bytesOf(100) })).toBe("noRoom");
    disk.isFull = false;
    expect(files.apply({ is: "discard", file })).toBe("done");
    bring(files, file, bytesOf(300));
  });
});

describe("firmware images", () => {
  test("run on trial until they are kept", () => {
    const disk = new MemoryDisk();
    const files = new PadFiles(BASE, disk);
    const image = imageOf(2, bytesOf(500));
    bring(files, image, bytesOf(500));
    for (const is of ["install", "started", "started"] as const) expect(files.apply({ is })).toBe("done");
    expect(new PadFiles(BASE, disk).trial).toEqual({ image, starts: 2 });
    expect(files.running).toBeUndefined();
    files.apply({ is: "keep" });
    expect(new PadFiles(BASE, disk)).toMatchObject({ running: image, trial: undefined, outcome: "kept" });
  });

  test("that are rolled back leave the one before in its place, with its bytes", () => {
    const files = new PadFiles(BASE, new MemoryDisk());
    const [older, newer] = [imageOf(2, bytesOf(500)), imageOf(3, bytesOf(600, 2))];
    bring(files, older, bytesOf(500));
    for (const is of ["install", "started", "keep", "told"] as const) files.apply({ is });
    bring(files, newer, bytesOf(600, 2));
    for (const is of ["install", "started", "rollBack"] as const) expect(files.apply({ is })).toBe("done");
    expect(files).toMatchObject({ running: older, trial: undefined, outcome: "rolledBack" });
    expect(files.contentOf(older)).toEqual(bytesOf(500));
    expect(files.contentOf(newer)).toBeUndefined();
  });

  test("cannot be installed when none is staged", () => {
    expect(new PadFiles(BASE, new MemoryDisk()).apply({ is: "install" })).toBe("fault");
  });
});

describe("a power cut", () => {
  const OLD = assetOf("logo", bytesOf(450, 1));
  const NEW = assetOf("logo", bytesOf(730, 2));
  const IMAGE = imageOf(2, bytesOf(520, 3));

  /** Opens what a cut has left and checks that each place holds one thing whole, or nothing. */
  const checked = (disk: PowerCutDisk): PadFiles => {
    const files = new PadFiles(BASE, disk);
    const logo = files.find("logo");
    expect([bytesOf(450, 1), bytesOf(730, 2)]).toContainEqual(logo?.bytes);
    for (const image of [files.running, files.trial?.image, files.contents.staged]) {
      if (image !== undefined) expect(files.contentOf(image)).toEqual(bytesOf(520, 3));
    }
    const { partial } = files.contents;
    if (partial !== undefined) {
      // What it says it has is what was sent.
      const { file } = partial;
      const whole = file.is === "firmware" ? bytesOf(520, 3) : isSameFile(file, NEW) ? bytesOf(730, 2) : bytesOf(450, 1);
      for (const change of coming(partial.file, whole, partial.received)) expect(files.apply(change)).toBe("done");
    }
    return files;
  };

  const prepared = (): PowerCutDisk => {
    const disk = new PowerCutDisk();
    bring(new PadFiles(BASE, disk), OLD, bytesOf(450, 1));
    return disk;
  };

  test("at every single unit of a whole update leaves every place whole, and what was there can be gone on with", () => {
    const run = (files: PadFiles) => {
      for (const change of coming(NEW, bytesOf(730, 2), undefined)) files.apply(change);
      for (const change of coming(IMAGE, bytesOf(520, 3), undefined)) files.apply(change);
      for (const is of ["install", "started", "keep", "told"] as const) files.apply({ is });
    };
    const whole = prepared();
    whole.unitsLeft = 1_000_000;
    run(new PadFiles(BASE, whole));
    const units = 1_000_000 - whole.unitsLeft;
    expect(units).toBeGreaterThan(1500);
    for (let at = 0; at <= units; at++) {
      const disk = prepared();
      disk.unitsLeft = at;
      let files: PadFiles;
      try {
        files = new PadFiles(BASE, disk);
      } catch {
        continue;
      }
      run(files);
      checked(disk.afterPowerCut(seededRandom(at)));
    }
  });

  test("after any number of them, one upon the other, the file comes at last", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1500), { maxLength: 8 }), fc.integer(), (cuts, seed) => {
        const random = seededRandom(seed);
        let disk = prepared();
        for (const units of [...cuts, Infinity]) {
          disk.unitsLeft = units;
          try {
            const files = new PadFiles(BASE, disk);
            const { partial, assets } = files.contents;
            if (assets.some((asset) => isSameFile(asset, NEW))) break;
            const from = partial !== undefined && isSameFile(partial.file, NEW) ? partial.received : undefined;
            for (const change of coming(NEW, bytesOf(730, 2), from)) if (files.apply(change) !== "done") break;
          } catch {
            // The power went while the files were opened.
          }
          if (units !== Infinity) disk = disk.afterPowerCut(random);
        }
        disk.unitsLeft = Infinity;
        expect(new PadFiles(BASE, disk).find("logo")?.bytes).toEqual(bytesOf(730, 2));
      }),
      { numRuns: 300 },
    );
  });
});
