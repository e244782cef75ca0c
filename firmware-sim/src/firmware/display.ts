import { LEVELS, type RequestId } from "@window-rating/protocol/rating";
import type { KeyNo, LampState, Lamps, PadPhase } from "../face.ts";

/** How long the chosen lamp stands alone, so that the citizen sees which key was taken, milliseconds. */
export const CHOSEN_MS = 600;
export const DEFAULT_THANKS_MS = 2000;

interface Shown {
  readonly requestId: RequestId;
  readonly labels: readonly string[];
}

/** What the pad shows. All times are whole milliseconds of its own clock. */
export type Showing =
  | { readonly is: "idle" }
  /** `heldBefore`: keys that were down when the lamps lit; within one millisecond the times alone do not tell. */
  | (Shown & { readonly is: "inviting"; readonly openedAt: number; readonly endsAt: number; readonly heldBefore: readonly KeyNo[] })
  /** A key counted and its rating is on the way into the store: nothing is to be seen of it yet (I2). */
  | (Shown & { readonly is: "keeping"; readonly key: KeyNo })
  | (Shown & { readonly is: "chosen"; readonly key: KeyNo; readonly until: number })
  | (Shown & { readonly is: "thanks"; readonly until: number });

export const OWN_LABELS: readonly string[] = LEVELS.map((level) => level.zh);

/** The words on the keys: those of the request, and the pad's own where it gives none. */
export const labelsFor = (given: readonly string[]): readonly string[] => OWN_LABELS.map((own, index) => given[index] || own);

export const phaseOf = (showing: Showing): PadPhase => (showing.is === "keeping" ? "inviting" : showing.is);

export const requestOf = (showing: Showing): RequestId | null => ("requestId" in showing ? showing.requestId : null);

export const allLamps = (state: LampState): Lamps => [state, state, state, state, state];

export const onlyLamp = (key: KeyNo, state: LampState): Lamps =>
  allLamps("off").map((off, index) => (index === key - 1 ? state : off)) as unknown as Lamps;

/**
 * The five lamps. Nothing is ever pre-selected (I10): while inviting all are alike. Thanks are alike too, so that nobody who
 * comes to the counter after the citizen can read the choice from the pad.
 */
export const lampsOf = (showing: Showing): Lamps => {
  switch (showing.is) {
    case "idle":
      return allLamps("off");
    case "inviting":
    case "keeping":
      return allLamps("invite");
    case "chosen":
      return onlyLamp(showing.key, "chosen");
    case "thanks":
      return allLamps("thanks");
  }
};

export const BLINKING: Lamps = allLamps("blink");
/** What is to be seen of a pad whose event store cannot be written. */
export const FAULTY = { lamps: allLamps("fault"), phase: "fault" } as const;
export const DARK: Lamps = allLamps("off");

/** When the pad goes on to show something else by itself; undefined = not before something comes from outside. */
export const endOf = (showing: Showing): number | undefined => {
  switch (showing.is) {
    case "inviting":
      return showing.endsAt;
    case "chosen":
    case "thanks":
      return showing.until;
    case "idle":
    case "keeping":
      return undefined;
  }
};
