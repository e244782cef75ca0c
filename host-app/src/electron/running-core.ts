import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { WindowRatingError } from "@window-rating/protocol/error";
import { askDesk, askOpenDesk, statusOfRunningHost } from "../core/commands/running-host.ts";
import { deskPortFor } from "../core/desk/desk-port.ts";
import { openedScreenSchema } from "../core/screens/screens.ts";
import type { AskedStrips } from "./owner.ts";

const openScreen = async (dataDir: string, about: object): Promise<string> =>
  openedScreenSchema.parse(await askDesk(dataDir, "/desk/v1/screens/open", about)).url;

/** Not running, or not to be asked by this user: that is no failure of a screen. */
const EXPECTED: readonly string[] = ["WR8003", "WR8006"];

/** Asks the core that owns this PC for the strip of each of its windows, if this user may read its data folder. */
export const askForStrips = async (dataDir: string): Promise<AskedStrips> => {
  try {
    const { windows } = await statusOfRunningHost(dataDir);
    const urls = await Promise.all(windows.map(({ windowNo }) => openScreen(dataDir, { screen: "strip", windowNo })));
    return { urls, code: null };
  } catch (error) {
    const code = error instanceof WindowRatingError && !EXPECTED.includes(error.code) ? error.code : null;
    return { urls: [], code };
  }
};

/** @returns an address that works once; null if the core may not be asked, or does not answer */
export const askForConsole = (dataDir: string): Promise<string | null> => openScreen(dataDir, { screen: "console" }).catch(() => null);

const CONNECT_WITHIN_MS = 5000;

/** Whether anything listens where a screen comes from. */
export const isServed = (url: string): Promise<boolean> => {
  const { hostname, port, protocol } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (protocol === "https:" ? 443 : 80) });
  return new Promise((resolve) => {
    const answer = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(CONNECT_WITHIN_MS, answer(false));
    socket.once("connect", answer(true)).once("error", answer(false));
  });
};

/** The link may be what has started the app, and its core is ready a little later. */
const TRIES = 20;
const TRY_EVERY_MS = 1000;

/**
 * Hands a `window-rating://` link to whichever core owns this PC, which alone can tell whether its ticket is good.
 * @throws WR5036 and whatever it refuses with, WR8003 if none answers
 */
export const openLink = async (dataDir: string, url: string, tries = TRIES): Promise<void> => {
  try {
    await askOpenDesk(deskPortFor(dataDir), "/desk/v1/links/open", { url });
  } catch (error) {
    if (!(error instanceof WindowRatingError && error.code === "WR8003") || tries <= 1) throw error;
    await pause(TRY_EVERY_MS);
    await openLink(dataDir, url, tries - 1);
  }
};
