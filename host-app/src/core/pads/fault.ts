import type { RecoveryEvent } from "@window-rating/protocol/desk";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";

/**
 * Where the cause of a trouble lies, so that a person looks at the right thing: `cable` = cable, adapter or power of the pad;
 * `host` = this PC, its settings or its serial server; `firmware` = the pad itself; `foreign` = something else is plugged in here.
 */
export type FaultSide = NonNullable<RecoveryEvent["side"]>;

export interface Fault {
  readonly side: FaultSide;
  readonly error: WindowRatingError;
}

/** What was seen on a line since its port was opened. */
export interface LineEvidence {
  /** How a person calls the port. */
  readonly port: string;
  readonly bytes: number;
  /** Frames that passed their check. */
  readonly frames: number;
  readonly badFrames: number;
  /** Framing, parity and overrun errors that a serial server told of. */
  readonly lineErrors: number;
  /** Handshakes that were completed. */
  readonly sessions: number;
  /** Starts of the pad in the last minute, by its own count. */
  readonly boots: number;
  /** A message that cannot be used and that the pad offers again and again; undefined if there is none. */
  readonly reoffered: string | undefined;
  /** What should be spoken there; the pad protocol if it is not said. */
  readonly speech?: string;
}

/** A line is joined in the middle of a frame, so that a few bad ones say nothing. */
const TELLING_FAULTS = 8;
const TELLING_BYTES = 64;
const NOISE_IN_100 = 5;
const TELLING_BOOTS = 3;

/** Faults of ports by their code; all others lie on the cable's side. */
const SIDES: Partial<Record<ErrorCode, FaultSide>> = {
  WR1004: "firmware",
  WR1043: "host",
  WR3002: "host",
  WR3003: "host",
  WR3004: "foreign",
  WR3008: "host",
  WR3009: "host",
  WR3010: "firmware",
};

/** The fault that an error of a port tells of: that it cannot be opened, was closed, or leads to a wrong pad. */
export const faultOf = (error: WindowRatingError): Fault => {
  const side = SIDES[error.code] ?? (/^WR[28]/.test(error.code) ? "host" : "cable");
  return { side, error };
};

/** What is most likely wrong with an open line on which no pad is ready, or whose session broke. */
export const diagnose = (seen: LineEvidence): Fault => {
  const { port, bytes, frames, badFrames, lineErrors, sessions, boots, reoffered, speech = "the pad protocol" } = seen;
  const fault = (side: FaultSide, code: ErrorCode, text: string): Fault => ({
    side,
    error: new WindowRatingError(code, `${port} ${text}`),
  });
  if (reoffered !== undefined) return fault("firmware", "WR3010", `offers a message that cannot be used again and again: ${reoffered}`);
  if (boots >= TELLING_BOOTS) return fault("cable", "WR3011", `leads to a pad that started ${boots} times within a minute`);
  if (frames === 0) {
    if (lineErrors >= TELLING_FAULTS) return fault("foreign", "WR3004", "sends at another speed or parity than is set");
    if (badFrames >= TELLING_FAULTS || bytes >= TELLING_BYTES) return fault("foreign", "WR3004", `sends what is not ${speech}`);
    return fault("cable", "WR1005", "is open, but no pad answers");
  }
  if (badFrames + lineErrors >= TELLING_FAULTS && (badFrames + lineErrors) * 100 >= (frames + badFrames) * NOISE_IN_100) {
    return fault("cable", "WR3007", `spoils many frames: ${badFrames} bad of ${frames + badFrames}`);
  }
  // The pad knocks and does not take our hello: one wire of the two is broken.
  if (sessions === 0) return fault("cable", "WR1005", "brings what the pad says, but the pad does not hear this PC");
  return fault("cable", "WR1006", "lost the pad in the middle of a session");
};
