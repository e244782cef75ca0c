import { WindowRatingError } from "@window-rating/protocol/error";
import { type PadList, padListSchema } from "./pad-shape.ts";
import { askDesk } from "./running-host.ts";

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

  async look(): Promise<PadList["windows"][number]> {
    return this.#windowIn(await this.list());
  }

  #windowIn({ windows }: PadList): PadList["windows"][number] {
    const found = this.#windowNo === undefined ? windows[0] : windows.find(({ windowNo }) => windowNo === this.#windowNo);
    if (found === undefined) throw new WindowRatingError("WR5017", `this PC has no window ${this.#windowNo}`);
    return found;
  }
}
