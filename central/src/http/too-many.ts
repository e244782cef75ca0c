import { WindowRatingError } from "@window-rating/protocol/error";

/**
 * A request with more entries than one may have gets a code of its own, so that its sender cuts it in two instead of calling it nonsense.
 * @throws WindowRatingError WR7013
 */
export const refuseMany = (body: unknown, most: number): void => {
  const entries = typeof body === "object" && body !== null && "entries" in body ? body.entries : undefined;
  if (Array.isArray(entries) && entries.length > most) throw new WindowRatingError("WR7013", `${entries.length} entries, at most ${most}`);
};
