import { WindowRatingError } from "@window-rating/protocol/error";
import type { Press, PressOutcome } from "../store/request-book.ts";

/** What people should know of a press that rated nothing; undefined if it is ordinary. */
export const noticeOf = (outcome: PressOutcome, { requestId, origin }: Press): WindowRatingError | undefined => {
  // Such pads as name themselves are called by their own number.
  const what = `request ${requestId} from pad ${origin.serialNumber ?? origin.model}`;
  if (outcome.is === "unbound") return new WindowRatingError("WR4006", what);
  return outcome.is === "second" ? new WindowRatingError("WR4007", what) : undefined;
};
