import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProfile } from "@window-rating/device-profiles";
import { SimulatedKeypad, SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { PadList } from "../commands/pad-shape.ts";
import { padTestCommand } from "../commands/pad-test-command.ts";
import { loadConfig } from "../config/index.ts";
import { readControl } from "../desk/control-file.ts";
import { Pairings } from "../desk/pairings.ts";
import { type RunningHost, startHost } from "../host.ts";

const undo = new AsyncDisposableStack();
let dataDir: string;
let host: RunningHost;
let ours: SimulatedPad;
let touch: SimulatedPad;
let keypad: SimulatedKeypad;
/** Sends its keys whether it was asked for a rating or not. */
let plain: SimulatedKeypad;
let system: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "window-rating-trial-"));
  undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  ours = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "P-12" });
  touch = new SimulatedPad({ port: await TcpPort.open(0), profileId: "generic/touchscreen", serialNumber: "P-13" });
  const makeKeypad = async (id: string): Promise<SimulatedKeypad> => {
    const profile = findProfile(id);
    if (profile.protocol !== "keypad") throw new Error("no keypad");
    return new SimulatedKeypad({ port: await TcpPort.open(0), profile });
  };
  keypad = await makeKeypad("generic/ascii-lines");
  plain = await makeKeypad("generic/ascii-keys");
  undo.defer(async () => {
    await Promise.all([ours.close(), touch.close(), keypad.close(), plain.close()]);
  });
  const windows = [
    { windowNo: "12", pad: { port: ours.path } },
    { windowNo: "13", pad: { port: touch.path } },
    { windowNo: "14", pad: { port: keypad.path, profile: "generic/ascii-lines" } },
    { windowNo: "15", pad: { port: plain.path, profile: "generic/ascii-keys" } },
  ];
  system = new Pairings(dataDir).add("hall system", [], Date.now()).token;
  const config = loadConfig({
    dataDir,
    env: { WINDOW_RATING_WINDOWS: JSON.stringify(windows) },
    flags: { "desk-port": "0", "screens-port": "0", "pad-unpaired": "admit" },
  });
  host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
  undo.defer(() => host.close());
  await vi.waitUntil(() => host.status().windows.every(({ pad }) => pad.connection === "ready"));
});
afterAll(() => undo.disposeAsync());

const post = async (path: string, body: object, token = readControl(dataDir)?.token ?? ""): Promise<{ code?: string } & PadList> => {
  const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const content = (await answer.json()) as PadList & { error?: { code: string } };
  return content.error === undefined ? content : { ...content, code: content.error.code };
};
const list = async (windowNo: string): Promise<PadList["windows"][number]> => {
  const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1/pads`, {
    headers: { authorization: `Bearer ${readControl(dataDir)?.token}` },
  });
  const found = ((await answer.json()) as PadList).windows.find((one) => one.windowNo === windowNo);
  if (found === undefined) throw new Error(`no window ${windowNo}`);
  return found;
};
const begin = async (windowNo: string, part: string): Promise<string | undefined> => (await post("/pads/test", { windowNo, part })).code;
const trial = async (windowNo: string) => (await list(windowNo)).trial;
const openRequest = async (windowNo: string, caseNo: string): Promise<void> => {
  await post("/clerk/sign-in", { windowNo, staffNo: `10${windowNo}`, name: "张三样例" }, system);
  await post("/cases", { windowNo, caseNo, itemCode: "A-01", itemName: "身份证补领" }, system);
  await post(`/cases/${caseNo}/end`, { windowNo }, system);
};
const records = () => host.status().ratings;

describe("Trying a pad", () => {
  test("is offered for what each pad can do, and refused with a code for the rest", async () => {
    expect((await list("12")).tests).toEqual(["identify", "lamps", "voice", "keys"]);
    expect((await list("13")).tests).toEqual(["identify", "voice", "screen", "keys"]);
    expect((await list("14")).tests).toEqual(["identify", "lamps", "keys", "voice", "beep"]);
    expect((await list("15")).tests).toEqual(["keys"]);
    expect(await begin("12", "screen")).toBe("WR1051");
    expect(await begin("99", "lamps")).toBe("WR5017");
  });

  test("of the keys tells each press and rates nothing: of buttons, of a screen, of a pad of another maker", async () => {
    const before = records();
    for (const windowNo of ["12", "13", "15"]) expect(await begin(windowNo, "keys")).toBeUndefined();
    await vi.waitUntil(() => ours.face.phase === "testing" && touch.face.phase === "testing");
    await ours.press(3);
    touch.touch({ do: "testKey", key: 5 });
    await plain.press(5);
    await vi.waitFor(async () => expect((await trial("12"))?.presses).toEqual({ 3: 1 }));
    await vi.waitFor(async () => expect((await trial("13"))?.presses).toEqual({ 5: 1 }));
    await vi.waitFor(async () => expect((await trial("15"))?.presses).toEqual({ 5: 1 }));
    await vi.waitFor(async () => expect((await trial("12"))?.down).toEqual([]));
    for (const windowNo of ["12", "13", "15"]) await post("/pads/test/end", { windowNo });
    await vi.waitUntil(() => ours.face.phase === "idle" && touch.face.phase === "idle");
    expect(await trial("15")).toMatchObject({ ended: "stopped" });
    expect(records()).toEqual(before);
    expect(host.status().windows.map(({ pad }) => pad.keypad?.taken ?? 0)).toEqual([0, 0, 0, 0]);
  });

  test("of keys that send nothing in the dark lights the pad, again after each press, rates nothing, and makes it dark at its end", async () => {
    const before = records();
    expect(keypad.face.phase).toBe("idle");
    expect(await begin("14", "keys")).toBeUndefined();
    for (const [level, key] of [
      [5, "A"],
      [1, "E"],
    ] as const) {
      await vi.waitUntil(() => keypad.face.phase === "inviting");
      await keypad.press(level);
      await vi.waitFor(async () => expect((await trial("14"))?.presses).toMatchObject({ [key]: 1 }));
    }
    await vi.waitUntil(() => keypad.face.phase === "inviting");
    await post("/pads/test/end", { windowNo: "14" });
    await vi.waitUntil(() => keypad.face.phase === "idle");
    expect(records()).toEqual(before);
    expect(host.status().windows[2]?.pad.keypad).toMatchObject({ taken: 0, discarded: { "no-request": 2 } });
  });

  test("of lamps and voice is done, by pads of ours and of another maker, and the lamps are dark when it ends", async () => {
    for (const windowNo of ["12", "14"]) {
      expect(await begin(windowNo, "lamps")).toBeUndefined();
      const pad = windowNo === "12" ? ours : keypad;
      await vi.waitUntil(() => pad.face.lamps.some((lamp) => lamp !== "off"));
      await post("/pads/test/end", { windowNo });
      await vi.waitUntil(() => pad.face.lamps.every((lamp) => lamp === "off"));
      expect(await begin(windowNo, "voice")).toBeUndefined();
      await vi.waitUntil(() => pad.face.spoken?.id === 1);
    }
    await vi.waitFor(async () => expect((await trial("12"))?.found).toEqual({ outcome: "toBeSeen", detail: "" }));
    await post("/pads/test/end", { windowNo: "12" });
  });

  test("gives way at once when a citizen is asked, is refused meanwhile, and the next press is the citizen's", async () => {
    for (const [windowNo, pad] of [
      ["12", ours],
      ["14", keypad],
      ["15", plain],
    ] as const) {
      const taken = records().total;
      expect(await begin(windowNo, "keys")).toBeUndefined();
      await openRequest(windowNo, `C-${windowNo}`);
      expect(await trial(windowNo)).toMatchObject({ ended: "rating" });
      expect(await begin(windowNo, "lamps")).toBe("WR1050");
      await vi.waitUntil(() => pad.face.phase === "inviting");
      // A citizen who presses again if the first press fell into the guard interval of a pad of another maker.
      await vi.waitFor(
        async () => {
          if (pad.face.phase === "inviting") await pad.press(4);
          expect((await post("/pads/test/end", { windowNo })).windows.find((one) => one.windowNo === windowNo)?.trial?.presses).toEqual({});
          expect(records().total).toBe(taken + 1);
        },
        { timeout: 20_000, interval: 700 },
      );
    }
    expect(records().unbound).toBe(0);
  });

  test("is a command: it prints each key, says what failed with a code, and helps", async () => {
    const printed: string[] = [];
    const run = (...args: string[]) => padTestCommand([...args, "--data", dataDir], { env: {}, print: (text) => void printed.push(text) });
    const keys = run("--keys", "--window", "13");
    await vi.waitUntil(() => touch.face.phase === "testing");
    touch.touch({ do: "testKey", key: 2 });
    await vi.waitUntil(() => printed.includes("Key 2 was pressed."));
    expect(await run("--end", "--window", "13", "--json")).toBe(0);
    expect(await keys).toBe(0);
    expect(JSON.parse(printed.find((text) => text.startsWith("{")) ?? "")).toMatchObject({
      is: "keys",
      ended: "stopped",
      presses: { 2: 1 },
    });
    await expect(run("--lamps", "--window", "13")).rejects.toMatchObject({ code: "WR1051" });
    await expect(run("--lamps", "--keys")).rejects.toMatchObject({ code: "WR8002" });
    expect(await run("--help")).toBe(0);
    expect(printed.at(-1)).toContain("window-host pad test --keys --window 12");
  });

  test("ends when the pad goes away, and there is nothing to try then", async () => {
    expect(await begin("13", "keys")).toBeUndefined();
    touch.unplug();
    await vi.waitFor(async () => expect((await trial("13"))?.ended).toBe("lost"));
    expect((await list("13")).tests).toEqual([]);
    expect(await begin("13", "keys")).toBe("WR1052");
  });
});
