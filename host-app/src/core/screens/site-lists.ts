import { REASON_LISTS } from "@window-rating/protocol/reasons";
import type { Config } from "../config/index.ts";
import type { Roster } from "../roster/roster.ts";
import type { SiteLists } from "./strip-handlers.ts";

/** What central has told of the site; until it has, what this program carries and the settings choose. */
export const siteLists = (roster: Pick<Roster, "site" | "reasons" | "items">, { screen }: Pick<Config, "screen">): SiteLists => ({
  paper: () => ({
    labels: roster.site?.labels ?? [],
    reasons: roster.reasons ?? REASON_LISTS.find(({ version }) => version === screen.reasons) ?? null,
  }),
  findItems: (text, most) => {
    const wanted = text.toLowerCase();
    const found: { itemCode: string; itemName: string }[] = [];
    for (const [itemCode, itemName] of roster.items) {
      if (!itemCode.toLowerCase().includes(wanted) && !itemName.toLowerCase().includes(wanted)) continue;
      found.push({ itemCode, itemName });
      if (found.length === most) break;
    }
    return found;
  },
});
