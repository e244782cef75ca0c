import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publicKeyFromHex } from "./ed25519.ts";
import { identityPath, openIdentity } from "./identity.ts";

const ENROLMENT = { centralUrl: "http://central.example:7200", token: "t".repeat(43), enrolledAt: "2026-03-02T01:00:00.000Z" };

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "identity-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const content = (): Record<string, unknown> => JSON.parse(readFileSync(identityPath(dataDir), "utf8"));
const change = (fields: Record<string, unknown>): string => {
  const text = JSON.stringify({ ...content(), ...fields });
  writeFileSync(identityPath(dataDir), text);
  return text;
};

test("the first start makes one that its owner alone can read; every later start finds the same", () => {
  const first = openIdentity(dataDir);
  expect(first.windowPcId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first.enrolment()).toBeNull();
  expect(readdirSync(dataDir)).toEqual(["identity.json"]);
  if (process.platform !== "win32") expect(statSync(identityPath(dataDir)).mode & 0o777).toBe(0o600);
  const second = openIdentity(dataDir);
  expect([second.windowPcId, second.publicKey]).toEqual([first.windowPcId, first.publicKey]);
});

test("what it signs, its public key verifies", () => {
  const identity = openIdentity(dataDir);
  const bytes = Buffer.from("32 bytes of a hash, or any others");
  expect(verify(null, bytes, publicKeyFromHex(identity.publicKey), identity.sign(bytes))).toBe(true);
  const key = createPublicKey(String(content().privateKey));
  expect(verify(null, bytes, key, identity.sign(bytes))).toBe(true);
});

test("an enrolment is on disk at once and leaves key and rights as they were", () => {
  const identity = openIdentity(dataDir);
  identity.keepEnrolment(ENROLMENT);
  expect(openIdentity(dataDir).enrolment()).toEqual(ENROLMENT);
  expect(openIdentity(dataDir).windowPcId).toBe(identity.windowPcId);
  if (process.platform !== "win32") expect(statSync(identityPath(dataDir)).mode & 0o777).toBe(0o600);
});

test("an enrolment that another process made counts at once; a file that was spoilt meanwhile changes nothing", () => {
  const running = openIdentity(dataDir);
  openIdentity(dataDir).keepEnrolment(ENROLMENT);
  expect(running.enrolment()).toEqual(ENROLMENT);
  writeFileSync(identityPath(dataDir), "{");
  expect(running.enrolment()).toEqual(ENROLMENT);
  rmSync(identityPath(dataDir));
  expect(running.enrolment()).toEqual(ENROLMENT);
});

test("an enrolment of another key in the file is not taken for one's own", () => {
  const running = openIdentity(dataDir);
  rmSync(identityPath(dataDir));
  openIdentity(dataDir).keepEnrolment(ENROLMENT);
  expect(running.enrolment()).toBeNull();
});

describe("a file that cannot be used is named, said what to do about, and left as it is", () => {
  const other = () => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const rsa = () => generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" });
  test.each<[string, () => string, RegExp]>([
    ["empty", () => "", /is not JSON/],
    ["cut off", () => readFileSync(identityPath(dataDir), "utf8").slice(0, 300), /is not JSON/],
    ["other JSON", () => "[]", /is not an identity/],
    ["of a newer version", () => change({ version: 2 }), /version/],
    ["with a field too many", () => change({ windowNumber: 3 }), /windowNumber/],
    ["with the key of another PC", () => change({ privateKey: other() }), /public key/],
    ["with a key of another kind", () => change({ privateKey: rsa() }), /privateKey|not Ed25519/],
    ["with a key that is none", () => change({ privateKey: "-----BEGIN PRIVATE KEY-----" }), /private key/],
    ["with another id", () => change({ windowPcId: "00000000-0000-8000-8000-000000000000" }), /windowPcId/],
    ["with a token that no header can carry", () => change({ enrolment: { ...ENROLMENT, token: `${"t".repeat(40)}\r\nx: y` } }), /token/],
  ])("%s", (_name, spoil, says) => {
    openIdentity(dataDir);
    const text = spoil();
    writeFileSync(identityPath(dataDir), text);
    expect(() => openIdentity(dataDir)).toThrow(says);
    expect(() => openIdentity(dataDir)).toThrow(/^WR6006 .*identity\.json.*left untouched/);
    expect(readFileSync(identityPath(dataDir), "utf8")).toBe(text);
    expect(readdirSync(dataDir)).toEqual(["identity.json"]);
  });

  test.skipIf(process.platform === "win32")("one that others may read: the command that mends it is in the message, the key is not", () => {
    openIdentity(dataDir);
    chmodSync(identityPath(dataDir), 0o644);
    const error = (() => {
      try {
        return openIdentity(dataDir);
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(String(error)).toContain(`mode 644); run: chmod 600 ${identityPath(dataDir)}`);
    chmodSync(identityPath(dataDir), 0o600);
    expect(openIdentity(dataDir).windowPcId).toBe(content().windowPcId);
  });

  test("a broken file does not put its key into the message", () => {
    openIdentity(dataDir);
    const key = String(content().privateKey).split("\n")[1] ?? "";
    writeFileSync(identityPath(dataDir), `${JSON.stringify({ ...content(), privateKey: key })}}`);
    const say = (error: unknown): string => (error instanceof Error ? `${error.stack} ${say(error.cause)}` : String(error));
    try {
      openIdentity(dataDir);
      expect.unreachable();
    } catch (error) {
      expect(say(error)).not.toContain(key.slice(0, 12));
    }
  });

  test("something that is no file", () => {
    mkdirSync(identityPath(dataDir));
    expect(() => openIdentity(dataDir)).toThrow(/WR6006.*cannot be read \(EISDIR\)/);
  });
});

test("beside entries of a lost key no new one is made", () => {
  expect(() => openIdentity(dataDir, true)).toThrow(/WR6006.*is missing/);
  expect(readdirSync(dataDir)).toEqual([]);
  const { windowPcId } = openIdentity(dataDir);
  expect(openIdentity(dataDir, true).windowPcId).toBe(windowPcId);
});

test("a folder that does not take the file is named", () => {
  expect(() => openIdentity(join(dataDir, "absent"))).toThrow(/WR6006.*cannot be written \(ENOENT\)/);
});
