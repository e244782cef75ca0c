import { execFile } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeFirmwareFile } from "@window-rating/protocol/firmware";
import { isSignedBy } from "@window-rating/protocol/pad";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firmware-sign-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, "sign.ts"), ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

const SIGN = [
  "sign",
  "--key",
  "maker.key",
  "--model",
  "generic/touchscreen",
  "--version",
  "1.1.0",
  "--release",
  "2",
  "--payload",
  "pad.bin",
];

test("a key pair is made once, and an image is signed by it", async () => {
  writeFileSync(join(folder, "pad.bin"), "what a pad would run");
  expect(await run("keygen", "--out", "maker")).toMatchObject({ code: 0 });
  expect(statSync(join(folder, "maker.key")).mode & 0o077).toBe(0);
  expect((await run("keygen", "--out", "maker")).code).toBe(1);

  expect(await run(...SIGN, "--out", "pad.wrfw")).toMatchObject({ code: 0 });
  const { image, payload } = decodeFirmwareFile(new Uint8Array(readFileSync(join(folder, "pad.wrfw"))));
  expect(Buffer.from(payload).toString()).toBe("what a pad would run");
  const { x } = createPublicKey(readFileSync(join(folder, "maker.pub"))).export({ format: "jwk" });
  expect(isSignedBy(new Uint8Array(Buffer.from(x ?? "", "base64url")), image, image.signature)).toBe(true);

  const { out } = await run("show", "--image", "pad.wrfw", "--json");
  expect(JSON.parse(out)).toMatchObject({ model: "generic/touchscreen", version: "1.1.0", release: 2, size: 20 });
});

test.each([
  [["sign"], 2, /--release is missing/],
  [["unsign"], 2, /there is no command "unsign"/],
  [["show", "--image", "nothing"], 1, /ENOENT/],
  [["show", "--picture"], 2, /picture/],
] as const)("%j ends with %i", async (args, code, text) => {
  const result = await run(...args);
  expect(result.code).toBe(code);
  expect(result.err).toMatch(text);
});
