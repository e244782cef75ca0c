import type { CONSOLE_TRAFFIC_REQUESTS } from "../../messages/console-traffic.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";

export const trafficHandlers = (_parts: ConsoleParts, _line: ConsoleLine): HandlersFor<typeof CONSOLE_TRAFFIC_REQUESTS> => ({});
