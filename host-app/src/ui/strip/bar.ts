import { STRIP_ACTIONS, type StripAction } from "../../messages/preferences.ts";
import type { Possibilities } from "./actions.ts";

/** What is lower than this is a docked strip, CSS pixels; strip.css says the same. */
export const DOCKED_PX = 160;

/** A docked strip is this high before it asks for more (electron/place.ts). */
const DOCKED_FROM_PX = 64;

/** What a docked strip grows by when its words need another line: seldom, and never by a hair. */
const STEP_PX = 24;

/**
 * How many buttons a strip has room for, "more" among them; null: for all.
 * @param width of the strip, CSS pixels; null: it is not docked
 */
export const roomFor = (width: number | null, isSignedOut: boolean): number | null => {
  if (width === null) return null;
  // The sign-in form has the room.
  if (isSignedOut) return 1;
  if (width > 1150) return null;
  if (width >= 700) return 8;
  return width >= 560 ? 3 : 2;
};

/** The buttons of a strip that has room for so many: what can be done now, most wanted first. The rest is behind "more", with its reasons. */
export const barOf = (possible: Possibilities, room: number | null): readonly StripAction[] =>
  room === null ? STRIP_ACTIONS : STRIP_ACTIONS.filter((action) => possible[action] === null).slice(0, room - 1);

/**
 * The height to ask for, CSS pixels; null: the docked one will do.
 * @param contentPx how high the words and buttons are
 */
export const dockedNeed = (contentPx: number): number | null => {
  const steps = Math.ceil((contentPx - DOCKED_FROM_PX) / STEP_PX);
  return steps <= 0 ? null : Math.min(DOCKED_FROM_PX + steps * STEP_PX, DOCKED_PX);
};
