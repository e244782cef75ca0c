import type { PairingShown } from "@window-rating/protocol/pad";
import type { KeyNo } from "./key-no.ts";
import type { Assets } from "./touchscreen/assets.ts";
import type { ScreenShow, Touch } from "./touchscreen/screen.ts";

export { KEYS, type KeyNo } from "./key-no.ts";

/** What one of the five lamps shows. `blink`: the pad is being identified; `code`: lit for a pairing. */
export type LampState = "off" | "invite" | "chosen" | "thanks" | "fault" | "blink" | "code";

export type Lamps = readonly [LampState, LampState, LampState, LampState, LampState];

/** Phases of the pad, by the names of the protocol's status message. */
export type PadPhase = "idle" | "inviting" | "answering" | "chosen" | "thanks" | "paused" | "pairing" | "testing" | "fault";

/** A voice prompt that was spoken. `at` is in milliseconds of the pad's monotonic clock and tells two equal prompts apart. */
export interface Spoken {
  readonly id: number;
  readonly zh: string;
  readonly en: string;
  readonly at: number;
}

/** How the pad stands to its host: cable out, no session yet, in use, or deaf and dumb by a fault. */
export type PadConnection = "unplugged" | "waiting" | "ready" | "silent";

/** The word on a key that a pad does not have. */
export const NO_KEY = "-";

/** Everything of a pad that can be seen or heard from outside; what panels draw. */
export interface PadFace {
  readonly lamps: Lamps;
  readonly phase: PadPhase;
  /** UUID of the request that is shown; a pad of another maker knows none, and counts how often it was lit instead. */
  readonly requestId: string | null;
  /** Five Chinese words, level 1 first; NO_KEY where a pad of another maker has no key for the level. */
  readonly labels: readonly string[];
  /** The newest prompt since power came on. */
  readonly spoken: Spoken | null;
  readonly connection: PadConnection;
  readonly power: boolean;
  /** Events that the host has not stored. */
  readonly pendingEvents: number;
  readonly serialNumber: string;
  readonly model: string;
  /** Keys 1–5, true while held. */
  readonly keysDown: readonly boolean[];
  /** Milliseconds that are left to answer; null unless something is asked. */
  readonly remainingMs: number | null;
  /** What is shown of a pairing: the code as lamps blink it and a screen has it, or the wish that the pairing key be pressed. Absent on pads that cannot be paired. */
  readonly pairing?: PairingShown;
  /** What a touchscreen shows, or showed before the power went; null for a pad without one. */
  readonly screen: ScreenShow | null;
  /** Keys that stand for no level, such as the clerk's; only pads of other makers have them. */
  readonly otherKeys?: readonly OtherKey[];
}

/** A key that stands for no level. `key` is its name. */
export interface OtherKey {
  readonly key: string;
  readonly zh: string;
  readonly en: string;
  readonly isDown: boolean;
}

/** What a panel, a script or a test can do to a pad. */
export interface PadControls {
  readonly face: PadFace;
  /** The pad's files, for a panel that draws its screen; null for a pad without one. */
  readonly screenAssets: Assets | null;
  /** Calls the listener after every change of the face (not for `remainingMs` alone); the result stops it. */
  onChange(listener: () => void): () => void;
  keyDown(key: KeyNo): void;
  keyUp(key: KeyNo): void;
  /** A finger on one of the face's other keys. */
  otherKeyDown?(key: string): void;
  otherKeyUp?(key: string): void;
  /** A finger on the touchscreen; nothing happens on a pad without one. */
  touch(touch: Touch): void;
  unplug(): void;
  plug(): void;
  /** Takes the power away and gives it back after `offMs` milliseconds. */
  powerCut(offMs: number): void;
}
