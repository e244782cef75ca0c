import { describe, expect, test } from "vitest";
import { globalShortcuts, readShellSettings } from "./shell-settings.ts";

const usual = readShellSettings(null).settings;

describe("shell.json", () => {
  test("need not be there", () => {
    expect(readShellSettings(null)).toEqual({ settings: usual, own: {}, trouble: null });
    expect(usual).toMatchObject({ edge: "top", citizen: null, update: null });
  });

  test("that cannot be read changes nothing, and it is said which field is wrong", () => {
    expect(readShellSettings("{")).toEqual({ settings: usual, own: {}, trouble: "shell.json is not JSON" });
    expect(readShellSettings('{"edge":"middle"}').trouble).toContain("edge");
    expect(readShellSettings('{"edge":"middle"}').settings).toEqual(usual);
    expect(readShellSettings('{"shortcuts":{"endCase":"E"}}').trouble).toContain("shortcuts.endCase");
    expect(readShellSettings('{"nonsense":1}').trouble).not.toBeNull();
  });

  test("opens pages of this PC, or pages that TLS proves, and no others", () => {
    expect(readShellSettings('{"citizen":{"page":"http://127.0.0.1:7102/pad"}}').settings.citizen).toEqual({
      page: "http://127.0.0.1:7102/pad",
      typing: false,
    });
    expect(readShellSettings('{"citizen":{"page":"http://pads.example/"}}').trouble).toContain("citizen.page");
    expect(readShellSettings('{"screen":"file:///etc/passwd"}').trouble).toContain("screen");
  });
});

describe("the hall's shell.json, from its site file", () => {
  const ofHall = '{"edge":"bottom","shortcuts":{"endCase":"F9"}}';

  test("holds where the user has chosen nothing", () => {
    expect(readShellSettings(null, ofHall).settings).toMatchObject({ edge: "bottom", shortcuts: { endCase: "F9" }, screens: [] });
    const { settings, own } = readShellSettings('{"edge":"left"}', ofHall);
    expect(settings).toMatchObject({ edge: "left", shortcuts: { endCase: "F9" } });
    expect(own).toEqual({ edge: "left" });
  });

  test("says nothing if it cannot be used", () => {
    for (const broken of ["{", "[]", "null", '{"edge":"middle"}']) expect(readShellSettings(null, broken).settings).toEqual(usual);
  });
});

describe("keys that work in every program", () => {
  test("can be chosen, and switched off", () => {
    const { settings } = readShellSettings('{"shortcuts":{"endCase":"Ctrl+Alt+E","paperForm":"F9"}}');
    expect(globalShortcuts(settings)).toEqual([
      { action: "endCase", accelerator: "Ctrl+Alt+E", opensForm: false },
      { action: "paperForm", accelerator: "F9", opensForm: true },
    ]);
    expect(globalShortcuts(readShellSettings('{"shortcuts":{}}').settings)).toEqual([]);
  });

  test("do one thing each: a key that is given twice does the first", () => {
    const { settings } = readShellSettings('{"shortcuts":{"endCase":"F9","pause":"F9"}}');
    expect(globalShortcuts(settings).map(({ action }) => action)).toEqual(["endCase"]);
  });

  test("leave the keyboard with the business system where no form is opened", () => {
    expect(globalShortcuts(usual).find(({ action }) => action === "endCase")?.opensForm).toBe(false);
    expect(globalShortcuts(usual).find(({ action }) => action === "pause")?.opensForm).toBe(true);
  });
});
