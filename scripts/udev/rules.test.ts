import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findProfile, loadProfiles, type Profile } from "@window-rating/device-profiles";
import { describe, expect, test } from "vitest";
import { rulesFor, usbIdsOf } from "./rules.ts";

const SHIPPED = readFileSync(join(import.meta.dirname, "70-window-rating.rules"), "utf8");

describe("the udev rules", () => {
  test("that are shipped are those of the profiles: run node scripts/udev/write-rules.ts", () => {
    expect(SHIPPED).toBe(rulesFor(loadProfiles()));
  });

  test("cover every USB id in the profiles, for the port and for ModemManager", () => {
    const ids = loadProfiles().flatMap(({ identity }) => identity.usb);
    expect(ids.length).toBeGreaterThan(0);
    for (const { vendorId, productId } of ids) {
      expect(SHIPPED).toContain(`ATTR{idVendor}=="${vendorId}", ATTR{idProduct}=="${productId}", ENV{ID_MM_DEVICE_IGNORE}="1"`);
      expect(SHIPPED).toContain(`ATTRS{idVendor}=="${vendorId}", ATTRS{idProduct}=="${productId}", ENV{WINDOW_RATING_PORT}="1"`);
    }
  });

  test("grow with a profile that has other ids, each once", () => {
    const profile = findProfile("generic/five-button");
    const usb = [{ vendorId: "1209", productId: "5a01", sharedBridgeChip: false }, ...profile.identity.usb];
    const more: Profile[] = [profile, { ...profile, id: "acme/a", identity: { ...profile.identity, usb } }];
    expect(usbIdsOf(more).filter((id) => id === "1209:5a01")).toHaveLength(1);
    expect(new Set(usbIdsOf(more)).size).toBe(usbIdsOf(more).length);
    expect(rulesFor(more)).toContain('ATTRS{idVendor}=="1209", ATTRS{idProduct}=="5a01"');
  });

  test("have one statement a line: keys, an operator and a quoted value, and every jump has its label", () => {
    const lines = SHIPPED.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const assignment = /^[A-Z_]+(\{[A-Za-z_]+\})?(==|!=|=|\+=|:=)"[^"]*"$/;
    for (const line of lines) for (const part of line.split(", ")) expect(part).toMatch(assignment);
    const labels = [...SHIPPED.matchAll(/LABEL="(\w+)"/g)].map(([, label]) => label);
    for (const [, label] of SHIPPED.matchAll(/GOTO="(\w+)"/g)) expect(labels).toContain(label);
  });
});
