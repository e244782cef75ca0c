import type { UsbIdentity } from "./identity-schema.ts";
import type { Profile } from "./schema.ts";

/** A serial port as the system lists it; the shape that `SerialPort.list()` gives fits. */
export interface ListedPort {
  readonly path: string;
  /** Four hexadecimal digits, upper or lower case. */
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
  /** How the system names the device; tells which of its USB interfaces the port is. */
  readonly pnpId?: string | undefined;
}

/** That a pad of one profile may be behind one port. Never proof: the handshake decides. */
export interface Proposal {
  readonly path: string;
  readonly profileId: string;
  /** `match`: the USB device is this pad's own. `candidate`: a bridge chip that many products share; ask by handshake, and leave it alone if nothing answers. */
  readonly verdict: "match" | "candidate";
  /** 1..100, higher is likelier; a match is always above a candidate. */
  readonly score: number;
  /** What speaks for it, for people to read. */
  readonly evidence: readonly string[];
}

const OWN_IDS = 60;
const SHARED_IDS = 10;
const TEXT_WEIGHTS = { serialNumber: 20, product: 15, manufacturer: 5 } as const;
type TextName = keyof typeof TEXT_WEIGHTS;
const TEXT_NAMES = Object.keys(TEXT_WEIGHTS) as TextName[];

/**
 * Which pads may be behind which ports, best first; at most one proposal for a port and a profile. Ports without USB ids are not proposed:
 * bytes sent at a guess could reach any machine, so such a port is named by a person.
 * @param isNamed a person named these profiles. Else a pad of another maker is no candidate behind a shared bridge chip: it has no
 *   handshake that could decide
 */
export const matchPorts = (ports: readonly ListedPort[], profiles: readonly Profile[], isNamed = false): readonly Proposal[] => {
  const proposals = ports.flatMap((port) =>
    profiles.flatMap((profile) => {
      const proposal = proposalFor(port, profile);
      return proposal === undefined || (proposal.verdict === "candidate" && profile.protocol === "keypad" && !isNamed) ? [] : [proposal];
    }),
  );
  return proposals.sort((one, other) => other.score - one.score || order(one.path, other.path) || order(one.profileId, other.profileId));
};

const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const proposalFor = (port: ListedPort, profile: Profile): Proposal | undefined => {
  const claims = profile.identity.usb.map((usb) => weigh(port, usb)).filter((claim) => claim !== undefined);
  const best = claims.sort((one, other) => other.score - one.score)[0];
  return best && { path: port.path, profileId: profile.id, ...best };
};

/** What one identity says of one port; undefined if it speaks against it. */
const weigh = (port: ListedPort, usb: UsbIdentity): Pick<Proposal, "verdict" | "score" | "evidence"> | undefined => {
  if (port.vendorId?.toLowerCase() !== usb.vendorId || port.productId?.toLowerCase() !== usb.productId) return undefined;
  const found = interfaceOf(port);
  if (usb.interface !== undefined && found !== undefined && found !== usb.interface) return undefined;
  const ids = `${usb.vendorId}:${usb.productId}`;
  const evidence = [usb.sharedBridgeChip ? `USB ids ${ids}, a bridge chip that many products share` : `USB ids ${ids}`];
  let weight = 0;
  let telling = !usb.sharedBridgeChip;
  for (const name of TEXT_NAMES) {
    const wanted = usb[name];
    const found = port[name];
    // A port that does not tell its texts is no contradiction: not every system lists them.
    if (wanted === undefined || found === undefined) continue;
    if (!fits(name, wanted, found)) return undefined;
    weight += TEXT_WEIGHTS[name];
    // The manufacturer of a shared chip is the chip's maker more often than the pad's.
    telling ||= name !== "manufacturer";
    evidence.push(`${name} ${JSON.stringify(found)}`);
  }
  return telling ? { verdict: "match", score: OWN_IDS + weight, evidence } : { verdict: "candidate", score: SHARED_IDS + weight, evidence };
};

/** `…-if01-port0` on Linux, `…&MI_01\…` on Windows. */
const interfaceOf = ({ pnpId = "" }: ListedPort): number | undefined => {
  const digits = /-if([0-9a-f]{2})\b|&MI_([0-9a-f]{2})/i.exec(pnpId);
  return digits === null ? undefined : Number.parseInt(digits[1] ?? digits[2] ?? "", 16);
};

/** USB string descriptors hold at most 126 characters. */
const LONGEST_TEXT = 126;

const fits = (name: TextName, wanted: string, found: string): boolean => {
  if (found.length > LONGEST_TEXT) return false;
  const text = plain(found);
  return name === "serialNumber" ? fitsPattern(plain(wanted), text) : text === plain(wanted);
};

/** As texts are compared: Linux lists them with `_` for blanks. */
export const plain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, " ");

/** `WR5-*` and the like: `*` stands for any characters. Each literal part takes its first place, which is enough where `*` is the only wildcard. */
const fitsPattern = (pattern: string, text: string): boolean => {
  const parts = pattern.split("*");
  const head = parts[0] ?? "";
  if (parts.length === 1) return text === head;
  const tail = parts.at(-1) ?? "";
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  const end = text.length - tail.length;
  let from = head.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
};
