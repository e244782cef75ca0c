import { setTimeout as pause } from "node:timers/promises";
import { WindowRatingError } from "@window-rating/protocol/error";
import { askDesk, askOpenDesk } from "../core/commands/running-host.ts";
import { deskPortFor } from "../core/desk/desk-port.ts";
import type { SessionScreen } from "../core/screens/screen-sessions.ts";
import { openedScreenSchema } from "../core/screens/screens.ts";

/**
 * Asks the core that owns this PC for a screen, if this user may read its data folder.
 * @returns an address that works once; null if it may not be asked, or does not answer
 */
export const askForScreen = async (dataDir: string, screen: SessionScreen): Promise<string | null> => {
  try {
    return openedScreenSchema.parse(await askDesk(dataDir, "/desk/v1/screens/open", { screen })).url;
  } catch {
    return null;
  }
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
