import { WindowRatingError } from "@window-rating/protocol/error";
import { WindowDesks } from "../cases/window-desks.ts";
import { systemClock } from "../clock.ts";
import { startDeskApi } from "../desk/desk-api.ts";
import type { HostOptions } from "../host.ts";
import { openIdentity } from "../identity/identity.ts";
import { Screens } from "../screens/screens.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { httpTransport } from "../sync/http-transport.ts";
import { RescueDesk } from "./rescue-desk.ts";
import { rescueHandlers } from "./rescue-handlers.ts";

export interface RescueHost {
  readonly deskPort: number;
  readonly screens: Screens;
  readonly damage: WindowRatingError;
  close(): Promise<void>;
}

export interface RescueOptions extends HostOptions {
  readonly damage: WindowRatingError;
  /** Called once, when another database is in the damaged one's place. */
  readonly recovered: () => void;
}

/** How often it is looked whether the database is another one. */
const LOOK_EVERY_MS = 1000;

/**
 * Serves the console's part that mends a damaged database, and nothing else: no pad is asked, no entry is sent, every other verb and request
 * is refused with what is wrong. Nothing is written but what a rescue writes into quarantine.
 * @throws WR4005 another one does so already, WR6006, WR8004; nothing is left running then
 */
export const startRescueHost = async ({ config, dataDir, logger, damage, recovered }: RescueOptions): Promise<RescueHost> => {
  await using undo = new AsyncDisposableStack();
  undo.defer(lockFolder(dataDir, "rescue"));
  const clock = systemClock();
  const transport = httpTransport();
  undo.defer(() => transport.close());
  const rescue = new RescueDesk({ dataDir, damage, identity: openIdentity(dataDir, true), centralUrl: config.central, transport, clock });
  const refuse = (): never => {
    throw damage;
  };
  const desks = new WindowDesks([]);
  const screens = new Screens({
    ...{ dataDir, port: config.screensPort, desks, clock, logger },
    lists: { paper: refuse, findItems: refuse },
    consoleParts: refuse,
    outOfOrder: { why: damage, console: (line) => rescueHandlers({ dataDir, rescue, clock }, line) },
  });
  undo.defer(() => screens.close());
  const refusal = new WindowRatingError(damage.code, `nothing but its rescue is served, see window-host screen console: ${damage.detail}`);
  const desk = await startDeskApi({ desks, dataDir, port: config.deskPort, logger, clock, screens, outOfOrder: refusal });
  undo.defer(() => desk.close());
  const timer = setInterval(() => {
    if (!rescue.hasRecovered()) return;
    clearInterval(timer);
    recovered();
  }, LOOK_EVERY_MS);
  undo.defer(() => clearInterval(timer));
  logger.error({ err: damage }, "the database is damaged: nothing but its rescue is served, see window-host screen console");
  const running = undo.move();
  void screens.resume();
  return { deskPort: desk.port, screens, damage, close: () => running.disposeAsync() };
};
