import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProfile, type Profile } from "@window-rating/device-profiles";
import { MemoryPort, SimulatedPad } from "@window-rating/firmware-sim";
import { newRequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import pino from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SeededBytes } from "../../test/seeded-bytes.ts";
import { openWindow, temporaryFolder } from "../../test/window-rig.ts";
import { Credentials } from "./clerks/credentials.ts";
import { SecretHash } from "./clerks/secret-hash.ts";
import { templateCodes } from "./codes/case-code.ts";
import { loadConfig } from "./config/index.ts";
import { windowsOf } from "./config/window-list.ts";
import { AssetFolder } from "./files/asset-folder.ts";
import { AssetShelf } from "./files/asset-shelf.ts";
import { openIdentity } from "./identity/identity.ts";
import { PadKeyBook } from "./pads/pad-key-book.ts";
import { PadLine } from "./pads/pad-line.ts";
import type { PortOpener } from "./pads/pad-port.ts";
import { Roster } from "./roster/roster.ts";
import { EntryBook } from "./store/entry-book.ts";
import { paperBook } from "./store/paper-book.ts";
import { createWindowUnit, type WindowUnit } from "./window-unit.ts";

const PHOTO_BYTES = 200_000;
/** A USB adapter holds bytes back for so long, in each direction. */
const ADAPTER_MS = 16;
const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now(), bootId: "boot-1" };
const logger = pino({ level: "silent" });

let folder: ReturnType<typeof temporaryFolder>;
let undo: (() => unknown)[];
beforeEach(() => {
  vi.useFakeTimers({ now: 1_790_000_000_000 });
  folder = temporaryFolder();
  undo = [];
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
  vi.useRealTimers();
  folder.remove();
});

const at = (baudRate: Profile["port"]["baudRate"]): Profile => {
  const profile = findProfile("generic/touchscreen");
  return { ...profile, port: { ...profile.port, baudRate } };
};

/** A window of this PC with a photo for its pad. */
const unitOf = (profile: Profile, open: PortOpener): WindowUnit => {
  const dataDir = folder.path;
  mkdirSync(join(dataDir, "assets", "photo"), { recursive: true });
  const photo = new SeededBytes("photo").next(PHOTO_BYTES);
  photo.set([0xff, 0xd8, 0xff]);
  writeFileSync(join(dataDir, "assets", "photo", "1001.jpg"), photo);
  const { database, store, requests, clerks } = openWindow(folder.path, clock);
  undo.push(() => database.close());
  const identity = openIdentity(dataDir, false);
  const config = loadConfig({ dataDir, env: {}, flags: { "pad-unpaired": "admit" } });
  const random = new SeededBytes("host").next;
  const shared = {
    ...{ config, store, requests, clerks, clock, random, logger },
    papers: paperBook(
      store,
      new EntryBook(store, () => {
        throw new Error("nothing is entered here");
      }),
    ),
    credentials: new Credentials({ store, clerks, clock, secretHash: new SecretHash(), cardNeedsPin: () => false }),
    queue: () => ({ waiting: 0, oldestMs: null, setAside: 0, lastSyncMs: null }),
    codes: templateCodes(""),
    tellWindow: () => false,
    assets: new AssetShelf(new AssetFolder(dataDir), logger),
    padKeys: new PadKeyBook(dataDir),
    roster: new Roster({
      ...{ dataDir, identity, clock, logger, random: Math.random, timers: globalThis },
      centralUrl: null,
      ask: () => Promise.reject(new Error("there is no central here")),
    }),
  };
  return createWindowUnit(shared, windowsOf(config)[0], profile, open);
};

/** A pad on a line of that speed, and how far the host is ahead of it. */
const padAt = (baud: number) => {
  const port = new MemoryPort({ baud });
  const pad = new SimulatedPad({ port, profileId: "generic/touchscreen", random: new SeededBytes("pad").next });
  undo.push(() => pad.close());
  const line = { longestMs: 0, freeAt: 0 };
  const open: PortOpener = async ({ bytes }) => {
    port.host.listen({ bytes: (chunk) => void setTimeout(() => bytes(chunk), ADAPTER_MS) });
    const write = (chunk: Uint8Array): void => {
      line.freeAt = Math.max(line.freeAt, performance.now()) + (10_000 * chunk.length) / baud;
      line.longestMs = Math.max(line.longestMs, line.freeAt - performance.now());
      const copy = chunk.slice();
      setTimeout(() => port.host.write(copy), ADAPTER_MS);
    };
    return { name: "memory", kind: "memory", write, close: async () => undefined };
  };
  return { pad, line, open };
};

const passUntil = async (is: () => boolean, withinMs: number): Promise<number> => {
  const from = performance.now();
  while (!is() && performance.now() - from < withinMs) await vi.advanceTimersByTimeAsync(5);
  expect(is()).toBe(true);
  return performance.now() - from;
};

const started = (profile: Profile, open: PortOpener): PadLine => {
  const { line } = unitOf(profile, open);
  if (!(line instanceof PadLine)) throw new Error("this profile has a line of another kind");
  line.start();
  undo.push(() => line.stop());
  return line;
};

test("a rating that is opened while a photo goes over a line of 9600 baud waits no longer than the line is allowed to be ahead", async () => {
  const { pad, line: wire, open } = padAt(9600);
  const line = started(at(9600), open);
  await passUntil(() => (line.files.state.progress ?? 0) > 0.05, 60_000);
  // The hello and what a screen is told at its start are no chunks.
  wire.longestMs = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  const requestId = requestIdToBytes(newRequestId(Date.now(), new SeededBytes("id").next(10)));
  const opened = { type: "openTouchRating", requestId, timeoutMs: 60_000, voice: 0, labels: [], itemName: "样例", caseNo: "" } as const;
  expect(line.send({ ...opened, reasonList: "", ask: 0, caseQr: "" })).toBe(true);
  const waited = await passUntil(() => pad.face.phase === "inviting", 10_000);
  expect(wire.longestMs).toBeLessThanOrEqual(330);
  expect(waited).toBeLessThanOrEqual(400);
  expect(line.counters.resent).toBe(0);
});

test("a photo goes over a line of 921,600 baud as fast as it carries it", async () => {
  const { pad, line: wire, open } = padAt(921_600);
  const line = started(at(921_600), open);
  const took = await passUntil(() => pad.screenAssets?.find("photo/1001") !== undefined, 60_000);
  // It carries 92 bytes in a millisecond; held back as for 115,200 baud it would take 4300 ms.
  expect(took).toBeLessThan(3000);
  expect(wire.longestMs).toBeLessThanOrEqual(330);
  expect(line.counters.resent).toBe(0);
});

test("what an open port knows of its line goes before the profile", async () => {
  const { pad, open } = padAt(921_600);
  started(at(9600), async (events) => ({ ...(await open(events)), bytesPerSecond: 92_160 }));
  expect(await passUntil(() => pad.screenAssets?.find("photo/1001") !== undefined, 60_000)).toBeLessThan(3000);
});
