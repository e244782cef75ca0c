import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Asset, type FirmwareImage, type Message, signFirmware } from "@window-rating/protocol/pad";
import { newRequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { MemoryPort } from "../ports/memory-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { FilePc } from "../test/file-pc.ts";

const BAUD = 115_200;
const MODEL = "generic/touchscreen";
const HOUR = 3_600_000;

const makerKeys = generateKeyPairSync("ed25519");
const privateKey = new Uint8Array(Buffer.from(makerKeys.privateKey.export({ format: "jwk" }).d as string, "base64url"));
const publicKey = new Uint8Array(Buffer.from(makerKeys.publicKey.export({ format: "jwk" }).x as string, "base64url"));

const bytesOf = (length: number, seed = 1): Uint8Array => seededBytes(seededRandom(seed))(length);
const hashOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());
const assetOf = (name: string, bytes: Uint8Array): Asset => ({ is: "asset", name, kind: "png", size: bytes.length, hash: hashOf(bytes) });
const imageOf = (release: number, bytes: Uint8Array): FirmwareImage => {
  const claim = { model: MODEL, version: `${release}.0.0`, release, size: bytes.length, hash: hashOf(bytes) };
  return { is: "firmware", ...claim, ...signFirmware(privateKey, claim) };
};

let folder: string;
let clock: VirtualClock;
let port: MemoryPort;
let pad: SimulatedPad;
let pc: FilePc;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-files-"));
  clock = new VirtualClock();
  port = new MemoryPort({ clock, baud: BAUD });
  pad = newPad();
  pc = new FilePc(port.host, { clock, baud: BAUD });
  expect(clock.runUntil(() => pc.session.isReady, 10_000)).toBe(true);
});
afterEach(async () => {
  await pad.close();
  rmSync(folder, { recursive: true });
});

const newPad = (): SimulatedPad =>
  new SimulatedPad({
    port,
    clock,
    profileId: MODEL,
    storeFile: join(folder, "pad.store"),
    firmware: { makerKeys: [publicKey] },
    random: seededBytes(seededRandom(5)),
  });

const untilEnded = (count = pc.ended.length + 1): void => {
  expect(clock.runUntil(() => pc.ended.length >= count, HOUR)).toBe(true);
};
/** Each once, although it may have been offered more often. */
const updates = (): readonly Message<"updated">[] => [
  ...new Map(pc.reports.flatMap((report) => (report.type === "updated" ? [[report.eventNo, report] as const] : []))).values(),
];
const refusals = (): readonly string[] => pc.reports.flatMap((report) => (report.type === "refused" ? [report.reason] : []));
describe("assets of a simulated pad", () => {
  test("come over the line and are there after a loss of power", () => {
    const bytes = bytesOf(60_000);
    pc.put(assetOf("logo", bytes), bytes);
    untilEnded();
    expect(pc.ended).toEqual(["complete"]);
    pad.powerCut(1000);
    clock.run(2000);
    expect(new Uint8Array(pad.screenAssets?.find("logo")?.bytes ?? [])).toEqual(bytes);
  });

  test("that were cut by a loss of power are gone on with", () => {
    const bytes = bytesOf(100_000);
    pc.put(assetOf("logo", bytes), bytes);
    clock.run(5000);
    pad.powerCut(1000);
    const cutAt = clock.now();
    untilEnded();
    expect(pc.ended).toEqual(["complete"]);
    expect(new Uint8Array(pad.screenAssets?.find("logo")?.bytes ?? [])).toEqual(bytes);
    // From the start it would have taken nine seconds.
    expect(clock.now() - cutAt).toBeLessThan(6500);
  });
});

describe("an update of the firmware", () => {
  const bring = (image: Uint8Array, release = 2): FirmwareImage => {
    const file = imageOf(release, image);
    pc.put(file, image);
    untilEnded();
    expect(pc.ended.at(-1)).toBe("complete");
    return file;
  };

  test("runs as the new version, and is kept when it has had a session", () => {
    const { hash } = bring(bytesOf(30_000));
    pc.send({ type: "installFirmware", hash });
    expect(clock.runUntil(() => updates().length > 0, 30_000)).toBe(true);
    expect(updates()).toMatchObject([{ outcome: "kept", version: "2.0.0", release: 2 }]);
    expect(pc.firmware).toBe("2.0.0");
    pad.powerCut(500);
    clock.run(200_000);
    expect(pc.firmware).toBe("2.0.0");
    expect(updates()).toHaveLength(1);
  });

  test("is told by the event booted with its cause", () => {
    const { hash } = bring(bytesOf(3000));
    pc.send({ type: "installFirmware", hash });
    clock.runUntil(() => updates().length > 0, 30_000);
    expect(pc.reports.filter((report) => report.type === "booted").map(({ cause }) => cause)).toEqual(["power", "update"]);
  });

  test.each([
    ["never says hello", "pad-sim silent\n"],
    ["crashes at each start", "pad-sim crashes\n"],
  ])("that %s is taken back", (_, mark) => {
    const { hash } = bring(new TextEncoder().encode(`${mark} and some more`));
    pc.send({ type: "installFirmware", hash });
    expect(clock.runUntil(() => updates().length > 0, 120_000)).toBe(true);
    expect(updates()).toMatchObject([{ outcome: "rolledBack", version: "1.0.0", release: 1 }]);
    expect(pc.firmware).toBe("1.0.0");
  });

  test("that has no session within a minute, because nobody is there, is taken back and may be brought again", () => {
    const image = bytesOf(3000);
    const { hash } = bring(image);
    pc.send({ type: "installFirmware", hash });
    clock.run(100);
    pad.unplug();
    clock.run(90_000);
    void pad.plug();
    expect(clock.runUntil(() => updates().length > 0, 30_000)).toBe(true);
    expect(updates()).toMatchObject([{ outcome: "rolledBack" }]);
    pc.send({ type: "installFirmware", hash: bring(image).hash });
    expect(clock.runUntil(() => updates().length > 1, 30_000)).toBe(true);
    expect(updates()[1]).toMatchObject({ outcome: "kept", version: "2.0.0" });
  });

  test("survives a loss of power during its trial, and is kept afterwards", () => {
    const { hash } = bring(bytesOf(3000));
    pc.send({ type: "installFirmware", hash });
    // The pad starts anew and loses its power before it has a session.
    clock.run(50);
    pad.powerCut(2000);
    expect(clock.runUntil(() => updates().length > 0, 30_000)).toBe(true);
    expect(updates()).toMatchObject([{ outcome: "kept" }]);
  });

  test("does not go back to an older release", () => {
    pc.send({ type: "installFirmware", hash: bring(bytesOf(3000), 5).hash });
    clock.runUntil(() => updates().length > 0, 30_000);
    const older = bytesOf(2000, 2);
    pc.put(imageOf(4, older), older);
    untilEnded();
    expect(pc.ended.at(-1)).toBe("downgrade");
  });

  test("waits while a rating is shown, and while an event waits", () => {
    const { hash } = bring(bytesOf(3000));
    const requestId = requestIdToBytes(newRequestId(1_790_000_000_000, new Uint8Array(10)));
    pc.send({ type: "openRating", requestId, timeoutMs: 60_000, voice: 0, labels: [] });
    pc.send({ type: "installFirmware", hash });
    clock.run(1000);
    expect(refusals()).toEqual(["notReady"]);
    pc.send({ type: "idle" });
    pc.send({ type: "installFirmware", hash });
    expect(clock.runUntil(() => updates().length > 0, 30_000)).toBe(true);
  });

  test("of an image that is not there is refused", () => {
    pc.send({ type: "installFirmware", hash: new Uint8Array(32) });
    clock.run(1000);
    expect(refusals()).toEqual(["unsupported"]);
  });

  test("leaves one image on the disk, the one that runs", () => {
    for (const release of [2, 3]) {
      pc.send({ type: "installFirmware", hash: bring(bytesOf(3000, release), release).hash });
      clock.runUntil(() => updates().length === release - 1, 30_000);
    }
    const running = Buffer.from(hashOf(bytesOf(3000, 3))).toString("hex");
    expect(readdirSync(folder).sort()).toEqual(["pad.store", `pad.store.files.${running}`, "pad.store.files.index"]);
  });

  test("tells once how it came out, although the power goes before the host has heard it", () => {
    const { hash } = bring(bytesOf(3000));
    pc.send({ type: "installFirmware", hash });
    expect(clock.runUntil(() => pc.firmware === "2.0.0", 30_000)).toBe(true);
    pad.powerCut(100);
    expect(clock.runUntil(() => updates().length > 0, 30_000)).toBe(true);
    clock.run(10_000);
    expect(updates()).toHaveLength(1);
  });
});
