import { askDesk } from "../core/commands/running-host.ts";
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
