import { describe, expect, test } from "vitest";
import { citizenWindow, consoleWindow, PARTITIONS, stripWindow } from "./window-options.ts";

const place = { x: 1, y: 2, width: 300, height: 64 };
const facts = { place, preload: "/app/preload.cjs", isPackaged: true };
const all = {
  strip: stripWindow(facts),
  guest: stripWindow(facts, PARTITIONS.loopback),
  citizen: citizenWindow(facts, false),
  console: consoleWindow(facts),
};

describe("every window", () => {
  test.each(Object.entries(all))(
    "%s is sandboxed, isolated, without Node, and without developer tools once installed",
    (_name, options) => {
      expect(options.webPreferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        devTools: false,
      });
    },
  );

  test.each(Object.entries(all))(
    "%s is shown only when it is drawn, so that whoever shows it decides about the focus",
    (_name, options) => {
      expect(options.show).toBe(false);
      expect(options).toMatchObject(place);
    },
  );

  test("has developer tools while it is developed", () => {
    expect(stripWindow({ ...facts, isPackaged: false }).webPreferences?.devTools).toBe(true);
  });
});

test("the strip gets the preload, for its height and its keys, and no other page that is not ours; pages of different homes share no storage", () => {
  expect(all.strip.webPreferences?.preload).toBe("/app/preload.cjs");
  expect(all.guest.webPreferences?.preload).toBe("/app/preload.cjs");
  expect(consoleWindow(facts, PARTITIONS.loopback).webPreferences).not.toHaveProperty("preload");
  expect(all.citizen.webPreferences).not.toHaveProperty("preload");
  expect(new Set([all.strip, all.guest, all.citizen].map(({ webPreferences }) => webPreferences?.partition)).size).toBe(3);
});

test("the strip is frameless, on top of everything, not in the task bar and not to be moved", () => {
  expect(all.strip).toMatchObject({
    frame: false,
    alwaysOnTop: true,
    skipTaskbar: true,
    movable: false,
    resizable: false,
    focusable: true,
  });
});

test("the citizen's page fills its monitor, cannot be closed, and a touch on it takes the keyboard from nobody unless the site wants it", () => {
  expect(all.citizen).toMatchObject({ kiosk: true, frame: false, closable: false, focusable: false });
  expect(citizenWindow(facts, true).focusable).toBe(true);
});
