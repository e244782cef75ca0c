import { describe, expect, it } from "vitest";
import { SHARED_BRIDGE_CHIPS } from "./identity-schema.ts";
import { findProfile, matchPorts, type Profile } from "./index.ts";

const GENERIC = findProfile("generic/five-button");
type Usb = Profile["identity"]["usb"][number];
const OWN: Usb = { vendorId: "1209", productId: "5a01", sharedBridgeChip: false };
const SHARED: Usb = { vendorId: "10c4", productId: "ea60", sharedBridgeChip: true };
const profile = (id: string, ...usb: Usb[]): Profile => ({ ...GENERIC, id, identity: { usb } });
const port = (path: string, vendorId: string, productId: string, more: object = {}) => ({ path, vendorId, productId, ...more });

describe("the matcher", () => {
  it.each([...SHARED_BRIDGE_CHIPS.keys()])("never takes the shared bridge chip %s for a match by its ids", (ids) => {
    const [vendorId = "", productId = ""] = ids.split(":");
    const proposals = matchPorts([port("COM3", vendorId, productId)], [profile("acme/a", { vendorId, productId, sharedBridgeChip: true })]);
    expect(proposals).toEqual([
      {
        path: "COM3",
        profileId: "acme/a",
        verdict: "candidate",
        score: 10,
        evidence: [`USB ids ${ids}, a bridge chip that many products share`],
      },
    ]);
  });

  it("matches ids that are the pad's own, in upper or lower case", () => {
    expect(matchPorts([port("COM4", "1209", "5A01")], [profile("acme/a", OWN)])).toMatchObject([{ verdict: "match", score: 60 }]);
  });

  it("lets a serial number or a product text of the maker's own turn a shared chip into a match", () => {
    const profiles = [profile("acme/a", { ...SHARED, serialNumber: "WR5-*" })];
    expect(matchPorts([port("a", "10c4", "ea60", { serialNumber: "WR5-0017" })], profiles)).toMatchObject([
      { verdict: "match", score: 80 },
    ]);
    const products = [profile("acme/a", { ...SHARED, product: "Rating Pad" })];
    expect(matchPorts([port("a", "10c4", "ea60", { product: "rating_pad" })], products)).toMatchObject([{ verdict: "match", score: 75 }]);
  });

  it("does not let the manufacturer alone do so, for it is often the chip's", () => {
    const profiles = [profile("acme/a", { ...SHARED, manufacturer: "Silicon Labs" })];
    expect(matchPorts([port("a", "10c4", "ea60", { manufacturer: "Silicon_Labs" })], profiles)).toMatchObject([
      { verdict: "candidate", score: 15 },
    ]);
  });

  it("proposes nothing when a text speaks against it, and stays with a candidate when the port tells no text", () => {
    const profiles = [profile("acme/a", { ...SHARED, serialNumber: "WR5-*" })];
    expect(matchPorts([port("a", "10c4", "ea60", { serialNumber: "0001" })], profiles)).toEqual([]);
    expect(matchPorts([port("a", "10c4", "ea60")], profiles)).toMatchObject([{ verdict: "candidate", score: 10 }]);
  });

  it("puts every match before every candidate, and equal ones in the order of path and profile", () => {
    const profiles = [
      profile("zeta/z", SHARED),
      profile("acme/a", SHARED),
      profile("acme/own", OWN),
      profile("acme/named", { ...OWN, product: "Pad" }),
    ];
    const ports = [port("ttyUSB1", "10c4", "ea60"), port("ttyUSB0", "10c4", "ea60"), port("ttyACM0", "1209", "5a01", { product: "Pad" })];
    expect(matchPorts(ports, profiles).map(({ path, profileId, verdict }) => `${path} ${profileId} ${verdict}`)).toEqual([
      "ttyACM0 acme/named match",
      "ttyACM0 acme/own match",
      "ttyUSB0 acme/a candidate",
      "ttyUSB0 zeta/z candidate",
      "ttyUSB1 acme/a candidate",
      "ttyUSB1 zeta/z candidate",
    ]);
  });

  it("gives one proposal for a port and a profile, the best of its identities", () => {
    const profiles = [profile("acme/a", OWN, { ...OWN, serialNumber: "7" })];
    expect(matchPorts([port("a", "1209", "5a01", { serialNumber: "7" })], profiles)).toMatchObject([{ score: 80 }]);
  });

  it("proposes nothing for ports without USB ids or with unknown ones", () => {
    const ports = [{ path: "/dev/ttyS0" }, { path: "/dev/ttyS1", vendorId: undefined, productId: undefined }, port("a", "1d6b", "0002")];
    expect(matchPorts(ports, [GENERIC])).toEqual([]);
  });

  it.each([
    ["WR5", "wr5", true],
    ["WR5", "WR55", false],
    ["*", "", true],
    ["WR*", "WR", true],
    ["*-5", "pad-5", true],
    ["a*b*c", "a1b2c", true],
    ["a*b*c", "a1c2b", false],
    ["ab*ba", "aba", false],
    ["a*b*b", "ab", false],
    ["**a**", "xxaxx", true],
    ["a.c", "abc", false],
  ])("compares the pattern %s with %s: %s", (serialNumber, found, fits) => {
    expect(matchPorts([port("a", "1209", "5a01", { serialNumber: found })], [profile("acme/a", { ...OWN, serialNumber })])).toHaveLength(
      fits ? 1 : 0,
    );
  });

  it("takes no time to speak of for a hostile serial number", () => {
    const profiles = [profile("acme/a", { ...OWN, serialNumber: "*a".repeat(31) })];
    expect(matchPorts([port("a", "1209", "5a01", { serialNumber: `${"a".repeat(1_000_000)}b` })], profiles)).toEqual([]);
  });

  it("proposes a pad of another maker behind a shared bridge chip only if a person named it: it has no handshake that could decide", () => {
    const keypad = findProfile("generic/ascii-keys");
    const ports = [port("COM5", "1a86", "7523")];
    expect(matchPorts(ports, [keypad])).toEqual([]);
    expect(matchPorts(ports, [keypad], true)).toMatchObject([{ verdict: "candidate", profileId: "generic/ascii-keys" }]);
    const own = { ...keypad, identity: { usb: [OWN] } };
    expect(matchPorts([port("COM5", "1209", "5a01")], [own])).toMatchObject([{ verdict: "match" }]);
  });

  it.each([
    ["usb-Acme_Star_5-if01-port0", true],
    ["usb-Acme_Star_5-if00-port0", false],
    ["USB\\VID_1209&PID_5A01&MI_01\\7&2A", true],
    ["USB\\VID_1209&PID_5A01&MI_02\\7&2A", false],
    [undefined, true],
  ])("tells the ports of one device apart by the interface (%s: %s)", (pnpId, fits) => {
    const proposals = matchPorts([port("COM6", "1209", "5a01", { pnpId })], [profile("acme/a", { ...OWN, interface: 1 })]);
    expect(proposals).toHaveLength(fits ? 1 : 0);
  });
});
