import type { CONSOLE_HEALTH_REQUESTS } from "../../messages/console-health.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";

export const healthHandlers = ({ status }: ConsoleParts, _line: ConsoleLine): HandlersFor<typeof CONSOLE_HEALTH_REQUESTS> => ({
  "status.read": () => status(),
});
