import type { Config } from "../config/index.ts";
import { windowsOf } from "../config/window-list.ts";
import type { BrowserPads, BrowserPadsOptions } from "./browser-pads.ts";

/**
 * The browser pads of this PC, being served; undefined where no window has one: nothing of them is loaded then, and no port is open.
 * @throws WR8006
 */
export const openBrowserPads = async ({
  config,
  ...options
}: Omit<BrowserPadsOptions, "settings" | "windowNos"> & { readonly config: Config }): Promise<BrowserPads | undefined> => {
  const windowNos = windowsOf(config)
    .filter(({ pad }) => pad.port === "browser")
    .map(({ windowNo }) => windowNo);
  if (windowNos.length === 0) return undefined;
  const { BrowserPads } = await import("./browser-pads.ts");
  const pads = new BrowserPads({ ...options, settings: config.browserPad, windowNos });
  await pads.start();
  return pads;
};
