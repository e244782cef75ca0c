import type { UsbIdentity } from "./identity-schema.ts";
import { plain } from "./matcher.ts";

const TEXTS = ["serialNumber", "manufacturer", "product"] as const;
type TextName = (typeof TEXTS)[number];

/** True if the identity names a device, not only a bridge chip that many products share. */
export const claimsDevice = (usb: UsbIdentity): boolean =>
  !usb.sharedBridgeChip || usb.serialNumber !== undefined || usb.product !== undefined;

/**
 * True if there can be a port that both identities fit and neither fits better: then nothing would say which profile to take. One that
 * names everything that the other names and more fits better.
 */
export const overlaps = (one: UsbIdentity, other: UsbIdentity): boolean => {
  if (one.vendorId !== other.vendorId || one.productId !== other.productId) return false;
  if (one.interface !== undefined && other.interface !== undefined && one.interface !== other.interface) return false;
  const given = (usb: UsbIdentity): TextName[] => TEXTS.filter((name) => usb[name] !== undefined);
  const [mine, theirs] = [given(one), given(other)];
  const both = mine.filter((name) => theirs.includes(name));
  if (mine.length !== theirs.length && both.length === Math.min(mine.length, theirs.length)) return false;
  return both.every((name) => meet(plain(one[name] ?? ""), plain(other[name] ?? ""), name === "serialNumber"));
};

/** True if some text fits both patterns, where `*` stands for any characters. */
const meet = (one: string, other: string, isPattern: boolean): boolean => {
  if (!isPattern) return one === other;
  // reach[j]: what of `one` was walked so far can end where j characters of `other` were walked.
  let reach = Array.from({ length: other.length + 1 }, (_, index) => /^\**$/.test(other.slice(0, index)));
  for (let i = 1; i <= one.length; i++) {
    const star = one[i - 1] === "*";
    const next = [star && (reach[0] ?? false)];
    for (let j = 1; j <= other.length; j++) {
      const isStar = other[j - 1] === "*";
      next.push(
        star || isStar
          ? (next[j - 1] ?? false) || (reach[j] ?? false) || (reach[j - 1] ?? false)
          : one[i - 1] === other[j - 1] && (reach[j - 1] ?? false),
      );
    }
    reach = next;
  }
  return reach[other.length] ?? false;
};
