import { levelSchema, requestIdSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { KeyNo, PadControls } from "../face.ts";
import { POWER_CUT_MS, TAP_MS } from "./view.ts";

const key = z.literal([1, 2, 3, 4, 5]);
const requestId = requestIdSchema;

/** More than fits a rating, so that the pad itself can say what is too long. */
const writtenSchema = z.strictObject({ words: z.string().max(400), name: z.string().max(80), phone: z.string().max(60) });

const touchSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("level"), requestId, level: levelSchema }),
  z.strictObject({ do: z.literal("reason"), requestId, code: z.int().min(1) }),
  z.strictObject({ do: z.literal("back"), requestId }),
  z.strictObject({ do: z.literal(["pair", "pairPress"]) }),
  z.strictObject({ do: z.literal("testKey"), key }),
  z.strictObject({ do: z.literal("stir"), requestId }),
  z.strictObject({ do: z.literal("confirm"), requestId, written: writtenSchema }),
  z.strictObject({
    do: z.literal("look"),
    look: z.union([
      z.strictObject({ language: z.string().max(16) }),
      z.strictObject({ contrast: z.literal(["normal", "high"]) }),
      z.strictObject({ textSize: z.literal(["normal", "large"]) }),
    ]),
  }),
]);

/** What a page may ask the panel to do. */
const wishSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("keyDown"), key }),
  z.strictObject({ do: z.literal("keyUp"), key }),
  z.strictObject({ do: z.literal("touch"), touch: touchSchema }),
  z.strictObject({ do: z.literal("unplug") }),
  z.strictObject({ do: z.literal("plug") }),
  z.strictObject({ do: z.literal("powerCut") }),
]);
type Wish = z.infer<typeof wishSchema>;

/** Longest wish that is read, bytes: that of a pad with buttons, and that of one with a screen, where a citizen may write. */
export const LONGEST_WISH = { buttons: 64, screen: 4096 } as const;

/** Text of a message → the wish, or undefined for anything else. */
export const readWish = (text: string): Wish | undefined => {
  try {
    return wishSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** One page's fingers on the pad. */
export class Visitor {
  readonly #controls: PadControls;
  /** Keys that this page holds, with the time since when, and the timer of those that it has let go too early. */
  readonly #held = new Map<KeyNo, { readonly since: number; lift?: NodeJS.Timeout }>();

  constructor(controls: PadControls) {
    this.#controls = controls;
  }

  fulfil(wish: Wish): void {
    switch (wish.do) {
      case "keyDown":
        return this.#press(wish.key);
      case "keyUp":
        return this.#release(wish.key);
      case "touch":
        return this.#controls.touch(wish.touch);
      case "unplug":
        return this.#controls.unplug();
      case "plug":
        return this.#controls.plug();
      case "powerCut":
        return this.#controls.powerCut(POWER_CUT_MS);
    }
  }

  /** A page that is closed with a finger on a key must not leave it stuck. */
  leave(): void {
    for (const key of this.#held.keys()) this.#lift(key);
  }

  #press(key: KeyNo): void {
    if (this.#held.has(key)) return;
    this.#held.set(key, { since: performance.now() });
    this.#controls.keyDown(key);
  }

  /** A page lets go only of what it holds itself: two pages may show one pad. How long a press lasts at the least is decided here, not by the line. */
  #release(key: KeyNo): void {
    const finger = this.#held.get(key);
    if (finger === undefined || finger.lift !== undefined) return;
    const rest = TAP_MS - (performance.now() - finger.since);
    if (rest > 0) finger.lift = setTimeout(() => this.#lift(key), rest);
    else this.#lift(key);
  }

  #lift(key: KeyNo): void {
    clearTimeout(this.#held.get(key)?.lift);
    this.#held.delete(key);
    this.#controls.keyUp(key);
  }
}
