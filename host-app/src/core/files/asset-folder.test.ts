import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AssetFolder } from "./asset-folder.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3);

let dataDir: string;
let folder: AssetFolder;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "assets-"));
  folder = new AssetFolder(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const write = (path: string, content: string | Uint8Array): string => {
  const full = join(dataDir, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, content);
  return full;
};
const names = () => folder.read().files.map(({ asset }) => asset.name);

describe("the folder of assets", () => {
  test("that does not exist holds the lists of reasons alone", () => {
    expect(names()).toEqual(["reasons/2020"]);
    const [list] = folder.read().files;
    const { levels } = JSON.parse(new TextDecoder().decode(list?.bytes));
    expect(levels[5][0]).toEqual({ code: 510, text: { "zh-CN": "一窗受理一次办结", en: expect.any(String) } });
    expect(Object.keys(levels)).toHaveLength(5);
  });

  test("names each file by its path without the ending", () => {
    write("assets/logo.png", PNG);
    write("assets/photo/1001.jpg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0));
    write("assets/voice/zh-CN/2.wav", "RIFF....WAVEfmt ");
    write("assets/language/bo.json", '{"format": 1}');
    write("assets/.thumbs.db", "x");
    expect(names()).toEqual(["reasons/2020", "language/bo", "logo", "photo/1001", "voice/zh-CN/2"]);
    expect(folder.read().unusable).toEqual([]);
  });

  test("tells of each file that no pad can be given, and holds the others", () => {
    write("assets/logo.png", PNG);
    write("assets/logo.jpg", Uint8Array.of(0xff, 0xd8, 0xff));
    write("assets/photo/1001.png", "no picture");
    write("assets/photo/张三样例.png", PNG);
    write("assets/list.xlsx", "x");
    write("assets/empty.json", "");
    const { files, unusable } = folder.read();
    expect(files.map(({ asset }) => asset.name)).toEqual(["reasons/2020", "logo"]);
    expect(unusable.map(({ path }) => path)).toEqual(["empty.json", "list.xlsx", "logo.png", "photo/1001.png", "photo/张三样例.png"]);
    for (const { why } of unusable) expect(why.code).toBe("WR1031");
  });

  test("lets a list of reasons of its own stand for one that the program carries", () => {
    write("assets/reasons/2020.json", '{"format": 1, "version": "2020", "levels": {}}');
    const list = folder.read().files.find(({ asset }) => asset.name === "reasons/2020");
    expect(list?.asset.size).toBe(46);
  });

  test("takes a file in the place of any other of its name, and drops it", () => {
    write("assets/logo.jpg", Uint8Array.of(0xff, 0xd8, 0xff));
    folder.put("logo", write("given.png", PNG));
    expect(folder.read().files.find(({ asset }) => asset.name === "logo")?.asset.kind).toBe("png");
    expect(folder.drop("logo")).toBe(true);
    expect(folder.drop("logo")).toBe(false);
    expect(names()).toEqual(["reasons/2020"]);
  });

  test.each([
    ["../logo", "given.png"],
    ["/etc/logo", "given.png"],
    ["photo//1001", "given.png"],
    ["logo", "missing.png"],
    ["logo", "given.txt"],
  ])("refuses to put %s from %s, and changes nothing", (name, path) => {
    write("given.png", PNG);
    write("given.txt", "x");
    expect(() => folder.put(name, join(dataDir, path))).toThrow(/WR1031/);
    expect(names()).toEqual(["reasons/2020"]);
  });
});
