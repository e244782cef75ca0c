import { WindowRatingError } from "@window-rating/protocol/error";
import type { HandlersOf } from "../../messages/exchange.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";
import { doctorHandlers } from "./doctor-handlers.ts";
import { healthHandlers } from "./health-handlers.ts";
import { padHandlers } from "./pad-handlers.ts";
import { preferenceHandlers } from "./preference-handlers.ts";
import { siteHandlers } from "./site-handlers.ts";
import { trafficHandlers } from "./traffic-handlers.ts";

const nothingToRescue = (): never => {
  throw new WindowRatingError("WR5104", "the database of this PC is in use");
};

/** What the core does for a console: the same as for the commands of window-host. */
export const consoleHandlers = (parts: ConsoleParts, line: ConsoleLine): HandlersOf<"console"> => ({
  ...preferenceHandlers(line),
  ...healthHandlers(parts, line),
  ...padHandlers(parts, line),
  ...siteHandlers(parts, line),
  ...trafficHandlers(parts, line),
  ...doctorHandlers(parts),
  "rescue.read": nothingToRescue,
  "rescue.begin": nothingToRescue,
  "rescue.central": nothingToRescue,
  "rescue.use": nothingToRescue,
});
