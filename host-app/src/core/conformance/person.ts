/** Whoever stands at the pad: a person who is told what to do, or a test's robot. */
export interface Person {
  /** What this one can do; items that need more are left out, and said to be. */
  readonly can: ReadonlySet<Skill>;
  /** Asks for a key to be pressed, and does not wait for it: a person may take half a minute. */
  press(key: number): Promise<void>;
  /** Presses a key. Resolved when that is done: for a press to which the pad shall say nothing. */
  pressed(key: number): Promise<void>;
  /** Presses a key, and cuts the power when the pad shows that it took it. @param afterMs so long after that, for hands that can */
  pressAndCutPower(key: number, afterMs: number): Promise<void>;
  /** Touches a key for less than the debounce time. */
  brush(key: number): Promise<void>;
  down(key: number): Promise<void>;
  up(key: number): Promise<void>;
  /** Touches the screen. Resolved when that is done. */
  touch(what: ScreenTouch): Promise<void>;
  pullCable(): Promise<void>;
  putCable(): Promise<void>;
  cutPower(): Promise<void>;
  restorePower(): Promise<void>;
  /** Holds the pad's pairing key until it offers a pairing. */
  holdPairingKey(): Promise<void>;
  /** The code that the pad shows or blinks. */
  readCode(): Promise<string>;
  /** A question about what is seen. */
  sees(question: string): Promise<boolean>;
}

export type ScreenTouch =
  | { readonly do: "level"; readonly level: number }
  /** The first of the reasons that are shown. */
  | { readonly do: "reason" }
  | { readonly do: "back" }
  /** @param words typed into the field for words before; empty = nothing is typed */
  | { readonly do: "confirm"; readonly words: string };

export type Skill = "keys" | "brush" | "cable" | "power" | "eyes" | "pairing" | "touch";
