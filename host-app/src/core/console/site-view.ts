import { statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { AnswerOf } from "../../messages/requests.ts";
import { decidedByCentral } from "../cases/window-settings.ts";
import { settingsInForce } from "../config/load-config.ts";
import { shownValue } from "../config/setting.ts";
import { windowsOf } from "../config/window-list.ts";
import { installedSite } from "../site/installed-site.ts";
import type { ConsoleParts } from "./console-parts.ts";

type View = AnswerOf<"site.read">;
type SiteViewParts = Pick<ConsoleParts, "dataDir" | "config"> & { readonly health: Pick<ConsoleParts["health"], "roster"> };
type Shown = View["settings"][number];

/** Which windows this is, what it was set up from, and every setting in force with its origin. @throws WR8001, WR8006 */
export const siteView = ({ dataDir, config, health: { roster } }: SiteViewParts): View => {
  const { site } = roster;
  const installed = installedSite(dataDir);
  const told = decidedByCentral(site);
  const ofSite = new Map(Object.entries(installed?.content.settings ?? {}));
  const settings = settingsInForce({ dataDir, env: process.env, flags: {} }).map(({ setting, value: next, from }): Shown => {
    const running = valueAt(config, setting.path);
    const isChanged = !isDeepStrictEqual(running, next);
    const byCentral = told.get(setting.key);
    const origin = isChanged ? "start" : from === "file" && isDeepStrictEqual(ofSite.get(setting.key), next) ? "site" : from;
    return {
      key: setting.key,
      value: shownValue(byCentral ?? running),
      unit: setting.unit,
      help: setting.help,
      from: byCentral !== undefined ? "central" : origin === "flag" ? "start" : origin,
      next: isChanged && byCentral === undefined ? shownValue(next) : null,
      range: setting.range,
    };
  });
  const { lastAnswerMs, siteVersion, cause } = roster.status();
  return {
    windows: windowsOf(config).map(({ windowNo, pad }) => ({
      windowNo,
      port: pad.port,
      profile: pad.profile,
      serialNumber: pad.serialNumber,
    })),
    file:
      installed === null
        ? null
        : {
            site: installed.content.site,
            version: installed.content.version,
            madeAt: installed.content.madeAt,
            signedBy: installed.signedBy,
            takenAtMs: Math.round(statSync(join(dataDir, "site.json")).mtimeMs),
          },
    central: {
      url: config.central,
      policyVersion: siteVersion,
      regionName: site?.regionName ?? null,
      lastAnswerMs,
      ...(cause === undefined ? {} : { cause }),
    },
    settings,
  };
};

const valueAt = (config: object, path: readonly string[]): unknown =>
  path.reduce<unknown>((group, name) => (group as Readonly<Record<string, unknown>>)[name], config);
