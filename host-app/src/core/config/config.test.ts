import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { setInConfigFile } from "./config-file.ts";
import { loadConfig, misspeltVariables, settingsInForce } from "./load-config.ts";
import { nearestKey } from "./nearest-key.ts";
import { SETTING_LIST } from "./settings.ts";
import { type WindowConfig, windowsOf } from "./window-list.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const file = (content: unknown): void =>
  writeFileSync(join(dataDir, "config.json"), typeof content === "string" ? content : JSON.stringify(content));
const load = (env: Record<string, string> = {}, flags: Record<string, unknown> = {}) => loadConfig({ dataDir, env, flags });
const refusal = (act: () => unknown): WindowRatingError => {
  try {
    act();
  } catch (error) {
    if (error instanceof WindowRatingError) return error;
    throw error;
  }
  throw new Error("It was not refused");
};

describe("The settings in force", () => {
  test("are the declared defaults in an empty data folder", () => {
    expect(load()).toMatchObject({
      windowNo: "1",
      central: null,
      deskPort: 7100,
      pad: { port: "auto", profile: "auto", debounceMs: 30, volume: 70, brightness: 80, thanksMs: 3000 },
      rating: { timeoutSeconds: 30, waitSeconds: 120, manualTrigger: true },
      sync: { batchEntries: 400, maxDelaySeconds: 60 },
    });
  });

  test("come from flags before the environment, from it before the file, and from that before the defaults", () => {
    file({ windowNo: "file", pad: { volume: 10, brightness: 11 }, rating: { timeoutSeconds: 12 } });
    const env = { WINDOW_RATING_WINDOW_NO: "env", WINDOW_RATING_PAD_VOLUME: "20" };
    const flags = { window: "flag" };
    expect(load(env, flags)).toMatchObject({
      windowNo: "flag",
      pad: { volume: 20, brightness: 11, debounceMs: 30 },
      rating: { timeoutSeconds: 12 },
    });
    const origin = Object.fromEntries(
      settingsInForce({ dataDir, env, flags }).map(({ setting, from, where }) => [setting.key, [from, where]]),
    );
    expect(origin.windowNo).toEqual(["flag", "--window"]);
    expect(origin["pad.volume"]).toEqual(["environment", "WINDOW_RATING_PAD_VOLUME"]);
    expect(origin["pad.brightness"]).toEqual(["file", join(dataDir, "config.json")]);
    expect(origin["pad.debounceMs"]).toEqual(["default", null]);
  });

  test("cannot be changed by whoever reads them", () => {
    const config = load();
    expect(() => Object.assign(config, { deskPort: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.pad, { volume: 1 })).toThrow(TypeError);
  });

  test("turn text into numbers, switches and none as each setting is declared", () => {
    const config = load(
      { WINDOW_RATING_RATING_MANUAL_TRIGGER: "false", WINDOW_RATING_CENTRAL: "none", WINDOW_RATING_WINDOW_NO: "none" },
      { "desk-port": "0", "rating-wait-seconds": "0" },
    );
    expect(config).toMatchObject({ deskPort: 0, central: null, windowNo: "none", rating: { manualTrigger: false, waitSeconds: 0 } });
  });

  test("take every way to name a pad, and none other", () => {
    for (const port of [
      "auto",
      "/dev/ttyUSB0",
      "COM3",
      "\\\\.\\COM12",
      "tcp://pad.example:4001",
      "tcp://127.0.0.1:4001",
      "tcp://[::1]:4001",
      "rfc2217://moxa.example:4001",
      "rfc2217://[fe80::1]:4001",
    ]) {
      expect(load({}, { pad: port }).pad.port).toBe(port);
    }
    for (const port of [
      "",
      "ttyUSB0",
      "tcp://pad.example",
      "http://pad.example:80",
      "COM",
      "/dev/tty USB0",
      "tcp://pad.example:65536",
      "rfc2217://pad.example",
      "udp://pad.example:1",
    ]) {
      expect(refusal(() => load({}, { pad: port })).code).toBe("WR8001");
    }
  });

  test("accept a file that Windows Notepad saved", () => {
    file('\uFEFF{"windowNo":"A12"}\r\n');
    expect(load().windowNo).toBe("A12");
  });
});

describe("The windows of a PC", () => {
  const windows = (list: unknown): readonly WindowConfig[] => {
    file({ windows: list });
    return windowsOf(load());
  };

  test("are the one that windowNo and pad describe, where none are listed", () => {
    file({ windowNo: "12", pad: { port: "/dev/ttyUSB0", serialNumber: "PAD-12" } });
    expect(windowsOf(load())).toEqual([{ windowNo: "12", pad: { port: "/dev/ttyUSB0", profile: "auto", serialNumber: "PAD-12" } }]);
  });

  test("are those listed, each with its pad, and what is left out of a pad is searched for", () => {
    expect(
      windows([
        { windowNo: "12", pad: { serialNumber: "PAD-12" } },
        { windowNo: "13", pad: { port: "tcp://10.0.0.5:4001" } },
      ]),
    ).toEqual([
      { windowNo: "12", pad: { port: "auto", profile: "auto", serialNumber: "PAD-12" } },
      { windowNo: "13", pad: { port: "tcp://10.0.0.5:4001", profile: "auto", serialNumber: null } },
    ]);
    expect(windowsOf(load({ WINDOW_RATING_WINDOWS: '[{"windowNo":"7"}]' }))[0].windowNo).toBe("7");
    expect(windowsOf(load({ WINDOW_RATING_WINDOWS: "none" }))[0].windowNo).toBe("1");
  });

  test.each<[string, unknown, string, string]>([
    [
      "have one number twice",
      [
        { windowNo: "12", pad: { port: "COM3" } },
        { windowNo: "12", pad: { port: "COM4" } },
      ],
      "windows[1].windowNo",
      "give each its own",
    ],
    [
      "share a port",
      [
        { windowNo: "12", pad: { port: "COM3" } },
        { windowNo: "13", pad: { port: "COM3" } },
      ],
      "windows[1].pad.port",
      "windows 12 and 13 both have their pad at COM3",
    ],
    [
      "wait for one pad",
      [
        { windowNo: "12", pad: { serialNumber: "A" } },
        { windowNo: "13", pad: { serialNumber: "A" } },
      ],
      "windows[1].pad.serialNumber",
      "a pad stands at one window",
    ],
    [
      "would both take any pad",
      [{ windowNo: "12" }, { windowNo: "13" }],
      "windows[1].pad.serialNumber",
      "give each the serial number of its pad, or a port",
    ],
    [
      "include one that would take the pad of another",
      [{ windowNo: "12", pad: { serialNumber: "A" } }, { windowNo: "13" }],
      "windows[1].pad.serialNumber",
      "window 13 would take any pad",
    ],
    ["have a misspelt field", [{ windowNo: "12", pad: { prot: "COM3" } }], "windows[0].pad", "prot"],
    ["have a port of no kind", [{ windowNo: "12", pad: { port: "ttyUSB0" } }], "windows[0].pad.port", "expected auto, browser, a path"],
    ["are no list", { windowNo: "12" }, "windows", "a list as"],
  ])("are refused with the place and a sentence if they %s", (_, list, place, sentence) => {
    const error = refusal(() => windows(list));
    expect(error.code).toBe("WR8001");
    expect(error.detail).toContain(place);
    expect(error.detail).toContain(sentence);
    expect(error.detail).toContain("config.json");
  });
});

describe("A setting that is not valid", () => {
  test.each([
    ["rating.timeoutSeconds", { rating: { timeoutSeconds: 4 } }, "5..600"],
    ["rating.timeoutSeconds", { rating: { timeoutSeconds: "30" } }, "5..600"],
    ["rating.timeoutSeconds", { rating: { timeoutSeconds: 30.5 } }, "5..600"],
    ["deskPort", { deskPort: 65536 }, "0..65535"],
    ["central", { central: "ftp://central.example" }, "an http or https URL"],
    ["central", { central: "http://someone:secret@central.example" }, "an http or https URL"],
    ["rating.manualTrigger", { rating: { manualTrigger: "yes" } }, "true, false"],
    ["log.level", { log: { level: "loud" } }, "trace, debug"],
    ["pad.volume", { pad: { volume: null } }, "0..100"],
  ])("is refused with its key %s, its range and the file: %j", (key, content, range) => {
    file(content);
    const error = refusal(load);
    expect(error.code).toBe("WR8001");
    expect(error.detail).toContain(key);
    expect(error.detail).toContain(range);
    expect(error.detail).toContain(join(dataDir, "config.json"));
  });

  test.each([
    [{ windowno: "1" }, "windowNo"],
    [{ rating: { timeoutSecond: 30 } }, "rating.timeoutSeconds"],
    [{ timeoutSeconds: 30 }, "rating.timeoutSeconds"],
    [{ desk_port: 1 }, "deskPort"],
    [{ sync: { batchEntrys: 1 } }, "sync.batchEntries"],
  ])("if unknown, is refused with the nearest valid key: %j", (content, nearest) => {
    file(content);
    expect(refusal(load).detail).toContain(`the nearest is ${nearest}`);
  });

  test("if nothing is near, is refused without a guess", () => {
    file({ completelyDifferentThing: 1 });
    expect(refusal(load).detail).not.toContain("the nearest");
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    '"text"',
    '{"pad":7}',
    '{"pad":[]}',
    '{"__proto__":{"windowNo":"9"}}',
    '{"pad":{"constructor":1}}',
    "\u0000\u0001",
  ])("refuses the file %j and says which file it is", (text) => {
    file(text);
    const error = refusal(load);
    expect(error.code).toBe("WR8001");
    expect(error.detail).toContain("config.json");
  });

  test("tells a file that cannot be read from one that is absent", () => {
    mkdirSync(join(dataDir, "config.json"));
    expect(refusal(load)).toMatchObject({ code: "WR8006", detail: expect.stringContaining("cannot be read: it is a folder") });
  });

  test("is refused from the environment and from a flag, each by its own name", () => {
    expect(refusal(() => load({ WINDOW_RATING_PAD_VOLUME: "101" })).detail).toContain("WINDOW_RATING_PAD_VOLUME");
    expect(refusal(() => load({}, { "pad-volume": "loud" })).detail).toContain("--pad-volume");
    expect(refusal(() => load({}, { "pad-volume": "1e1" })).detail).toContain("--pad-volume");
  });

  test("in the environment under a misspelt name is reported", () => {
    const env = { WINDOW_RATING_PAD_VOLUM: "1", WINDOW_RATING_PAD_VOLUME: "1", WINDOW_RATING_DATA: "/x", PATH: "x" };
    expect(misspeltVariables(env)).toEqual([{ name: "WINDOW_RATING_PAD_VOLUM", meant: "WINDOW_RATING_PAD_VOLUME" }]);
  });

  test("is not taken for one where it belongs to another program", () => {
    expect(misspeltVariables({ WINDOW_RATING_BROWSER: "chromium", WINDOW_RATING_POSTGRES: "/usr/bin" })).toEqual([]);
  });
});

describe("Setting a value in the file", () => {
  test("keeps what the file says besides and leaves nothing else in the folder", () => {
    file({ windowNo: "7", pad: { volume: 10 } });
    setInConfigFile(dataDir, ["pad.brightness=50", "central=https://central.example:7200", "rating.manualTrigger=false"]);
    expect(JSON.parse(readFileSync(join(dataDir, "config.json"), "utf8"))).toEqual({
      windowNo: "7",
      central: "https://central.example:7200",
      pad: { volume: 10, brightness: 50 },
      rating: { manualTrigger: false },
    });
    expect(readdirSync(dataDir)).toEqual(["config.json"]);
    expect(statSync(join(dataDir, "config.json")).mode & 0o777).toBe(0o600);
  });

  test.skipIf(process.platform !== "linux")("says so if the data folder cannot be made", () => {
    expect(refusal(() => setInConfigFile("/proc/no-such/folder", ["windowNo=8"])).code).toBe("WR8006");
  });

  test("makes the data folder if there is none", () => {
    const fresh = join(dataDir, "window", "data");
    setInConfigFile(fresh, ["windowNo=A 03"]);
    expect(loadConfig({ dataDir: fresh, env: {}, flags: {} }).windowNo).toBe("A 03");
  });

  test("says that the file cannot be written, where a full disk or missing rights stand in the way", () => {
    mkdirSync(join(dataDir, `config.json.${process.pid}.new`));
    expect(refusal(() => setInConfigFile(dataDir, ["windowNo=8"]))).toMatchObject({
      code: "WR8006",
      detail: expect.stringContaining("cannot be written"),
    });
  });

  test.each(["pad.volume=101", "pad.volum=50", "pad.volume", "=5", "pad=auto"])("writes nothing for %s", (assignment) => {
    file({ windowNo: "7" });
    expect(refusal(() => setInConfigFile(dataDir, ["windowNo=8", assignment])).code).toBe("WR8001");
    expect(readFileSync(join(dataDir, "config.json"), "utf8")).toBe('{"windowNo":"7"}');
  });
});

describe("The declarations", () => {
  test("give every setting a default within its own range, both helps, and a name that no other has", () => {
    for (const setting of SETTING_LIST) {
      expect(setting.schema.safeParse(setting.default).success, setting.key).toBe(true);
      expect(setting.help.en, setting.key).toMatch(/^[A-Z].+\.$/s);
      expect(setting.help.zh, setting.key).toMatch(/\p{Script=Han}.*。$/su);
    }
    for (const name of ["key", "env", "flag"] as const) {
      expect(new Set(SETTING_LIST.map((setting) => setting[name])).size).toBe(SETTING_LIST.length);
    }
  });

  test("name environment and flag after the key", () => {
    const { env, flag } = SETTING_LIST.find(({ key }) => key === "rating.timeoutSeconds") ?? {};
    expect([env, flag]).toEqual(["WINDOW_RATING_RATING_TIMEOUT_SECONDS", "rating-timeout-seconds"]);
    expect(SETTING_LIST.find(({ key }) => key === "disk.ballastMB")?.env).toBe("WINDOW_RATING_DISK_BALLAST_MB");
  });
});

test("The nearest key is found whatever the case and the separators, and in bounded time for absurd keys", () => {
  expect(nearestKey("RATING_TIMEOUT-SECONDS", ["rating.timeoutSeconds", "rating.waitSeconds"])).toBe("rating.timeoutSeconds");
  expect(nearestKey("x".repeat(1_000_000), ["pad.volume"])).toBeUndefined();
});
