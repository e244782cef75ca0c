import { createHash } from "node:crypto";
import type { TransferFile } from "@window-rating/protocol/pad";
import { describe, expect, test } from "vitest";
import { PadFiles } from "../files/pad-files.ts";
import { type DiskChange, KeptDisk } from "./kept-disk.ts";

/** What a browser would have kept after some changes. */
const filesAfter = (changes: readonly DiskChange[]): Map<string, Uint8Array> => {
  const files = new Map<string, Uint8Array>();
  for (const change of changes) {
    const bytes = files.get(change.path) ?? new Uint8Array(0);
    if (change.is === "empty") files.set(change.path, new Uint8Array(0));
    else if (change.is === "append") files.set(change.path, Uint8Array.from([...bytes, ...change.bytes]));
    else files.delete(change.path);
    if (change.is === "rename") files.set(change.to, bytes);
  }
  return files;
};

const asset = (name: string, bytes: Uint8Array): TransferFile => ({
  is: "asset",
  name,
  kind: "png",
  size: bytes.length,
  hash: new Uint8Array(createHash("sha256").update(bytes).digest()),
});

const bring = (files: PadFiles, name: string, bytes: Uint8Array): void => {
  const file = asset(name, bytes);
  files.apply({ is: "begin", file });
  for (let offset = 0; offset < bytes.length; offset += 100) {
    files.apply({ is: "append", offset, data: bytes.subarray(offset, offset + 100) });
  }
  expect(files.apply({ is: "finish", file })).toBe("done");
};

describe("the files of a page", () => {
  test("are there when the page is loaded anew; after a loss of power each is whole, as it was, or not there", async () => {
    const kept: DiskChange[] = [];
    const disk = new KeptDisk(new Map(), async (changes) => void kept.push(...changes));
    const files = new PadFiles("pad", disk);
    const [photo, other] = [new Uint8Array(350).fill(1), new Uint8Array(420).fill(2)];
    bring(files, "photo/1001", photo);
    bring(files, "photo/1001", other);
    bring(files, "logo", photo);
    await disk.settled;
    for (let cut = 0; cut <= kept.length; cut++) {
      const found = new PadFiles("pad", new KeptDisk(filesAfter(kept.slice(0, cut)), async () => undefined));
      const seen = found.find("photo/1001")?.bytes;
      expect([undefined, photo, other]).toContainEqual(seen);
      if (cut === kept.length) expect([seen, found.find("logo")?.bytes]).toEqual([other, photo]);
    }
  });

  test("are taken no more once the browser keeps no more", async () => {
    const disk = new KeptDisk(new Map(), async () => Promise.reject(new Error("quota")));
    const files = new PadFiles("pad", disk);
    const bytes = new Uint8Array(200).fill(3);
    files.apply({ is: "begin", file: asset("logo", bytes) });
    await disk.settled;
    expect(files.apply({ is: "append", offset: 0, data: bytes })).toBe("noRoom");
  });
});
