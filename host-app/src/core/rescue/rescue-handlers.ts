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
    "rescue.use": ({ centralHighest }) => {
      rescue.use(centralHighest);
      return {};
    },
  };
  return { ...preferenceHandlers(line), ...doctorHandlers({ dataDir, clock, status: () => null }), ...own };
};
