import type { CONSOLE_SITE_REQUESTS } from "../../messages/console-site.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import { dropFromConfigFile, setInConfigFile } from "../config/config-file.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";
import { OfferedFiles } from "./offered-files.ts";
import type { SiteImport } from "./site-import.ts";

/** What the console does for the site: the same as the commands config, site, setup, clerk and pair. */
export const siteHandlers = (parts: ConsoleParts, line: ConsoleLine): HandlersFor<typeof CONSOLE_SITE_REQUESTS> => {
  const { dataDir, clerks, pairings } = parts;
  const done = {};
  const offered = new OfferedFiles();
  line.onEnd(() => offered.forget());
  let imports: SiteImport | undefined;
  const importing = async (): Promise<SiteImport> => {
    const made = await import("./site-import.ts");
    imports ??= new made.SiteImport(parts, offered);
    return imports;
  };
  return {
    "site.read": async () => (await import("./site-view.ts")).siteView(parts),
    "site.set": ({ key, value }) => {
      if (value === null) dropFromConfigFile(dataDir, key);
      else setInConfigFile(dataDir, [`${key}=${value}`]);
      return done;
    },
    "site.offer": (piece) => ({ bytes: offered.take(piece) }),
    "site.plan": async (which) => (await importing()).plan(which),
    "site.apply": async (which) => (await importing()).apply(which),
    "site.table": async () => (await importing()).table(),
    "site.export": async (how) => (await importing()).export(how),
    "site.key": async () => (await import("../site/site-key.ts")).newSiteKey(),
    "clerks.list": () => clerks.list(),
    "clerks.add": (clerk) => {
      clerks.add(clerk);
      return done;
    },
    "clerks.remove": (clerk) => {
      clerks.remove(clerk);
      return done;
    },
    "clerks.code": (clerk) => clerks.makeCode(clerk),
    "clerks.pin": async (pin) => {
      await clerks.setPin(pin);
      return done;
    },
    "clerks.card": async (card) => {
      await clerks.setCard(card);
      return done;
    },
    "clerks.unlock": (who) => {
      clerks.unlock(who);
      return done;
    },
    "systems.list": () => pairings.list(),
    "systems.confirm": ({ code }) => {
      pairings.confirm(code);
      return done;
    },
    "systems.refuse": ({ code }) => {
      pairings.refuse(code);
      return done;
    },
    "systems.revoke": ({ name }) => {
      pairings.revoke(name);
      return done;
    },
  };
};
