import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProfile, loadProfiles } from "@window-rating/device-profiles";
import { PtyPort, SimulatedKeypad } from "@window-rating/firmware-sim";
import { hexOf, joined, KeypadProtocol, KeypadReader } from "@window-rating/protocol/keypad";
import { test } from "vitest";
import { presserOf, runWindowHost } from "../../../../test/learning-child.ts";

const KEYPADS = loadProfiles().filter((profile) => profile.protocol === "keypad");

// They wait most of the time, for keys and for silence: all at once.
test.concurrent.for(KEYPADS.map((profile) => [profile.id, profile] as const))(
  "learn makes a profile of a simulated %s behind a kernel tty that reads each of its keys",
  async ([_id, profile], { expect, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-learn-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const pad = new SimulatedKeypad({ port: new PtyPort(join(folder, "pad")), profile });
    onTestFinished(() => pad.close());
    const protocol = KeypadProtocol.of(profile.keypad);
    const { keys } = profile.keypad;
    const light = protocol.request("startRating", { seconds: 60 });
    const file = join(folder, "learned.json");
    const meanings = keys.map(({ level, action, label }) => `${level ?? action ?? "nothing"}=${label ?? ""}`).join(",");
    const { code, stderr } = await runWindowHost(
      [
        ...["profile", "learn", "--port", pad.path, "--keys", meanings, "--listen", "1", "--out", file],
        ...(typeof light === "string" || light.length === 0 ? [] : ["--light", hexOf(joined(light))]),
      ],
      { onLine: presserOf(pad, keys) },
    );
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const learned = findProfile(file);
    if (learned.protocol !== "keypad") throw new Error("no keypad was learnt");
    const reader = new KeypadReader(KeypadProtocol.of(learned.keypad));
    for (const key of keys) {
      const [reading] = reader.push(protocol.keyFrame(key), 0);
      expect(reading?.is === "key" && [reading.key.level, reading.key.action]).toEqual([key.level, key.action]);
    }
  },
);
