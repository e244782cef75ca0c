import type { KeyNo } from "../face.ts";
import { type LineFaults, NO_LINE_FAULTS } from "./fault-plan.ts";

/** In what state a pad and its line are; each of it may change at any time. */
export interface PadCondition {
  readonly toHost: LineFaults;
  readonly toPad: LineFaults;
  /** Keys whose contact stays closed, whatever the finger does. */
  readonly stuckKeys: readonly KeyNo[];
  /** So long a contact chatters whenever a finger comes or goes, milliseconds. */
  readonly bounceMs: number;
  /** Keys whose lamp stays dark. */
  readonly deadLamps: readonly KeyNo[];
  /** Events that the store has room for; null = as many as the pad says. */
  readonly room: number | null;
  /** Milliseconds of the pad's clock in a millisecond. */
  readonly clockRate: number;
}

export const SOUND_CONDITION: PadCondition = {
  toHost: NO_LINE_FAULTS,
  toPad: NO_LINE_FAULTS,
  stuckKeys: [],
  bounceMs: 0,
  deadLamps: [],
  room: null,
  clockRate: 1,
};
