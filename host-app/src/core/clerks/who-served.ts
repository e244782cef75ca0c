import type { ClerkOnDuty } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";

/** What is known of who may have served a case. */
export interface Served {
  /** Who sits at the window when the case ends. */
  readonly onDuty: readonly ClerkOnDuty[];
  /** Who served it when it was started; null if that was not known. */
  readonly since: ClerkOnDuty | null;
  /** Who did, by what was sent with the end of the case. */
  readonly said: string | undefined;
}

const list = (clerks: readonly ClerkOnDuty[]): string => clerks.map(({ staffNo, name }) => `${staffNo} ${name}`).join(", ");

/**
 * The clerk who is rated (I5). One who left in the middle of a case is as possible as one who came: then it must be said.
 * @throws WR5004 if nobody is signed in and nobody is named, WR5018 if it could be more than one, or is none of those it could be
 */
export const whoServed = ({ onDuty, since, said }: Served): ClerkOnDuty => {
  const possible = since === null || onDuty.some(({ staffNo }) => staffNo === since.staffNo) ? onDuty : [...onDuty, since];
  if (said !== undefined) {
    const named = possible.find(({ staffNo }) => staffNo === said);
    if (named !== undefined) return named;
    if (possible.length > 0)
      throw new WindowRatingError("WR5018", `clerk ${said} is none of those who could have served it: ${list(possible)}`);
  }
  const [only] = possible;
  if (only === undefined || onDuty.length === 0) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
  if (possible.length > 1) throw new WindowRatingError("WR5018", `it could have been any of ${list(possible)}`);
  return only;
};

/** Who serves a case that begins; null if two could and it is not said. @throws WR5004, WR5018 */
export const whoServes = (onDuty: readonly ClerkOnDuty[], said: string | undefined): ClerkOnDuty | null =>
  said === undefined && onDuty.length > 1 ? null : whoServed({ onDuty, since: null, said });
