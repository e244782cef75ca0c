import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAssetFolder } from "./asset-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-assets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (path: string, content: object | string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
};
const PACK = { format: 1, tag: "x-region", name: "x-region", texts: {}, levels: ["1", "2", "3", "4", "5"], voice: {} };

describe("a folder of assets", () => {
  test("gives each file under its path without the ending", () => {
    put("logo.png", "p");
    put("photo/1001.JPG", "j");
    put("voice/zh-CN/2.wav", "w");
    put("language/x-region.json", PACK);
    put(".hidden", "not meant");
    const assets = readAssetFolder(`${folder}/`);
    expect(["logo", "photo/1001", "voice/zh-CN/2", "language/x-region"].map((name) => assets.find(name)?.kind)).toEqual([
      "png",
      "jpeg",
      "wav",
      "json",
    ]);
    expect(assets.find(".hidden")).toBeUndefined();
    expect(assets.find("photo/1002")).toBeUndefined();
  });

  test.each<[string, object | string, RegExp]>([
    ["photo/1001.tiff", "t", /1001\.tiff: is no \.png/],
    ["readme.md", "t", /readme\.md: is no/],
    ["language/x-region.json", "{", /x-region\.json: .*JSON/],
    ["language/x-region.json", { ...PACK, levels: ["1"] }, /x-region\.json: levels:/],
    ["language/x-region.json", { ...PACK, texts: { "options.headline": 5 } }, /texts\.options\.headline:/],
    ["language/bo.json", PACK, /bo\.json: tag: must be bo/],
    ["reasons/2031.json", { format: 1, version: "2031", levels: { 5: [{ code: "510", text: {} }] } }, /2031\.json: levels\.5\.0\.code:/],
  ])("names the file %s (%j) that no pad can use, and what is wrong with it", (path, content, message) => {
    put(path, content);
    expect(() => readAssetFolder(folder)).toThrow(expect.objectContaining({ code: "WR9014", message: expect.stringMatching(message) }));
  });

  test("refuses two files for one name, and a folder that is not there", () => {
    put("logo.png", "p");
    put("logo.jpg", "j");
    expect(() => readAssetFolder(folder)).toThrow(/WR9014.*another file stands for logo/);
    expect(() => readAssetFolder(join(folder, "none"))).toThrow(/WR9014/);
  });
});
