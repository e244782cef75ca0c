import { WindowRatingError } from "@window-rating/protocol/error";
import type { CONSOLE_HEALTH_REQUESTS } from "../../messages/console-health.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { DatabaseCare } from "../care/database-care.ts";
import { hostVersion } from "../host-version.ts";
import type { Store } from "../store/store.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";
import { filePiece } from "./file-piece.ts";

/** One for each database, whoever looks: what one console has begun, another one sees. Made when somebody looks first. */
const CARES = new WeakMap<Store, Promise<DatabaseCare>>();

const careOf = (parts: ConsoleParts): Promise<DatabaseCare> => {
  const { store } = parts.health;
  const known = CARES.get(store);
  if (known !== undefined) return known;
  const care = makeCare(parts);
  CARES.set(store, care);
  return care;
};

const makeCare = async ({ dataDir, config, clock, health: { store, identity, backups } }: ConsoleParts): Promise<DatabaseCare> => {
  const { DatabaseCare: Care } = await import("../care/database-care.ts");
  return new Care({ dataDir, store, identity, backups, everyMinutes: config.backup.everyMinutes, clock });
};

export const healthHandlers = (parts: ConsoleParts, _line: ConsoleLine): HandlersFor<typeof CONSOLE_HEALTH_REQUESTS> => {
  const { status, config, dataDir } = parts;
  const begin = async (work: (care: DatabaseCare) => void): Promise<Record<string, never>> => {
    work(await careOf(parts));
    return {};
  };
  return {
    "status.read": async () => {
      const { backupsOf } = await import("../care/backups.ts");
      return { ...status(), version: hostVersion(), centralUrl: config.central, newestBackupMs: backupsOf(dataDir)[0]?.atMs ?? null };
    },
    "central.read": async () => (await import("./central-desk.ts")).readCentral(parts),
    "central.try": async () => (await import("./central-desk.ts")).tryCentral(parts),
    "central.enrol": async ({ code }) => (await import("./central-desk.ts")).enrolHere(parts, code),
    "database.read": async () => (await careOf(parts)).state(),
    "database.check": () => begin((care) => care.check()),
    "database.backUp": () => begin((care) => care.backUp()),
    "database.compare": ({ name }) => begin((care) => care.compare(name)),
    "database.takeBack": () => begin((care) => care.takeBack()),
    "database.export": () => begin((care) => care.export()),
    "database.readExport": async ({ from }) => {
      const { exported } = (await careOf(parts)).state();
      if (exported === null) throw new WindowRatingError("WR4009", "nothing was exported yet");
      return { data: await filePiece(exported.path, from) };
    },
  };
};
