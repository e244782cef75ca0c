/** Whoever stands at the pad: a person who is told what to do, or a test's robot. */
export interface Person {
  /** What this one can do; items that need more are left out, and said to be. */
  readonly can: ReadonlySet<Skill>;
  press(key: number): Promise<void>;
  /** Touches a key for less than the debounce time. */
  brush(key: number): Promise<void>;
  down(key: number): Promise<void>;
  up(key: number): Promise<void>;
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

export type Skill = "keys" | "brush" | "cable" | "power" | "eyes" | "pairing";
