import type { CONSOLE_PAD_REQUESTS } from "../../messages/console-pads.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";

export const padHandlers = (_parts: ConsoleParts, _line: ConsoleLine): HandlersFor<typeof CONSOLE_PAD_REQUESTS> => ({});
