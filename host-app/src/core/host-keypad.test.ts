import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash, findProfile } from "@window-rating/device-profiles";
import { PtyPort, SimulatedKeypad, TcpPort } from "@window-rating/firmware-sim";
import type { WindowRatingError } from "@window-rating/protocol/error";
import { entryBodySchema } from "@window-rating/protocol/sync";
import pino from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { doctorCommand } from "./commands/doctor-command.ts";
import { loadConfig } from "./config/index.ts";
import { Pairings } from "./desk/pairings.ts";
import { startHost } from "./host.ts";
import { openDatabase } from "./store/database.ts";

const PATIENCE = { timeout: 20_000, interval: 20 };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const dataFolder = (): string => {
  const dataDir = mkdtempSync(join(tmpdir(), "window-rating-keypad-"));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
};

/** A profile of the hall's own: that of a shipped one under another id. */
const ownProfile = (change: (text: string) => string = (text) => text): string => {
  const file = join(import.meta.dirname, "../../../device-profiles/profiles/generic/xor-five-key.json");
  return change(readFileSync(file, "utf8").replace("generic/xor-five-key", "hall/our-pad"));
};

const windowsOf = (...windows: { windowNo: string; pad: object }[]) => ({ WINDOW_RATING_WINDOWS: JSON.stringify(windows) });

const start = async (dataDir: string, env: Record<string, string>) => {
  const config = loadConfig({ dataDir, env, flags: { "desk-port": "0" } });
  const host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
  undo.push(() => host.close());
  return host;
};

const codeOf = async (work: Promise<unknown>): Promise<WindowRatingError> => {
  try {
    await work;
  } catch (error) {
    return error as WindowRatingError;
  }
  throw new Error("nothing was thrown");
};

describe("a window PC with pads of other makers", () => {
  test("reads one by a profile file in its data folder and one by a shipped profile, and tells in its status what became of presses", async () => {
    const dataDir = dataFolder();
    writeFileSync(join(dataDir, "my-pad.json"), ownProfile());
    const own = findProfile(join(dataDir, "my-pad.json"));
    const bytes = findProfile("generic/ascii-keys");
    if (own.protocol !== "keypad" || bytes.protocol !== "keypad") throw new Error("no keypads");
    const first = new SimulatedKeypad({ port: new PtyPort(join(dataDir, "pad")), profile: own });
    const second = new SimulatedKeypad({ port: await TcpPort.open(0), profile: bytes });
    undo.push(() => Promise.all([first.close(), second.close()]));
    const host = await start(
      dataDir,
      windowsOf(
        { windowNo: "12", pad: { port: first.path, profile: "./my-pad.json" } },
        { windowNo: "13", pad: { port: second.path, profile: "generic/ascii-keys" } },
      ),
    );
    const padOf = (windowNo: string) => host.status().windows.find((one) => one.windowNo === windowNo)?.pad;
    await vi.waitFor(() => expect([padOf("12")?.connection, padOf("13")?.connection]).toEqual(["ready", "ready"]), PATIENCE);
    expect(padOf("12")).toMatchObject({ model: "hall/our-pad", secured: false, keypad: { proven: true } });
    expect(padOf("13")).toMatchObject({ model: "generic/ascii-keys", keypad: { proven: false, guardMs: 1000 } });

    const { token } = new Pairings(dataDir).add("hall system", [], Date.now());
    const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as Record<string, unknown>;
    };
    for (const windowNo of ["12", "13"]) {
      await post("/clerk/sign-in", { windowNo, staffNo: `10${windowNo}`, name: "张三样例" });
      await post("/cases", { windowNo, caseNo: `C-${windowNo}`, itemCode: "A-01", itemName: "身份证补领" });
      await post(`/cases/C-${windowNo}/end`, { windowNo });
    }
    // A citizen who presses as soon as the pad is lit, and again a moment later, if the first press fell into the guard interval. One who
    // hammers at the key counts as holding it down.
    const now = { timeout: 20_000, interval: 1200 };
    for (const [windowNo, pad, level] of [
      ["12", first, 2],
      ["13", second, 5],
    ] as const) {
      await vi.waitFor(async () => {
        if (pad.face.phase === "inviting") await pad.press(level);
        expect(padOf(windowNo)?.keypad?.taken).toBe(1);
      }, now);
      expect(padOf(windowNo)?.keypad?.discarded).toMatchObject({ guard: expect.any(Number) });
    }
    await vi.waitFor(() => expect(host.status().ratings.total).toBe(2), PATIENCE);
    expect(JSON.stringify(host.status())).not.toContain("level");
    await host.close();
    const database = openDatabase(join(dataDir, "window.db"));
    const bodies = database.prepare<[], { body: string }>("SELECT body FROM entries WHERE kind = 'rating'").all();
    database.close();
    const ratings = bodies.map(({ body }) => entryBodySchema.parse(JSON.parse(body)));
    expect(ratings).toHaveLength(2);
    expect(ratings).toContainEqual(
      expect.objectContaining({
        level: 2,
        origin: expect.objectContaining({ model: "hall/our-pad", profileHash: contentHash(own), port: "serial" }),
      }),
    );
    expect(ratings).toContainEqual(
      expect.objectContaining({
        level: 5,
        origin: expect.objectContaining({ model: "generic/ascii-keys", boundBy: "open-window", port: "tcp" }),
      }),
    );
  });

  test("does not start with a profile that is wrong, and says which field, with the bytes", async () => {
    const dataDir = dataFolder();
    writeFileSync(
      join(dataDir, "my-pad.json"),
      ownProfile((text) => text.replace('"kind": "xor-8"', '"kind": "sum-8"')),
    );
    const error = await codeOf(start(dataDir, { WINDOW_RATING_PAD_PROFILE: "./my-pad.json" }));
    expect(error.code).toBe("WR2001");
    expect(error.message).toContain("my-pad.json");
    expect(error.message).toContain("AA 55 01 B0 01 [B0] 0D");
    expect(error.message).toContain("xor-8 over");
    expect((await codeOf(start(dataDir, { WINDOW_RATING_PAD_PROFILE: "./other.json" }))).message).toContain(join(dataDir, "other.json"));
    expect((await codeOf(start(dataDir, { WINDOW_RATING_PAD_PROFILE: "generic/ascii-kays" }))).message).toContain("generic/ascii-keys");
  });
});

test("doctor reads the profile of a window, and says what is wrong with it", async () => {
  const dataDir = dataFolder();
  writeFileSync(
    join(dataDir, "my-pad.json"),
    ownProfile((text) => text.replace('"everyMs": 300', '"everyMs": 30000')),
  );
  const run = async (): Promise<{ level: string; text: string }[]> => {
    let text = "";
    await doctorCommand(["--data", dataDir, "--json"], {
      env: { WINDOW_RATING_PAD_PROFILE: "./my-pad.json" },
      print: (said) => {
        text += said;
      },
    });
    const { findings } = JSON.parse(text) as { findings: { level: string; subject: string; text: string }[] };
    return findings.filter(({ subject }) => subject === "Profile");
  };
  expect(await run()).toMatchObject([{ level: "fail", text: expect.stringContaining("$.keypad.repeat.everyMs") }]);
  writeFileSync(join(dataDir, "my-pad.json"), ownProfile());
  expect(await run()).toMatchObject([{ level: "ok" }]);
});
