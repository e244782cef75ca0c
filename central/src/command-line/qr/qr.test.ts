import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newDataFolder } from "../../../test/storages.ts";
import { startCentral } from "../../central.ts";
import { runQrCommand } from "./run.ts";

let data = "";
let folder = "";
beforeAll(async () => {
  data = await newDataFolder();
  folder = mkdtempSync(join(data, "pictures-"));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** Runs `window-central qr …` on the data folder. */
const qr = async (...given: string[]) => {
  const [out, err]: [Buffer[], string[]] = [[], []];
  const surroundings = {
    databaseUrl: undefined,
    out: (bytes: string | Uint8Array) => void out.push(Buffer.from(bytes)),
    err: (text: string) => void err.push(text),
  };
  const code = await runQrCommand([...given, "--data", data], surroundings);
  return { code, out: Buffer.concat(out).toString(), err: err.join("") };
};
const URL = ["--url", "https://pj.example.gov.cn"];

test("the code of a window is drawn in a terminal, to an SVG picture with a caption, and to a PNG, and is always the same", async () => {
  const terminal = await qr("--window", "12", ...URL);
  const address = /https:\/\/\S+/.exec(terminal.out)?.[0];
  expect([terminal.code, address]).toEqual([0, expect.stringMatching(/^https:\/\/pj\.example\.gov\.cn\/W\/[0-9A-Z]{20}$/)]);
  const svg = join(folder, "window-12.svg");
  expect(await qr("--window", "12", ...URL, "--out", svg)).toEqual({ code: 0, out: `${svg}: ${address}\n`, err: "" });
  expect(readFileSync(svg, "utf8")).toMatch(/^<svg [\s\S]*<path [\s\S]*12号窗口 扫码评价[\s\S]*Window 12: scan to rate[\s\S]*<\/svg>\n$/);
  const png = join(folder, "window-12.png");
  expect((await qr("--window", "12", ...URL, "--out", png)).code).toBe(0);
  expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
  const json = await qr("--window", "12", ...URL, "--json");
  expect(JSON.parse(json.out)).toEqual({ kind: "window", subjectNo: "12", url: address, format: "terminal", out: null });
  const renewed = await qr("--window", "12", ...URL, "--renew", "--json");
  expect((JSON.parse(renewed.out) as { url: string }).url).not.toBe(address);
  expect((await qr("--hall", "<H&1>", ...URL, "--format", "svg")).out).toContain("大厅服务");
});

test("a central that runs on the folder is asked, with the same keys", async () => {
  const before = await qr("--window", "7", ...URL, "--json");
  const central = await startCentral({ data, port: 0 });
  try {
    expect(await qr("--window", "7", ...URL, "--json")).toEqual(before);
    const path = new globalThis.URL((JSON.parse(before.out) as { url: string }).url).pathname;
    expect((await fetch(`${central.url}${path}`)).status).toBe(200);
    expect((await qr("rotate")).out).toContain("key 1");
    expect((await qr("rotate", "--json")).out).toBe('{"keyNo":2}\n');
    expect((await qr("revoke", "2")).code).toBe(0);
    expect((await qr("keys")).out).toMatch(/^key 1 .*its codes are taken until they expire\nkey 2 .*taken back .*\n$/);
    expect(await qr("revoke", "2")).toMatchObject({ code: 1, err: expect.stringContaining("WR7012") });
  } finally {
    await central.close();
  }
  expect(JSON.parse((await qr("keys", "--json")).out)).toMatchObject([{ keyNo: 1 }, { keyNo: 2 }]);
});

test("the key file is for its owner alone", () => {
  expect(statSync(join(data, "contact-keys.json")).mode & 0o077).toBe(0);
});

test("what cannot be done says what to do: no address, no such command", async () => {
  expect(await qr("--window", "12")).toMatchObject({ code: 1, out: "", err: expect.stringContaining("WR7045") });
  expect((await qr("--help")).out).toContain("Examples:");
  for (const wrong of [
    [],
    ["--window", "1", "--hall", "2"],
    ["--window", "1", "--format", "gif"],
    ["--window", "1", "--format", "png", ...URL],
    ["--window", "1", "--url", "ftp://x"],
    ["sell"],
    ["revoke"],
    ["revoke", "many"],
    ["keys", "--window", "1"],
    ["--nonsense"],
  ]) {
    expect([wrong, (await qr(...wrong)).code]).toEqual([wrong, 2]);
  }
});
