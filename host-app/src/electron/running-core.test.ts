import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { type ScreenStage, setScreenStage } from "../core/screens/test/screen-stage.ts";
import { askForStrips, isServed } from "./running-core.ts";

let stage: ScreenStage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

test("a core that runs already gives the strip of each of its windows, with an address that works once", async () => {
  stage = await setScreenStage({ windows: ["12", "13"] });
  const { urls, code } = await askForStrips(stage.dataDir);
  expect(code).toBeNull();
  expect(urls).toHaveLength(2);
  expect(new Set(urls).size).toBe(2);
  for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\.html#/);
  expect(await isServed(urls[0] ?? "")).toBe(true);
});

test("where none runs, or this user may not ask it, there is none, and that is no failure; what is, is told by its code", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "running-core-"));
  try {
    expect(await askForStrips(folder)).toEqual({ urls: [], code: null });
    writeFileSync(path.join(folder, "control.json"), "nonsense");
    expect((await askForStrips(folder)).urls).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what has gone is not served any more", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
  const url = `http://127.0.0.1:${port}/strip.html?window=12`;
  expect(await isServed(url)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await isServed(url)).toBe(false);
});
