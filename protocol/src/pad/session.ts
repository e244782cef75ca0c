import { WindowRatingError } from "../errors/index.ts";
import type { Unusable } from "./codec.ts";
import { PAIRING_MESSAGES } from "./declarations/pairing.ts";
import { DEFAULT_MAX_FRAME, FRAME_FAULTS, type Frame, type FrameFault, PROTOCOL_VERSION } from "./frame.ts";
import type { LinkCounters, LinkTimers } from "./link.ts";
import { MESSAGES, type Message, type MessageName } from "./messages.ts";

/** What a session counted since it was made; read by status and doctor. */
export interface SessionCounters extends LinkCounters {
  frames: number;
  /** Bytes thrown away up to a delimiter, by reason. */
  readonly faults: Record<FrameFault, number>;
  /** Frames of an older session. */
  stale: number;
  sessions: number;
}

export const newSessionCounters = (): SessionCounters => ({
  sent: 0,
  delivered: 0,
  resent: 0,
  repeated: 0,
  early: 0,
  unusable: 0,
  frames: 0,
  faults: Object.fromEntries(FRAME_FAULTS.map((fault) => [fault, 0])) as Record<FrameFault, number>,
  stale: 0,
  sessions: 0,
});

/** Adds what the link of one session counted. */
export const addLinkCounters = (sum: SessionCounters, link: LinkCounters): void => {
  for (const name of ["sent", "delivered", "resent", "repeated", "early", "unusable"] as const) sum[name] += link[name];
};

/** Why a session ended. */
export type SessionEnd = "no-acknowledgement" | "silence" | "bye" | "new-session" | "protocol" | "closed";

/**
 * How far the two sides know each other.
 * - `paired`: both proved that they hold the pairing key; every message is authenticated.
 * - `unpaired`: neither side has a key. Whether such a pad is used is the site's policy.
 * - all others: one side expected a proof and got none that is right. Nothing but a new pairing goes over such a session:
 *   a paired pad gives its ratings to nobody else, and a host takes none from whoever says to be its pad.
 */
export type Trust = "paired" | "unpaired" | "key-missing-here" | "key-missing-there" | "proof-wrong";

/** Whether a session may be used for ratings, as far as the protocol goes. */
export const isTrusted = (trust: Trust): boolean => trust === "paired" || trust === "unpaired";

/** Whether a message belongs to pairing, which is all that a session without trust carries. */
export const isOfPairing = (type: MessageName): boolean => Object.hasOwn(PAIRING_MESSAGES, type) && type !== "unpair";

/** Times of the handshake, milliseconds; all others are the link's. */
export const HANDSHAKE = {
  /** A hello that is not answered is repeated this often. */
  helloEvery: 400,
  /** A knock brings the next hello forward, but not closer than this to the last: a line that knocks without end shall not be answered without end. */
  helloApart: 50,
  /**
   * The handshake begins anew if it is not through by then: on the host counted from the pad's answer, on the pad from the last
   * hello. Pings alone keep no half-made session alive: one side may believe in it and the other not.
   */
  within: 3000,
  /** A pad without a session knocks this often. */
  knockEvery: 1000,
} as const;

export interface SessionOptions {
  /** Longest frame before stuffing that this side takes, 254..4096 bytes; default 254. */
  readonly maxFrame?: number;
  /** Most sequenced frames under way that this side takes, 1..8; default 1. */
  readonly window?: number;
  readonly timers?: LinkTimers;
  /** What the line carries in a second, bytes: a tenth of its baud rate. Default: no such rate. */
  readonly bytesPerSecond?: number;
  /** Cryptographically strong random bytes. */
  readonly random: (length: number) => Uint8Array;
}

/** What this side tells the other that it takes. @throws WR1002 if hello could not carry it */
export const limitsOf = (options: SessionOptions): { readonly maxFrame: number; readonly window: number } => {
  const limits = { maxFrame: options.maxFrame ?? DEFAULT_MAX_FRAME, window: options.window ?? 1 };
  for (const name of ["maxFrame", "window"] as const) {
    const { min, max } = MESSAGES.hello.fields[name].domain as { min: number; max: number };
    if (!Number.isInteger(limits[name]) || limits[name] < min || limits[name] > max) {
      throw new WindowRatingError("WR1002", `${name} ${limits[name]} is not a whole number in ${min}..${max}`);
    }
  }
  return limits;
};

/** Common to both sides; each side adds its own effects. */
export type WireEffect =
  | { readonly is: "write"; readonly bytes: Uint8Array }
  /** A message that cannot be used; the session goes on. */
  | { readonly is: "unusable"; readonly decoded: Unusable }
  /** Bytes were thrown away. */
  | { readonly is: "rejected"; readonly fault: FrameFault; readonly version?: number };

export const UNSECURED_PROOF: Uint8Array = new Uint8Array(16);

/** The highest version that both ranges hold, or 0. Version 1 is all this implementation speaks. */
export const commonVersion = (minVersion: number, maxVersion: number): number =>
  minVersion <= PROTOCOL_VERSION && PROTOCOL_VERSION <= maxVersion ? PROTOCOL_VERSION : 0;

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

export const controlFrame = (type: number, session: number): Omit<Frame, "payload"> => ({
  flags: 0,
  type,
  session,
  sequence: 0,
  acknowledgement: 0,
});

export type HelloAnswer = Message<"helloAnswer">;

/** What to tell people about a pad that speaks none of our versions. */
export const versionRefusal = (pad: HelloAnswer): WindowRatingError =>
  new WindowRatingError(
    "WR1004",
    `The pad ${pad.model} ${pad.serialNumber} (firmware ${pad.firmware}) speaks versions ${pad.minVersion} to ${pad.maxVersion} of the pad protocol, this program ${PROTOCOL_VERSION} to ${PROTOCOL_VERSION}`,
  );
