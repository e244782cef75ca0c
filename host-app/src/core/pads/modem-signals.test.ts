import { findProfile } from "@window-rating/device-profiles";
import { describe, expect, test } from "vitest";
import { ModemSignals } from "./modem-signals.ts";
import { DEFAULT_SETTINGS, type PortSettings, settingsOf } from "./port-settings.ts";

/** A port that writes down how its lines are set. */
const recorded = (settings: Partial<PortSettings>, platform: NodeJS.Platform = "darwin") => {
  const sets: string[] = [];
  const port = {
    isOpen: true,
    set: ({ dtr, rts }: { dtr: boolean; rts: boolean }, done: (error: Error | null) => void) => {
      sets.push(`dtr ${dtr ? "on" : "off"}, rts ${rts ? "on" : "off"}`);
      done(null);
    },
  };
  return { sets, port, signals: new ModemSignals(port, { ...DEFAULT_SETTINGS, ...settings }, platform) };
};

describe("the modem lines", () => {
  test("are not touched where the profile leaves both", async () => {
    for (const platform of ["darwin", "win32"] as const) {
      const { sets, signals } = recorded({}, platform);
      await signals.settle("/dev/none");
      expect(sets).toEqual([]);
    }
  });

  test.each<[Partial<PortSettings>, NodeJS.Platform, string]>([
    [{ dtr: "off", rts: "off" }, "darwin", "dtr off, rts off"],
    [{ dtr: "off" }, "darwin", "dtr off, rts on"],
    [{ rts: "off" }, "darwin", "dtr on, rts off"],
    [{ dtr: "on" }, "win32", "dtr on, rts off"],
    [{ rts: "on" }, "win32", "dtr off, rts on"],
  ])("are set as %j says, and one that is left stays as the system %s leaves it", async (settings, platform, expected) => {
    const { sets, signals } = recorded(settings, platform);
    await signals.settle("/dev/none");
    expect(sets).toEqual([expected]);
  });

  test("go to the other state and back for a soft reset", async () => {
    const { sets, signals } = recorded({ dtr: "off" });
    await signals.reset({ signal: "dtr", pulseMs: 1, bootMs: 1 });
    expect(sets).toEqual(["dtr on, rts on", "dtr off, rts on"]);
  });

  test("that a port does not have hold nothing up", async () => {
    const { signals, port } = recorded({ dtr: "off" });
    port.set = (_, done) => done(new Error("Inappropriate ioctl for device, cannot set"));
    await signals.settle("/dev/none");
    port.isOpen = false;
    await signals.reset({ signal: "dtr", pulseMs: 1, bootMs: 1 });
  });
});

describe("the settings of a profile", () => {
  const profile = findProfile("generic/five-button");

  test("are taken over", () => {
    expect({ ...settingsOf(profile), softReset: null }).toEqual(DEFAULT_SETTINGS);
  });

  test("allow a soft reset where the profile says by which line", () => {
    const softReset = { by: "rts-pulse", pulseMs: 100, bootMs: 1500 } as const;
    expect(settingsOf({ ...profile, recovery: { softReset } }).softReset).toEqual({ signal: "rts", pulseMs: 100, bootMs: 1500 });
    expect(
      settingsOf({ ...profile, recovery: { softReset: { by: "nothing", reason: "no line leads to its reset" } } }).softReset,
    ).toBeNull();
  });
});
