import { windowPath } from "@window-rating/protocol/browser-pad";
import { browserPadListSchema, offeredPageSchema } from "../browser-pads/browser-pad-shape.ts";

interface CitizenScreen {
  readonly windowNo: string;
  readonly url: string;
  /** Of the code in the address; null: the window has its browser, which needs none. */
  readonly expiresInMs: number | null;
}

/** Asks a verb of the browser pads of the window-host that runs. */
type Ask = (verb: "list" | "offer", body: object) => Promise<unknown>;

/**
 * The address of the citizen's page for a second monitor of this PC: once with a code that makes the browser there the window's pad; without
 * one as soon as it is, for it knows itself.
 * @throws WR1042, WR1043, WR5017
 */
export const citizenScreen = async (ask: Ask, windowNo: string | undefined, replaces: boolean): Promise<CitizenScreen> => {
  const { origin, windows } = browserPadListSchema.parse(await ask("list", {}));
  const [own, another] = windowNo === undefined ? windows : windows.filter((window) => window.windowNo === windowNo);
  if (!replaces && origin !== null && own !== undefined && own.tablet !== null && another === undefined)
    return { windowNo: own.windowNo, url: `${origin}${windowPath(own.windowNo)}`, expiresInMs: null };
  const about = windowNo === undefined ? {} : { windowNo };
  return offeredPageSchema.parse(await ask("offer", { ...about, replace: replaces }));
};
