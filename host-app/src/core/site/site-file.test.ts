import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { publicKeyHex } from "../identity/ed25519.ts";
import { readSiteFile, type SiteContent, siteFileText } from "./site-file.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const key = createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
const content = (): SiteContent => ({
  schema: 1,
  site: "样例大厅",
  version: 3,
  madeAt: "2026-03-02T01:00:00.000Z",
  settings: { "rating.timeoutSeconds": 20, central: "https://central.example:7200" },
  padProfiles: [],
  businessSystems: [{ name: "hall system", origins: ["https://one.example"] }],
  windows: [{ windowNo: "12", clerks: [{ staffNo: "1001", name: "张三样例" }], port: null, profile: null, serialNumber: "PAD-12" }],
});

test("A site file holds what was signed, whatever its spacing and the order of its keys", () => {
  const text = siteFileText(content(), key);
  const turned = (value: unknown): unknown =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, member]) => [name, turned(member)]),
        );
  for (const same of [text, `\uFEFF${text}`, JSON.stringify(turned(JSON.parse(text)))]) {
    expect(readSiteFile(same)).toEqual({ content: content(), signedBy: publicKeyHex(key) });
  }
  expect(readSiteFile(siteFileText(content(), null)).signedBy).toBeNull();
});

test("Any change of any value in a signed site file is refused with WR8009", () => {
  const text = siteFileText(content(), key);
  for (const [from, to] of [
    ["20", "21"],
    ["central.example", "central.attack"],
    ["张三样例", "李四样例"],
    ['"version": 3', '"version": 4'],
    ["PAD-12", "PAD-13"],
    ["https://one.example", "https://two.example"],
  ] as const) {
    expect(text).toContain(from);
    expect(() => readSiteFile(text.replace(from, to)), from).toThrow(expect.objectContaining({ code: "WR8009" }));
  }
  const other = generateKeyPairSync("ed25519").privateKey;
  const mixed = { ...JSON.parse(text), signature: JSON.parse(siteFileText({ ...content(), version: 9 }, other)).signature };
  expect(() => readSiteFile(JSON.stringify(mixed))).toThrow(expect.objectContaining({ code: "WR8009" }));
});

test.each<[string, unknown]>([
  ["is no JSON", "{"],
  ["is a list", []],
  ["has no signature member", { content: content() }],
  ["has a setting of one PC", { content: { ...content(), settings: { windowNo: "3" } }, signature: null }],
  ["has an address of one PC", { content: { ...content(), settings: { "browserPad.bind": "10.1.2.3" } }, signature: null }],
  ["has an unknown setting", { content: { ...content(), settings: { "rating.timeout": 3 } }, signature: null }],
  ["has a value out of range", { content: { ...content(), settings: { "rating.timeoutSeconds": 3 } }, signature: null }],
  ["has a window twice", { content: { ...content(), windows: [content().windows[0], content().windows[0]] }, signature: null }],
  ["has a profile with a path", { content: { ...content(), padProfiles: [{ file: "../config.json", profile: {} }] }, signature: null }],
  ["has a language pack with a path", { content: { ...content(), languages: [{ format: 1, tag: "../bo", name: "x" }] }, signature: null }],
  [
    "has a language pack of a megabyte",
    { content: { ...content(), languages: [{ format: 1, tag: "bo", name: "x", texts: { a: "x".repeat(70_000) } }] }, signature: null },
  ],
  ["has a page of one PC for the app", { content: { ...content(), shell: { screen: "https://one.example/strip.html" } }, signature: null }],
  ["is larger than any", { content: { ...content(), settings: { "screen.hall": "x".repeat(1_000_000) } }, signature: null }],
  ["is of a later schema", { content: { ...content(), schema: 2 }, signature: null }],
])("A file that %s is refused with WR8012", (_what, file) => {
  const text = typeof file === "string" ? file : JSON.stringify(file);
  expect(() => readSiteFile(text)).toThrow(expect.objectContaining({ code: "WR8012" }));
});

test("A site file cut or damaged anywhere is refused with a code, and never crashes", () => {
  const text = siteFileText(content(), key);
  for (let at = 0; at < text.length - 2; at += 3) {
    for (const broken of [text.slice(0, at), `${text.slice(0, at)}\u0000${text.slice(at + 1)}`]) {
      expect(() => readSiteFile(broken)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^WR80(09|12)$/) }));
    }
  }
});
