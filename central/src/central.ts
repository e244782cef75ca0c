import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Logger, pino } from "pino";
import { startKeyClock } from "./access/keys/key-clock.ts";
import { KeyRing } from "./access/keys/key-ring.ts";
import { readOidcFile } from "./access/oidc/oidc-file.ts";
import { type DataFolder, takeDataFolder } from "./data-folder.ts";
import { openEmbedded, openPostgres } from "./database/open.ts";
import type { CentralDatabase } from "./database/tables.ts";
import { DEFAULT_VALID_MINUTES, type EnrolmentCode, makeEnrolmentCode } from "./enrolment.ts";
import { createServer } from "./http/server.ts";
import { sealImportedWords } from "./imports/seal-words.ts";
import { threadedIntake } from "./intake/threaded-intake.ts";
import { JOBS_EVERY_MS, startJobClock } from "./jobs/clock.ts";
import { createJobs } from "./jobs/jobs.ts";
import { createLiveFeed } from "./live-feed.ts";
import { openRuleBook } from "./policy/rule-book.ts";
import { PostgresBell } from "./push/bell.ts";
import { readCounts } from "./reading/counts.ts";
import { makeContactKeys } from "./sms/contact-keys.ts";
import { openSms } from "./sms/open-sms.ts";

/** Where central keeps everything: a folder with an embedded database, or a PostgreSQL by its URL. */
export type Storage = { readonly data: string } | { readonly databaseUrl: string };

export type CentralOptions = Storage & {
  /** 0 lets the system choose; default 7300. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Wall clock, Unix milliseconds. */
  readonly now?: () => number;
  /** Default: silent. */
  readonly log?: Logger;
  /** File with the keys for codes and contacts; default: see `openKeyRing`. */
  readonly contactKeys?: string | undefined;
  /** File that says how the SMS gateway is talked to; its secrets are in the environment. Without one reminders wait in the outbox. */
  readonly smsGateway?: string | undefined;
  /** File that says how people sign in with the organisation's own accounts; its secret is in the environment. */
  readonly oidc?: string | undefined;
  /** Addresses of proxies in front of it, with commas between: what they say of who asks is believed. */
  readonly proxies?: string | undefined;
};

export interface Central {
  /** e.g. "http://127.0.0.1:7300" */
  readonly url: string;
  /** A code with which one window PC can enrol for this window. */
  makeEnrolmentCode(windowNo: string, validMinutes?: number): Promise<EnrolmentCode>;
  /** Finishes what is under way, then closes the database. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 7300;
export const DEFAULT_HOST = "127.0.0.1";

/** An opened database and what must be given back after it. */
export interface OpenStorage {
  readonly db: CentralDatabase;
  readonly folder: DataFolder | undefined;
  close(): Promise<void>;
}

/** @throws WindowRatingError WR7010, WR7011, WR7016 */
export const openStorage = async (storage: Storage, now: () => number, log: Logger): Promise<OpenStorage> => {
  if ("databaseUrl" in storage) {
    const db = await openPostgres(storage.databaseUrl, now, (error) => log.warn({ err: error }, "a connection to the database broke"));
    return { db, folder: undefined, close: () => db.destroy() };
  }
  const folder = takeDataFolder(resolve(storage.data));
  try {
    const db = await openEmbedded(folder.database, now);
    const close = async (): Promise<void> => {
      await db.destroy();
      folder.release();
    };
    return { db, folder, close };
  } catch (error) {
    folder.release();
    throw error;
  }
};

/**
 * The keys of a central: of the file named, or of the one in its data folder, which is made at the first start.
 * @returns undefined for a PostgreSQL without a file: its instances must all have the same, so none makes one by itself
 * @throws WindowRatingError WR7037
 */
export const openKeyRing = (storage: Storage, path: string | undefined): KeyRing | undefined => {
  if (path !== undefined) return new KeyRing(path);
  if (!("data" in storage)) return undefined;
  const own = join(resolve(storage.data), "contact-keys.json");
  if (!existsSync(own)) makeContactKeys(own);
  return new KeyRing(own);
};

/**
 * Starts a central in this process.
 * @throws WindowRatingError WR7010, WR7011, WR7016, WR7036, WR7037, WR7060, WR8004
 */
export const startCentral = async (options: CentralOptions): Promise<Central> => {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, now = Date.now, log = pino({ level: "silent" }) } = options;
  const storage = await openStorage(options, now, log);
  const { db, folder } = storage;
  const contactKeys = await orClose(storage, async () => {
    const ring = openKeyRing(options, options.contactKeys);
    await ring?.refresh(db, now(), { holds: true });
    const sealed = ring === undefined ? 0 : await sealImportedWords(db, ring);
    if (sealed > 0) log.info({ sealed }, "words that files had brought were sealed");
    return ring;
  });
  const { smsGateway } = options;
  const sms = await orClose(storage, () => (smsGateway === undefined ? undefined : openSms(smsGateway, contactKeys, process.env)));
  const oidc = await orClose(storage, () => (options.oidc === undefined ? undefined : readOidcFile(options.oidc, process.env)));
  const feed = createLiveFeed(
    () => readCounts(db),
    (error) => log.warn({ err: error }, "the live feed could not read the counts"),
  );
  const administrationToken = folder === undefined ? undefined : randomBytes(32).toString("base64url");
  const intake =
    "databaseUrl" in options
      ? threadedIntake(options.databaseUrl, (error) => log.error({ err: error }, "a thread of intake ended"))
      : undefined;
  const app = createServer({
    db,
    now,
    log,
    feed,
    intake,
    bell: "databaseUrl" in options ? new PostgresBell(options.databaseUrl, db, log) : undefined,
    administrationToken,
    contactKeys,
    replies: sms?.replies,
    oidc,
    proxies: options.proxies,
  });
  let stopJobs = async (): Promise<void> => {};
  const stopKeys = contactKeys === undefined ? undefined : startKeyClock(contactKeys, { db, now, log });
  const close = async (): Promise<void> => {
    feed.close();
    await stopJobs();
    await app.close();
    await intake?.close();
    await stopKeys?.();
    await storage.close();
  };
  try {
    await app.listen({ port, host });
  } catch (error) {
    await close();
    throw listenFailure(error, host, port);
  }
  stopJobs = startJobClock(createJobs({ db, book: openRuleBook(), now, sms }), JOBS_EVERY_MS, log);
  const url = urlOf(host, (app.server.address() as AddressInfo).port);
  if (folder !== undefined && administrationToken !== undefined) folder.announce({ url: loopbackUrlOf(url), token: administrationToken });
  return {
    url,
    makeEnrolmentCode: (windowNo, validMinutes = DEFAULT_VALID_MINUTES) => makeEnrolmentCode(db, windowNo, validMinutes, now()),
    close,
  };
};

/** What is opened after the storage; if it fails, the storage is given back. */
const orClose = async <T>(storage: OpenStorage, open: () => T | Promise<T>): Promise<T> => {
  try {
    return await open();
  } catch (error) {
    await storage.close();
    throw error;
  }
};

const urlOf = (host: string, port: number): string => `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

/** Where commands on this machine reach a central that may listen on every address. */
const loopbackUrlOf = (url: string): string => url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");

const listenFailure = (error: unknown, host: string, port: number): WindowRatingError =>
  new WindowRatingError("WR8004", `${host}:${port}: ${error instanceof Error ? error.message : String(error)}`, error);
