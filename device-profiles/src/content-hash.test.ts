import { describe, expect, it } from "vitest";
import { contentHash } from "./content-hash.ts";
import { readProfileText } from "./profile-text.ts";
import { findProfile } from "./profiles.ts";
import type { Profile } from "./schema.ts";

const PROFILE = findProfile("generic/ascii-keys");
const reread = (json: object): Profile => readProfileText("generic/ascii-keys.json", JSON.stringify(json)).profiles[0] as Profile;

describe("the hash of a profile", () => {
  it("is the same for any order of keys, and whether a part came from a template", () => {
    const turned = Object.fromEntries(
      Object.entries({ ...PROFILE, port: Object.fromEntries(Object.entries(PROFILE.port).reverse()) }).reverse(),
    );
    expect(contentHash(reread(turned))).toBe(contentHash(PROFILE));
    expect(contentHash(PROFILE)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("differs with any value and any order of a list", () => {
    const { usb } = PROFILE.identity;
    const changed = [
      { ...PROFILE, model: "other" },
      { ...PROFILE, port: { ...PROFILE.port, baudRate: 4800 as const } },
      { ...PROFILE, identity: { usb: [...usb].reverse() } },
    ];
    expect(new Set([PROFILE, ...changed].map(contentHash)).size).toBe(4);
  });
});
