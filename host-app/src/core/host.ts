import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DeskState } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { RequestId } from "@window-rating/protocol/rating";
import { BATCH_LIMITS } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import { startBackupJob } from "./backup-job.ts";
import { openBrowserPads } from "./browser-pads/open-browser-pads.ts";
import { WindowDesks } from "./cases/window-desks.ts";
import { ClerkDesk } from "./clerks/clerk-desk.ts";
import { Credentials } from "./clerks/credentials.ts";
import { SecretHash } from "./clerks/secret-hash.ts";
import { systemClock } from "./clock.ts";
import { openCaseCodes } from "./codes/open-case-codes.ts";
import type { HostStatus } from "./commands/status-shape.ts";
import type { Config } from "./config/index.ts";
import { type WindowConfig, windowsOf } from "./config/window-list.ts";
import { startDeskApi } from "./desk/index.ts";
import { PairingDesk } from "./desk/pairing-desk.ts";
import { Pairings } from "./desk/pairings.ts";
import { AssetFolder } from "./files/asset-folder.ts";
import { AssetShelf } from "./files/asset-shelf.ts";
import { hostStatus } from "./host-status.ts";
import { hostVersion } from "./host-version.ts";
import { enrol } from "./identity/enrol.ts";
import { nextEntry } from "./identity/entry-chain.ts";
import { openIdentity } from "./identity/identity.ts";
import { windowPort } from "./pads/choose-port.ts";
import { PadDesk } from "./pads/pad-desk.ts";
import { PadFinder } from "./pads/pad-finder.ts";
import { PadKeyBook } from "./pads/pad-key-book.ts";
import { windowProfile } from "./pads/window-profile.ts";
import { PcStatus } from "./pc-status.ts";
import { openPush } from "./push/open-push.ts";
import { askDown } from "./roster/down-request.ts";
import { Roster } from "./roster/roster.ts";
import { Screens } from "./screens/screens.ts";
import { siteLists } from "./screens/site-lists.ts";
import { Ballast } from "./store/ballast.ts";
import { clerkBook } from "./store/clerk-book.ts";
import { openDatabase } from "./store/database.ts";
import { EntryBook } from "./store/entry-book.ts";
import { lockFolder } from "./store/folder-lock.ts";
import { paperBook } from "./store/paper-book.ts";
import { RequestBook } from "./store/request-book.ts";
import { sqliteOutbox } from "./store/sqlite-outbox.ts";
import { Store } from "./store/store.ts";
import { settleWindowRows } from "./store/window-rows.ts";
import { createHeartbeat } from "./sync/heartbeat.ts";
import { httpTransport } from "./sync/http-transport.ts";
import { networkFingerprint } from "./sync/network.ts";
import { createSender } from "./sync/sender.ts";
import { TrafficDesk } from "./traffic/traffic-desk.ts";
import { createWindowUnit } from "./window-unit.ts";

export interface HostOptions {
  readonly config: Config;
  readonly dataDir: string;
  /** One-time code of central; enrols this window PC before it starts. */
  readonly enrolCode?: string;
  readonly logger: Logger;
}

export interface RunningHost {
  readonly deskPort: number;
  readonly screens: Screens;
  status(): HostStatus;
  /** Everything that was accepted is on disk; says goodbye to the pads. */
  close(): Promise<void>;
}

const random = (length: number): Uint8Array => randomBytes(length);

const numbersOf = ([first, ...others]: readonly [WindowConfig, ...WindowConfig[]]): [string, ...string[]] => [
  first.windowNo,
  ...others.map(({ windowNo }) => windowNo),
];

/**
 * Starts the window PC: database, its windows with their pads, desk API, sending to central.
 * @throws WR2xxx, WR4xxx, WR6xxx, WR8xxx; nothing is left running then
 */
export const startHost = async ({ config, dataDir, enrolCode, logger }: HostOptions): Promise<RunningHost> => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await using undo = new AsyncDisposableStack();
  undo.defer(lockFolder(dataDir));
  const clock = systemClock();
  const padKeys = new PadKeyBook(dataDir);
  const databasePath = join(dataDir, "window.db");
  const identity = openIdentity(dataDir, existsSync(databasePath));
  if (enrolCode !== undefined) {
    if (config.central === null) throw new WindowRatingError("WR8001", "--enrol needs the address of central: --central <url>");
    const transport = httpTransport();
    try {
      // Central knows a PC by one window; each rating carries its own.
      const [{ windowNo }] = windowsOf(config);
      await enrol(identity, { centralUrl: config.central, code: enrolCode, windowNo, transport, wallMs: clock.wallMs() });
    } finally {
      transport.close();
    }
  }

  const ballast = new Ballast(join(dataDir, "ballast"), config.disk.ballastMB * 1_000_000);
  const database = openDatabase(databasePath);
  undo.defer(() => {
    database.close();
  });
  const checkedAtMs = clock.wallMs();
  ballast.restore();
  const store = new Store(database, ballast);
  const { windowPcId } = identity;
  const entries = new EntryBook(store, (previous, body) =>
    nextEntry({ windowPcId, previous, entryId: randomUUID(), body, sign: identity.sign }),
  );
  const requests = new RequestBook(store, entries, clock);
  const papers = paperBook(store, entries);
  const clerks = clerkBook(database);
  const credentials = new Credentials({
    store,
    clerks,
    clock,
    secretHash: new SecretHash(),
    cardNeedsPin: () => config.clerk.cardNeedsPin,
  });
  const outbox = sqliteOutbox(store);

  const sender =
    config.central === null
      ? null
      : createSender({
          outbox,
          identity,
          centralUrl: config.central,
          clock,
          random: Math.random,
          timers: globalThis,
          transport: httpTransport(),
          networkFingerprint,
          limits: {
            batch: { entries: config.sync.batchEntries, bytes: BATCH_LIMITS.bytes },
            maxDelayMs: config.sync.maxDelaySeconds * 1000,
          },
          logger,
        });

  const roster = new Roster({
    dataDir,
    centralUrl: config.central,
    identity,
    ask: askDown,
    clock,
    timers: globalThis,
    random: Math.random,
    logger,
  });

  const windows = windowsOf(config);
  settleWindowRows(store, requests, numbersOf(windows), clock.wallMs());
  const queue = (): DeskState["queue"] => {
    const { waiting, oldestMs, setAside } = outbox.counts();
    const state = sender?.state();
    return {
      waiting,
      oldestMs: oldestMs === null ? null : Math.max(0, clock.wallMs() - oldestMs),
      setAside,
      lastSyncMs: state?.lastSyncMs ?? null,
      ...(state?.cause == null ? {} : { cause: state.cause.text }),
    };
  };
  const tellWindow = (windowNo: string, requestId: RequestId): boolean => {
    const unit = units.find(({ window }) => window.windowNo === windowNo);
    unit?.window.requestChanged(requestId);
    return unit !== undefined;
  };
  const codes = openCaseCodes({
    config,
    identity,
    centralOffsetMs: () => sender?.state().offsetMs ?? null,
    changed: (windowNo, requestId) => units.find(({ window }) => window.windowNo === windowNo)?.window.codeChanged(requestId),
    logger,
  });
  undo.defer(() => codes.close());
  const finder = new PadFinder({ clock, random, spokenFor: windows.flatMap(({ pad }) => pad.serialNumber ?? []) });
  const assets = new AssetShelf(new AssetFolder(dataDir), logger, () => roster.reasons);
  const shared = {
    assets,
    config,
    store,
    requests,
    papers,
    clerks,
    credentials,
    clock,
    random,
    logger,
    queue,
    codes,
    tellWindow,
    padKeys,
    roster,
  };
  const browserPads = await openBrowserPads({ config, dataDir, padKeys, clock, logger });
  undo.defer(() => browserPads?.close());
  const units = windows.map((entry) => {
    const { windowNo, pad } = entry;
    const profile = windowProfile(pad.profile, dataDir);
    const open = pad.port === "browser" ? browserPads?.opener(windowNo) : undefined;
    const unit = createWindowUnit(shared, entry, profile, open ?? windowPort(pad, profile, finder, clock));
    if (open !== undefined && "pairing" in unit.line) browserPads?.attach(windowNo, unit.line.pairing);
    return unit;
  });

  const backups = startBackupJob({ database, folder: join(dataDir, "backups"), ballast, ...config.backup, clock, logger });
  undo.defer(() => backups.stop());

  const status = (): HostStatus =>
    hostStatus({
      database,
      ballast,
      clock,
      units,
      outbox,
      requests,
      sender,
      identity,
      roster,
      checkedAtMs,
      backup: backups.last,
    });

  const desks = new WindowDesks(units.map(({ window }) => window));
  const pads = new PadDesk({ units, assets, keys: padKeys, unpaired: config.pad.unpaired, clock });
  const officialName = (staffNo: string): string | undefined => roster.clerk(staffNo)?.name;
  const siteChanged = (): void => {
    for (const { window } of units) window.siteChanged();
  };
  const clerkDesk = new ClerkDesk({
    ...{ store, clerks, credentials, officialName, clock, changed: siteChanged },
    randomBelow: (bound) => randomInt(bound),
  });
  const pairingDesk = new PairingDesk({ pairings: new Pairings(dataDir), clock });
  const health = { store, identity, backups, outbox, roster, sender };
  const traffic = new TrafficDesk(units, clock);
  const screens = new Screens({
    dataDir,
    port: config.screensPort,
    desks,
    lists: siteLists(roster, config),
    consoleParts: () => ({
      traffic,
      dataDir,
      config,
      clock,
      logger,
      status,
      pads,
      clerks: clerkDesk,
      pairings: pairingDesk,
      browserPads,
      health,
    }),
    pairing: { desk: pairingDesk, mayDecide: config.clerk.mayPair },
    clock,
    logger,
  });
  undo.defer(() => screens.close());
  const centralOffsetMs = (): number => sender?.state().offsetMs ?? 0;
  const push = openPush({ dataDir, centralUrl: config.central, desks, requests, identity, clock, centralOffsetMs, logger });
  const desk = await startDeskApi({
    desks,
    dataDir,
    port: config.deskPort,
    logger,
    clock,
    status,
    pads,
    clerks: clerkDesk,
    screens,
    traffic,
    browserPads,
    links: push.links,
    pairingDesk,
  });
  undo.defer(() => desk.close());

  for (const { window, line } of units) {
    window.start();
    undo.defer(() => window.stop());
    line.start();
  }
  undo.defer(async () => {
    browserPads?.letGo();
    await Promise.all(units.map(({ line }) => line.stop()));
    store.flush();
  });
  if (sender !== null) {
    const unwatch = sender.onChange(() => {
      for (const { window } of units) window.stateChanged();
    });
    sender.start();
    undo.defer(async () => {
      unwatch();
      await sender.stop();
    });
  }

  push.line?.start();
  undo.defer(() => push.line?.stop());
  if (config.central !== null) {
    const pcStatus = new PcStatus({ version: hostVersion(), clock, windows: units, queue });
    const heartbeat = createHeartbeat({
      ...{ identity, centralUrl: config.central, clock, random: Math.random, timers: globalThis, transport: httpTransport(), logger },
      status: () => pcStatus.read(),
      mark: () => pcStatus.mark(),
      onTakenSince: (entries) => outbox.sendAgain(entries),
    });
    heartbeat.start();
    undo.defer(() => heartbeat.stop());
  }

  let reasons = roster.reasons;
  roster.onChange(() => {
    if (roster.reasons !== reasons) pads.refreshAssets();
    reasons = roster.reasons;
    siteChanged();
  });
  roster.start();
  undo.defer(() => roster.stop());

  const running = undo.move();
  void screens.resume();
  return { deskPort: desk.port, screens, status, close: () => running.disposeAsync() };
};
