import type { SitePolicy } from "@window-rating/protocol/sync";
import type { Config } from "../config/index.ts";

/** What a window is and what the site lets it do. */
export interface WindowSettings {
  readonly windowNo: string;
  /** How long the pad invites, milliseconds. */
  readonly timeoutMs: number;
  /** How long a request waits for a pad that is away, milliseconds. */
  readonly waitMs: number;
  readonly manualTrigger: boolean;
  /** After so long without anything happening clerks are signed out, milliseconds; 0: never. */
  readonly idleMs: number;
  /** Whether a clerk may see the own totals, and how late; null: not at all. */
  readonly ownTotals: { readonly delayHours: number } | null;
}

/** Settings that central's policy goes before, wherever it says anything, by key. From the moment it is known; a start is not needed. */
export const decidedByCentral = (site: SitePolicy | null): ReadonlyMap<string, boolean | number | string> =>
  new Map(
    [
      ["rating.manualTrigger", site?.manualTrigger] as const,
      ["clerk.idleMinutes", site?.idleMinutes] as const,
      ["clerk.ownTotals", site?.ownTotals] as const,
      ["clerk.totalsDelayHours", site?.totalsDelayHours] as const,
      ["contactKey", site?.contactKey] as const,
    ].flatMap(([key, value]) => (value == null ? [] : [[key, value] as const])),
  );

/** Of a window, as they are whenever they are read. @param site what central has decided by now; null: nothing is known of it */
export const windowSettings = (
  windowNo: string,
  { rating, clerk }: Pick<Config, "rating" | "clerk">,
  site: () => SitePolicy | null,
): WindowSettings => ({
  windowNo,
  timeoutMs: rating.timeoutSeconds * 1000,
  waitMs: rating.waitSeconds * 1000,
  get manualTrigger() {
    return site()?.manualTrigger ?? rating.manualTrigger;
  },
  get idleMs() {
    return (site()?.idleMinutes ?? clerk.idleMinutes) * 60_000;
  },
  get ownTotals() {
    const policy = site();
    return (policy?.ownTotals ?? clerk.ownTotals) ? { delayHours: policy?.totalsDelayHours ?? clerk.totalsDelayHours } : null;
  },
});
