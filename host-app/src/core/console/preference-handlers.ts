import type { HandlersOf } from "../../messages/exchange.ts";
import type { ConsoleLine } from "./console-parts.ts";

const OWNER = "console";

/** Language and contrast of the console, kept for all of its pages. */
export const preferenceHandlers = ({ preferences }: ConsoleLine): Pick<HandlersOf<"console">, "preferences.read" | "preferences.save"> => ({
  "preferences.read": () => preferences.of(OWNER),
  "preferences.save": (liked) => {
    preferences.keep(OWNER, liked);
    return {};
  },
});
