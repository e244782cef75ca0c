import type { CONSOLE_SITE_REQUESTS } from "../../messages/console-site.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";

export const siteHandlers = (_parts: ConsoleParts, _line: ConsoleLine): HandlersFor<typeof CONSOLE_SITE_REQUESTS> => ({});
