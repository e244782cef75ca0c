import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { checkRelease } from "./signed-release.ts";
import { trialAtStart } from "./update-trial.ts";
import { type ReleaseFeed, Updater } from "./updater.ts";

const keyPair = () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { privateKey, text: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64") };
};
const releaser = keyPair();
const stranger = keyPair();
const sha512 = (bytes: Buffer | string): string => createHash("sha512").update(bytes).digest("base64");

const signed = (key: KeyObject, change: object = {}) => {
  const bytes = Buffer.from(
    JSON.stringify({ product: "window-rating", version: "0.2.0", percentage: 100, files: { "setup.exe": sha512("new") }, ...change }),
  );
  return { bytes, signature: sign(null, bytes, key).toString("base64") };
};
const offered = { version: "0.2.0", sha512: [sha512("new")] };

describe("a release", () => {
  test("counts when somebody this PC trusts has signed it, with the version and the files that are offered", () => {
    const { bytes, signature } = signed(releaser.privateKey, { percentage: 10 });
    expect(checkRelease(bytes, `${signature}\n`, [stranger.text, releaser.text], offered)).toEqual({
      is: "good",
      release: { version: "0.2.0", percentage: 10 },
    });
  });

  test.each([
    ["signed by a stranger", signed(stranger.privateKey), offered],
    [
      "changed after it was signed",
      { ...signed(releaser.privateKey), bytes: Buffer.from(`${signed(releaser.privateKey).bytes} `) },
      offered,
    ],
    ["without a signature", { ...signed(releaser.privateKey), signature: "" }, offered],
    ["of another version than the one that is offered", signed(releaser.privateKey, { version: "0.1.9" }), offered],
    ["without the file that is offered", signed(releaser.privateKey), { ...offered, sha512: [sha512("other")] }],
    ["that offers no file", signed(releaser.privateKey), { ...offered, sha512: [] }],
    ["of another product", signed(releaser.privateKey, { product: "other" }), offered],
    ["that is not understood", signed(releaser.privateKey, { files: "x" }), offered],
  ])("is refused %s", (_what, { bytes, signature }, what) => {
    expect(checkRelease(bytes, signature, [releaser.text, "no key"], what).is).toBe("refused");
  });
});

describe("the updater", () => {
  let folder: string;
  let feed: ReleaseFeed & { deeds: string[] };
  let now: Date;
  let waiting: number;
  let isHealthy: boolean;
  /** Why nothing can be put in. */
  let refusal: string | null;
  const updaters: Updater[] = [];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "updater-"));
    const fetched = path.join(folder, "fetched.exe");
    writeFileSync(fetched, "new");
    const deeds: string[] = [];
    feed = {
      deeds,
      check: async () => offered,
      manifest: async () => signed(releaser.privateKey),
      fetch: async () => fetched,
      install: async (file) => {
        deeds.push(`install ${path.basename(file)}`);
        if (refusal !== null) throw new Error(refusal);
      },
    };
    now = new Date(2026, 10, 20, 10, 0);
    waiting = 0;
    isHealthy = false;
    refusal = null;
  });
  afterEach(() => {
    for (const updater of updaters.splice(0)) updater.stop();
    rmSync(folder, { recursive: true });
  });

  const start = (version: string): Updater => {
    const updater = new Updater({
      feed,
      keys: [releaser.text],
      closing: "18:00",
      version,
      folder: path.join(folder, "updates"),
      health: () => ({ windowPcId: "pc-1", windows: [], waiting, setAside: 0, isBusy: false }),
      isHealthy: () => isHealthy,
      changed: () => undefined,
      now: () => now,
      timers: { setInterval: () => 0, clearInterval: () => undefined },
    });
    updaters.push(updater);
    return updater;
  };
  const updates = () => readdirSync(path.join(folder, "updates")).sort();
  const closingTime = () => {
    now = new Date(2026, 10, 20, 18, 10);
  };

  test("fetches by day, waits for closing and for central to have everything, and installs; the version before is kept", async () => {
    const updater = start("0.1.0");
    writeFileSync(path.join(folder, "updates", "0.1.0.exe"), "old");
    writeFileSync(path.join(folder, "updates", "0.0.9.exe"), "older");
    updater.tick();
    await vi.waitUntil(() => updater.text?.includes("0.2.0"));
    updater.tick();
    expect(feed.deeds).toEqual([]);
    closingTime();
    waiting = 2;
    updater.tick();
    expect(feed.deeds).toEqual([]);
    waiting = 0;
    updater.tick();
    await vi.waitUntil(() => feed.deeds.length > 0);
    expect(feed.deeds).toEqual(["install 0.2.0.exe"]);
    expect(updates()).toEqual(["0.1.0.exe", "0.2.0.exe", "trial.json"]);
    expect(JSON.parse(readFileSync(path.join(folder, "updates", "trial.json"), "utf8"))).toMatchObject({
      from: "0.1.0",
      to: "0.2.0",
      back: path.join(folder, "updates", "0.1.0.exe"),
    });
  });

  test("does not fetch what nobody it trusts has signed, and says so", async () => {
    feed.manifest = async () => signed(stranger.privateKey);
    const updater = start("0.1.0");
    updater.tick();
    await vi.waitUntil(() => updater.text !== null);
    expect(updater.text).toContain("not signed");
    closingTime();
    updater.tick();
    expect(updates()).toEqual([]);
    expect(feed.deeds).toEqual([]);
  });

  const onTrial = (back: string | null, starts = 0) => {
    start("0.2.0").stop();
    const trial = { from: "0.1.0", to: "0.2.0", back, starts, sinceMs: 0 };
    writeFileSync(path.join(folder, "updates", "trial.json"), JSON.stringify(trial));
  };
  const minutesLater = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };

  test("ends the trial of a new version that works", () => {
    onTrial("/kept/0.1.0.exe");
    const updater = start("0.2.0");
    expect(updater.text).toContain("0.2.0");
    isHealthy = true;
    minutesLater(1);
    updater.tick();
    minutesLater(10);
    isHealthy = false;
    updater.tick();
    expect(feed.deeds).toEqual([]);
    expect(existsSync(path.join(folder, "updates", "trial.json"))).toBe(false);
  });

  test("goes back to the version before when the new one is not well within five minutes", () => {
    onTrial("/kept/0.1.0.exe");
    const updater = start("0.2.0");
    minutesLater(4);
    updater.tick();
    expect(feed.deeds).toEqual([]);
    minutesLater(1);
    updater.tick();
    expect(feed.deeds).toEqual(["install 0.1.0.exe"]);
  });

  test("goes back when the new version ended three times before it was well", () => {
    onTrial("/kept/0.1.0.exe");
    for (let starts = 1; starts <= 3; starts++) start("0.2.0").stop();
    expect(feed.deeds).toEqual([]);
    start("0.2.0");
    expect(feed.deeds).toEqual(["install 0.1.0.exe"]);
    // The version before, which runs now, is on no trial.
    expect(start("0.1.0").text).not.toContain("on trial");
    expect(feed.deeds).toHaveLength(1);
  });

  test("takes no version again that did not work here, and says which; a newer one it takes", async () => {
    onTrial("/kept/0.1.0.exe", 3);
    start("0.2.0").stop();
    await vi.waitUntil(() => updates().includes("refused.json") && !updates().includes("trial.json"));
    const updater = start("0.1.0");
    expect(updater.text).toContain("0.2.0");
    const check = vi.spyOn(feed, "manifest");
    closingTime();
    for (let hour = 0; hour < 24; hour++) {
      updater.tick();
      minutesLater(60);
    }
    await vi.waitUntil(() => check.mock.calls.length > 0);
    await vi.waitUntil(() => check.mock.settledResults.every(({ type }) => type !== "incomplete"));
    expect(updates()).toEqual(["refused.json"]);
    expect(feed.deeds).toEqual(["install 0.1.0.exe"]);
    feed.check = async () => ({ ...offered, version: "0.3.0" });
    feed.manifest = async () => signed(releaser.privateKey, { version: "0.3.0" });
    minutesLater(240);
    updater.tick();
    await vi.waitUntil(() => updates().includes("0.3.0.exe"));
    updater.stop();
    expect(start("0.3.0").text).toBeNull();
  });

  test("keeps the trial when the version before could not be put back, says why, and tries again at the next start", async () => {
    onTrial("/kept/0.1.0.exe", 3);
    refusal = "an administrator did not consent";
    const updater = start("0.2.0");
    await vi.waitUntil(() => updater.text?.includes("did not consent"));
    expect(updates()).toEqual(["refused.json", "trial.json"]);
    updater.stop();
    refusal = null;
    start("0.2.0");
    expect(feed.deeds).toEqual(["install 0.1.0.exe", "install 0.1.0.exe"]);
    await vi.waitUntil(() => !updates().includes("trial.json"));
  });

  test("is on no trial of a version that could not be put in, and says why", async () => {
    refusal = "no space left";
    const updater = start("0.1.0");
    closingTime();
    updater.tick();
    await vi.waitUntil(() => updater.text?.includes("0.2.0"));
    updater.tick();
    await vi.waitUntil(() => updater.text?.includes("no space left"));
    expect(feed.deeds).toEqual(["install 0.2.0.exe"]);
    expect(updates()).toEqual(["0.2.0.exe"]);
  });

  test("says so when there is no way back, and goes on with what there is", () => {
    onTrial(null, 3);
    expect(start("0.2.0").text).toContain("not kept");
    expect(feed.deeds).toEqual([]);
  });

  test("takes a trial that cannot be read for none", () => {
    start("0.2.0").stop();
    writeFileSync(path.join(folder, "updates", "trial.json"), "{");
    expect(start("0.2.0").text).toBeNull();
    expect(trialAtStart(null, "0.2.0", 0)).toEqual({ is: "none" });
  });
});
