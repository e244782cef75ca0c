import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UsbIdentity } from "./identity-schema.ts";
import { findProfile, matchPorts, type Profile } from "./index.ts";
import { overlaps } from "./overlap.ts";

const PAD = findProfile("generic/five-button");
const profile = (id: string, usb: UsbIdentity): Profile => ({ ...PAD, id, identity: { usb: [usb] } });

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*"), minLength: 1, maxLength: 6 });
const word = fc.option(fc.constantFrom("a", "b"), { nil: undefined });
const given = (parts: Record<string, string | undefined>): object =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
const identity: fc.Arbitrary<UsbIdentity> = fc
  .tuple(fc.option(pattern, { nil: undefined }), word, word)
  .map(([serialNumber, manufacturer, product]) => ({
    vendorId: "1209",
    productId: "5a01",
    sharedBridgeChip: false,
    ...given({ serialNumber, manufacturer, product }),
  }));
const listed = fc
  .tuple(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 }), fc.constantFrom("a", "b"), fc.constantFrom("a", "b"))
  .map(([serialNumber, manufacturer, product]) => ({
    path: "COM1",
    vendorId: "1209",
    productId: "5a01",
    serialNumber,
    manufacturer,
    product,
  }));

describe("the overlap of two identities", () => {
  it("is found whenever the matcher gives both profiles the same score for one port", () => {
    fc.assert(
      fc.property(identity, identity, listed, (one, other, port) => {
        const proposals = matchPorts([port], [profile("acme/a", one), profile("acme/b", other)]);
        const [first, second] = proposals;
        if (first !== undefined && second !== undefined && first.score === second.score) expect(overlaps(one, other)).toBe(true);
      }),
      { seed: 20_260_102, numRuns: 3000 },
    );
  });

  it("is the same from both sides", () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        expect(overlaps(one, other)).toBe(overlaps(other, one));
      }),
      { seed: 20_260_103, numRuns: 2000 },
    );
  });
});
