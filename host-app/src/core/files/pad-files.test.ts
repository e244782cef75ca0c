import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { type FirmwareImage, signFirmware } from "@window-rating/protocol/pad";
import { newRequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import pino from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { choosePort } from "../pads/choose-port.ts";
import { PadLine } from "../pads/pad-line.ts";
import { type AssetFile, assetOf } from "./asset-file.ts";
import type { PadFilesState } from "./pad-files.ts";

const MODEL = "generic/touchscreen";
const keys = generateKeyPairSync("ed25519");
const seed = new Uint8Array(Buffer.from(keys.privateKey.export({ format: "jwk" }).d ?? "", "base64url"));
const publicKey = new Uint8Array(Buffer.from(keys.publicKey.export({ format: "jwk" }).x ?? "", "base64url"));

const textFile = (name: string, text: string): AssetFile => assetOf(name, "any.json", new TextEncoder().encode(JSON.stringify(text)));
const imageOf = (payload: Uint8Array, release: number): FirmwareImage => {
  const hash = new Uint8Array(createHash("sha256").update(payload).digest());
  const claim = { model: MODEL, version: `${release}.0.0`, release, size: payload.length, hash };
  return { is: "firmware", ...claim, ...signFirmware(seed, claim) };
};

let folder: string;
let wanted: readonly AssetFile[];
let pad: SimulatedPad;
let line: PadLine;
let changes: Set<() => void>;
/** Called with the number of all bytes that the host wrote. */
let onWritten: (bytes: number) => void;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pad-files-"));
  wanted = [];
  changes = new Set();
  pad = new SimulatedPad({
    port: await TcpPort.open(0),
    profileId: MODEL,
    storeFile: join(folder, "pad.store"),
    firmware: { makerKeys: [publicKey] },
  });
  onWritten = () => {};
  const open = choosePort(pad.path, "auto");
  let written = 0;
  line = new PadLine({
    async open(events) {
      const port = await open(events);
      const write = (bytes: Uint8Array): void => {
        port.write(bytes);
        written += bytes.length;
        onWritten(written);
      };
      return { ...port, write };
    },
    clock: systemClock(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    logger: pino({ level: "silent" }),
    wantedAssets: () => wanted,
    // TCP has no speed of its own, and a test no time to wait for one.
    bytesPerSecond: 10_000_000,
    listener: {
      ready: () => {},
      // As a window does when the event is on its disk.
      report: (_pad, message) => "eventNo" in message && line.send({ type: "stored", eventNo: message.eventNo }),
      lost: () => {},
      recovered: () => {},
      stateChanged: () => {
        for (const look of changes) look();
      },
    },
  });
});
afterEach(async () => {
  await line.stop();
  await pad.close();
  rmSync(folder, { recursive: true, force: true });
});

const until = (fits: (state: PadFilesState) => boolean): Promise<PadFilesState> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!fits(line.files.state)) return;
      changes.delete(look);
      resolve(line.files.state);
    };
    changes.add(look);
    look();
  });

const onPad = (name: string): string => new TextDecoder().decode(pad.screenAssets?.find(name)?.bytes);

test("a pad that becomes ready is brought what it lacks, and keeps what it has", async () => {
  wanted = [textFile("language/bo", "one"), textFile("reasons/2020", "two")];
  line.start();
  await until(({ held }) => held.length === 2);
  expect(onPad("language/bo")).toBe('"one"');
  expect(onPad("reasons/2020")).toBe('"two"');
});

test("what changes or goes on the PC changes or goes on the pad", async () => {
  wanted = [textFile("language/bo", "one"), textFile("photo/1001", "a face")];
  line.start();
  await until(({ held }) => held.length === 2);
  wanted = [textFile("language/bo", "another")];
  line.files.refresh();
  await until(({ held, waiting }) => held.length === 1 && waiting.length === 0 && onPad("language/bo") === '"another"');
  await vi.waitUntil(() => pad.screenAssets?.find("photo/1001") === undefined);
});

test("a file that the cable cut comes whole after it is back", async () => {
  const long = "x".repeat(400_000);
  wanted = [textFile("language/bo", long)];
  line.start();
  // In the middle of the file, however fast it goes.
  await new Promise<void>((resolve) => {
    onWritten = (bytes) => {
      if (bytes > 100_000) resolve();
    };
  });
  pad.unplug();
  expect(line.files.state.progress).toBeGreaterThan(0);
  await vi.waitUntil(() => line.state.connection !== "ready");
  pad.plug();
  await until(({ held }) => held.length === 1);
  expect(onPad("language/bo")).toBe(JSON.stringify(long));
});

test("what the pad does not take is told, and holds up nothing", async () => {
  wanted = [textFile("language/bo", "x".repeat(2_000_000)), textFile("reasons/2020", "two")];
  line.start();
  const { refused } = await until(({ held, refused }) => held.length === 1 && Object.keys(refused).length === 1);
  expect(refused).toEqual({ "language/bo": "noRoom" });
});

test("an update is sent, waits until the citizen is done, is tried and kept", async () => {
  line.start();
  await vi.waitUntil(() => line.state.connection === "ready");
  const requestId = requestIdToBytes(newRequestId(Date.now(), new Uint8Array(10)));
  line.send({ type: "openRating", requestId, timeoutMs: 60_000, voice: 0, labels: [] });
  await vi.waitUntil(() => pad.face.phase === "inviting");
  const payload = new Uint8Array(5000).fill(7);
  line.files.update(imageOf(payload, 2), payload);
  // The pad answers in the order in which it is asked: it has had its time to be offered something.
  line.send({ type: "askAsset", place: 0 });
  await until(({ held }) => held.length === 0);
  expect(line.files.state).toMatchObject({ update: { is: "sending" }, progress: null });
  line.send({ type: "idle" });
  const { update } = await until((state) => state.update?.is === "kept" || state.update?.is === "failed");
  expect(update).toEqual({ is: "kept", version: "2.0.0" });
  expect(line.firmware).toBe("2.0.0");
});

test("an update that nobody known has signed is refused and told", async () => {
  line.start();
  await vi.waitUntil(() => line.state.connection === "ready");
  const payload = new Uint8Array(50).fill(7);
  line.files.update({ ...imageOf(payload, 2), signer: new Uint8Array(8) }, payload);
  const { update } = await until((state) => state.update?.is === "failed");
  expect(update).toMatchObject({ is: "failed", why: { code: "WR1032", detail: "firmware 2.0.0: unknownSigner" } });
  // The next one may be tried.
  line.files.update(imageOf(payload, 2), payload);
  await until((state) => state.update?.is === "kept");
});

test("a pad that is away is not updated", () => {
  const payload = new Uint8Array(50);
  expect(() => line.files.update(imageOf(payload, 2), payload)).toThrow(/WR1034/);
});
