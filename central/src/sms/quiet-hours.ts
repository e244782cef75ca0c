import { dateAt, startOf } from "../calendar/civil-date.ts";
import type { QuietHours } from "../jobs/settings.ts";

const DAY_MS = 86_400_000;

const msOf = (timeOfDay: string): number => {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
};

/**
 * When the quiet hours end in which a moment lies; undefined if it lies in none. By the clock in China, whatever zone the process runs in.
 * @param quiet the same time twice: none
 */
export const quietUntilMs = (quiet: QuietHours | null, nowMs: number): number | undefined => {
  if (quiet === null) return undefined;
  const [from, until] = [msOf(quiet.from), msOf(quiet.until)];
  const midnight = startOf(dateAt(nowMs));
  const time = nowMs - midnight;
  if (from <= until) return time >= from && time < until ? midnight + until : undefined;
  if (time < until) return midnight + until;
  return time >= from ? midnight + DAY_MS + until : undefined;
};
