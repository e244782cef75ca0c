import { WindowRatingError } from "@window-rating/protocol/error";
import type { WindowDesk } from "./window-desk.ts";

/** The windows of this PC, each with its verbs. */
export class WindowDesks {
  readonly all: readonly WindowDesk[];
  readonly #byNumber: ReadonlyMap<string, WindowDesk>;

  constructor(all: readonly WindowDesk[]) {
    this.all = all;
    this.#byNumber = new Map(all.map((desk) => [desk.windowNo, desk]));
  }

  /**
   * The window of a number; where there is only one it need not be named.
   * @throws WR5017 if none is named and there are several, or none has that number
   */
  of(windowNo: string | undefined): WindowDesk {
    if (windowNo === undefined) {
      const [only] = this.all;
      if (only !== undefined && this.all.length === 1) return only;
      throw new WindowRatingError("WR5017", `this PC serves ${this.all.length} windows, and the request names none`);
    }
    const desk = this.#byNumber.get(windowNo);
    if (desk === undefined) throw new WindowRatingError("WR5017", `this PC does not serve window ${windowNo}`);
    return desk;
  }
}
