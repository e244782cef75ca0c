import type { Assets } from "./touchscreen/assets.ts";
import type { ScreenShow, Touch } from "./touchscreen/screen.ts";

/** What one of the five lamps shows. `blink`: the pad is being identified. */
export type LampState = "off" | "invite" | "chosen" | "thanks" | "fault" | "blink";

export type Lamps = readonly [LampState, LampState, LampState, LampState, LampState];

/** Phases of the pad, by the names of the protocol's status message. */
export type PadPhase = "idle" | "inviting" | "answering" | "chosen" | "thanks" | "paused" | "fault";

/** Number of a key and of the level that it stands for: 1 非常不满意 … 5 非常满意. */
export type KeyNo = 1 | 2 | 3 | 4 | 5;
export const KEYS: readonly KeyNo[] = [1, 2, 3, 4, 5];

/** A voice prompt that was spoken. `at` is in milliseconds of the pad's monotonic clock and tells two equal prompts apart. */
export interface Spoken {
  readonly id: number;
  readonly zh: string;
  readonly en: string;
  readonly at: number;
}

/** How the pad stands to its host: cable out, no session yet, in use, or deaf and dumb by a fault. */
export type PadConnection = "unplugged" | "waiting" | "ready" | "silent";

/** Everything of a pad that can be seen or heard from outside; what panels draw. */
export interface PadFace {
  readonly lamps: Lamps;
  readonly phase: PadPhase;
  /** UUID of the request that is shown. */
  readonly requestId: string | null;
  /** Five Chinese words, level 1 first. */
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
  /** What a touchscreen shows, or showed before the power went; null for a pad without one. */
  readonly screen: ScreenShow | null;
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
  /** A finger on the touchscreen; nothing happens on a pad without one. */
  touch(touch: Touch): void;
  unplug(): void;
  plug(): void;
  /** Takes the power away and gives it back after `offMs` milliseconds. */
  powerCut(offMs: number): void;
}
