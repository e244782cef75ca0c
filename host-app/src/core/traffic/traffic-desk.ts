import type { KeypadProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Clock } from "../clock.ts";
import type { LineTap } from "../pads/line-tap.ts";
import type { TrafficBatch, TrafficLine } from "./traffic-shape.ts";
import type { TrafficWatch } from "./traffic-watch.ts";

/** A window with its line, of whichever kind. */
interface Unit {
  readonly window: { readonly windowNo: string };
  readonly line: { readonly life: { tap(tap: LineTap): () => void }; readonly profile?: KeypadProfile };
}

/** What goes over the lines of this PC, for IT staff. Nothing is loaded, read or kept before somebody watches. */
export class TrafficDesk {
  readonly #units: readonly Unit[];
  readonly #clock: Clock;

  constructor(units: readonly Unit[], clock: Clock) {
    this.#units = units;
    this.#clock = clock;
  }

  get lines(): TrafficLine[] {
    return this.#units.map(({ window, line }) => ({ windowNo: window.windowNo, speaks: line.profile?.id ?? "pad-protocol" }));
  }

  /**
   * Begins a watch; its reader must end it.
   * @param windowNo undefined: all windows
   * @throws WR5017 if there is no such window
   */
  async watch(windowNo: string | undefined, tell: (batch: TrafficBatch) => void): Promise<TrafficWatch> {
    const units = this.#units.filter(({ window }) => windowNo === undefined || window.windowNo === windowNo);
    if (units.length === 0) throw new WindowRatingError("WR5017", `this PC has no window ${windowNo}`);
    const { TrafficWatch: Watch } = await import("./traffic-watch.ts");
    return new Watch({
      lines: units.map(({ window, line }) => ({
        windowNo: window.windowNo,
        keypad: line.profile?.keypad ?? null,
        tap: (tap) => line.life.tap(tap),
      })),
      clock: this.#clock,
      timers: { setTimeout: (act, ms) => setTimeout(act, ms), clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
      tell,
    });
  }
}
