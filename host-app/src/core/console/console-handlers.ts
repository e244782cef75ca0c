import type { HandlersOf } from "../../messages/exchange.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";
import { healthHandlers } from "./health-handlers.ts";
import { padHandlers } from "./pad-handlers.ts";
import { siteHandlers } from "./site-handlers.ts";
import { trafficHandlers } from "./traffic-handlers.ts";

const OWNER = "console";

/** What the core does for a console: the same as for the commands of window-host. */
export const consoleHandlers = (parts: ConsoleParts, line: ConsoleLine): HandlersOf<"console"> => ({
  "preferences.read": () => line.preferences.of(OWNER),
  "preferences.save": (liked) => {
    line.preferences.keep(OWNER, liked);
    return {};
  },
  ...healthHandlers(parts, line),
  ...padHandlers(parts, line),
  ...siteHandlers(parts, line),
  ...trafficHandlers(parts, line),
});
