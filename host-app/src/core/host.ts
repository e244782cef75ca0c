import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { BATCH_LIMITS } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import { startBackupJob } from "./backup-job.ts";
import { Window } from "./cases/window.ts";
import { systemClock } from "./clock.ts";
import type { HostStatus } from "./commands/status-shape.ts";
import type { Config } from "./config/index.ts";
import { startDeskApi } from "./desk/index.ts";
import { hostStatus } from "./host-status.ts";
import { enrol } from "./identity/enrol.ts";
import { nextEntry } from "./identity/entry-chain.ts";
import { openIdentity } from "./identity/identity.ts";
import { choosePort } from "./pads/choose-port.ts";
import { PadLine } from "./pads/pad-line.ts";
import { Ballast } from "./store/ballast.ts";
import { caseBook } from "./store/case-book.ts";
import { openDatabase } from "./store/database.ts";
import { EntryBook } from "./store/entry-book.ts";
import { lockFolder } from "./store/folder-lock.ts";
import { RequestBook } from "./store/request-book.ts";
import { sqliteOutbox } from "./store/sqlite-outbox.ts";
import { Store } from "./store/store.ts";
import { httpTransport } from "./sync/http-transport.ts";
import { networkFingerprint } from "./sync/network.ts";
import { createSender } from "./sync/sender.ts";

export interface HostOptions {
  readonly config: Config;
  readonly dataDir: string;
  /** One-time code of central; enrols this window PC before it starts. */
  readonly enrolCode?: string;
  readonly logger: Logger;
}

export interface RunningHost {
  readonly deskPort: number;
  status(): HostStatus;
  /** Everything that was accepted is on disk; says goodbye to the pad. */
  close(): Promise<void>;
}

const random = (length: number): Uint8Array => randomBytes(length);

/**
 * Starts the window PC: database, pad, desk API, sending to central.
 * @throws WR2xxx, WR4xxx, WR6xxx, WR8xxx; nothing is left running then
 */
export const startHost = async ({ config, dataDir, enrolCode, logger }: HostOptions): Promise<RunningHost> => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await using undo = new AsyncDisposableStack();
  undo.defer(lockFolder(dataDir));
  const clock = systemClock();
  const databasePath = join(dataDir, "window.db");
  const identity = openIdentity(dataDir, existsSync(databasePath));
  if (enrolCode !== undefined) {
    if (config.central === null) throw new WindowRatingError("WR8001", "--enrol needs the address of central: --central <url>");
    const transport = httpTransport();
    try {
      await enrol(identity, { centralUrl: config.central, code: enrolCode, windowNo: config.windowNo, transport, wallMs: clock.wallMs() });
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

  const openPort = choosePort(config.pad.port, config.pad.profile);
  const window: Window = new Window({
    store,
    cases: caseBook(database),
    requests,
    clock,
    random,
    settings: {
      windowNo: config.windowNo,
      timeoutMs: config.rating.timeoutSeconds * 1000,
      waitMs: config.rating.waitSeconds * 1000,
      manualTrigger: config.rating.manualTrigger,
      pad: {
        debounceMs: config.pad.debounceMs,
        volume: config.pad.volume,
        brightness: config.pad.brightness,
        thanksMs: config.pad.thanksMs,
      },
    },
    logger,
    send: (command) => line.send(command),
    padState: () => line.state,
    queue: () => {
      const { waiting, oldestMs, setAside } = outbox.counts();
      const state = sender?.state();
      return {
        waiting,
        oldestMs: oldestMs === null ? null : Math.max(0, clock.wallMs() - oldestMs),
        setAside,
        lastSyncMs: state?.lastSyncMs ?? null,
        ...(state?.cause == null ? {} : { cause: state.cause.text }),
      };
    },
  });
  const line = new PadLine({ open: openPort, clock, random, logger, listener: window, serialNumber: config.pad.serialNumber });

  const backups = startBackupJob({ database, folder: join(dataDir, "backups"), ballast, ...config.backup, clock, logger });
  undo.defer(() => backups.stop());

  const status = (): HostStatus =>
    hostStatus({
      database,
      ballast,
      clock,
      line,
      outbox,
      requests,
      sender,
      identity,
      checkedAtMs,
      backup: backups.last,
      windowNo: config.windowNo,
    });

  const desk = await startDeskApi({ desk: window, dataDir, port: config.deskPort, logger, clock, status });
  undo.defer(() => desk.close());

  window.start();
  undo.defer(() => window.stop());
  line.start();
  undo.defer(() => line.stop());
  if (sender !== null) {
    const unwatch = sender.onChange(() => window.stateChanged());
    sender.start();
    undo.defer(async () => {
      unwatch();
      await sender.stop();
    });
  }

  const running = undo.move();
  return { deskPort: desk.port, status, close: () => running.disposeAsync() };
};
