import { WindowRatingError } from "@window-rating/protocol/error";
import { type PadList, padListSchema, padLogPageSchema } from "./pad-shape.ts";
import { askDesk } from "./running-host.ts";

/** No pad keeps so many; one that tells more is not read for ever. */
const MOST_LINES = 10_000;

export interface PadLog {
  readonly windowNo: string;
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

/** The pads of the window-host that runs on a data folder. */
export class RunningPads {
  readonly #dataDir: string;
  readonly #windowNo: string | undefined;

  constructor(dataDir: string, windowNo: string | undefined) {
    this.#dataDir = dataDir;
    this.#windowNo = windowNo;
  }

  async list(): Promise<PadList> {
    return padListSchema.parse(await askDesk(this.#dataDir, "/desk/v1/pads"));
  }

  /** @returns the window that this is about */
  async tell(path: string, body: object = {}): Promise<PadList["windows"][number]> {
    const window = this.#windowNo === undefined ? {} : { windowNo: this.#windowNo };
    return this.#windowIn(padListSchema.parse(await askDesk(this.#dataDir, `/desk/v1/pads/${path}`, { ...window, ...body })));
  }

  /** All that the pad has in its own log, oldest first. */
  async log(): Promise<PadLog> {
    const window = this.#windowNo === undefined ? {} : { windowNo: this.#windowNo };
    const lines: PadLog["lines"][number][] = [];
    for (let from = 0; ; ) {
      const page = padLogPageSchema.parse(await askDesk(this.#dataDir, "/desk/v1/pads/log", { ...window, from }));
      lines.push(...page.lines);
      if (page.next === null || lines.length >= MOST_LINES) return { windowNo: page.windowNo, lines };
      from = page.next;
    }
  }

  async look(): Promise<PadList["windows"][number]> {
    return this.#windowIn(await this.list());
  }

  #windowIn({ windows }: PadList): PadList["windows"][number] {
    const found = this.#windowNo === undefined ? windows[0] : windows.find(({ windowNo }) => windowNo === this.#windowNo);
    if (found === undefined) throw new WindowRatingError("WR5017", `this PC has no window ${this.#windowNo}`);
    return found;
  }
}
