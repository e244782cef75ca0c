import type { CONSOLE_RESCUE_REQUESTS } from "../../messages/console-rescue.ts";
import type { HandlersFor, HandlersOf } from "../../messages/exchange.ts";
import type { Clock } from "../clock.ts";
import type { ConsoleLine } from "../console/console-parts.ts";
import { doctorHandlers } from "../console/doctor-handlers.ts";
import { preferenceHandlers } from "../console/preference-handlers.ts";
import type { RescueDesk } from "./rescue-desk.ts";

interface RescueParts {
  readonly dataDir: string;
  readonly rescue: RescueDesk;
  readonly clock: Clock;
}

/** What the core does for a console while the database is damaged. */
export const rescueHandlers = ({ dataDir, rescue, clock }: RescueParts, line: ConsoleLine): Partial<HandlersOf<"console">> => {
  const own: HandlersFor<typeof CONSOLE_RESCUE_REQUESTS> = {
    "rescue.read": () => rescue.state(),
    "rescue.begin": () => {
      rescue.begin();
      return {};
    },
    "rescue.central": async () => {
      const central = await rescue.central();
      if (central.is === "unknown") return { is: central.is, why: central.why.toJSON() };
      return central;
    },
    "rescue.use": async ({ centralHighest }) => {
      await rescue.use(centralHighest);
      return {};
    },
  };
  return { ...preferenceHandlers(line), ...doctorHandlers({ dataDir, clock, status: () => null }), ...own };
};
