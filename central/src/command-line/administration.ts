import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ERRORS, type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { pino } from "pino";
import { z } from "zod";
import { type ActAnswer, type ActName, type ActRequest, doAct } from "../access/administration.ts";
import type { KeyRing } from "../access/keys/key-ring.ts";
import { openKeyRing, openStorage, type Storage } from "../central.ts";
import { ChannelKeys } from "../channels/keys.ts";
import { listQrKeys, type QrKey, revokeQrKey, rotateQrKey } from "../channels/qr-keys.ts";
import { codeOfPlace, type Place } from "../channels/static-codes.ts";
import { type AdministrationFile, readAdministrationFile } from "../data-folder.ts";
import { inTransaction } from "../database/transaction.ts";
import { type EnrolmentCode, makeEnrolmentCode } from "../enrolment.ts";
import { type EntryFileReport, takeEntryFile } from "../entry-files/take-file.ts";
import { parseRequest } from "../http/errors.ts";
import { type ImportReport, type ImportRequest, type ImportRules, importFile } from "../imports/import-file.ts";
import { changeJobSettings, type JobChanges, type JobSettingsInForce } from "../jobs/settings.ts";
import { type JobStatus, readJobStatus } from "../jobs/status.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite, RatingPolicies, readSite, type Site, type SiteInForce } from "../ratings/site.ts";
import { type Counts, readCounts, readSummary, type WindowPcSummary } from "../reading/counts.ts";
import { readIncidents, readSetAside } from "../reading/troubles.ts";
import { type Retirement, retireWindowPc } from "../registry/retired-pcs.ts";
import { addSystem, type BusinessSystem, listSystems, type NewSystem, revokeSystem } from "../registry/systems.ts";
import { type PutSiteFile, putSiteFile, putSiteFileSchema, readSiteFileInForce, type SiteFileInForce } from "../site-file/site-files.ts";
import { type LoggedMessage, readMessages } from "../sms/log.ts";

export type Incidents = Awaited<ReturnType<typeof readIncidents>>;
export type SetAside = Awaited<ReturnType<typeof readSetAside>>;
export interface Summary {
  readonly total: Counts;
  readonly windowPcs: readonly WindowPcSummary[];
}

/** What the commands ask of a central, whether one is running or not. */
export interface Administration {
  makeEnrolmentCode(windowNo: string, validMinutes: number): Promise<EnrolmentCode>;
  summary(): Promise<Summary>;
  /** @returns the number of its window */
  retireWindowPc(retirement: Retirement): Promise<string>;
  /** A file of entries that a window PC exported. */
  takeEntryFile(bytes: Uint8Array, by: string): Promise<EntryFileReport>;
  incidents(limit: number): Promise<Incidents>;
  setAside(limit: number): Promise<SetAside>;
  importFile(request: ImportRequest): Promise<ImportReport>;
  addSystem(system: NewSystem): Promise<{ readonly systemNo: number; readonly name: string; readonly token: string }>;
  systems(): Promise<BusinessSystem[]>;
  revokeSystem(systemNo: number): Promise<void>;
  site(): Promise<SiteInForce>;
  setSite(changes: Partial<Site>, by: string): Promise<SiteInForce>;
  /** null: nobody has put one here. */
  siteFile(): Promise<SiteFileInForce | null>;
  putSiteFile(given: PutSiteFile): Promise<SiteFileInForce>;
  jobStatus(): Promise<JobStatus>;
  setJobs(changes: JobChanges, by: string): Promise<JobSettingsInForce>;
  messages(limit: number): Promise<readonly LoggedMessage[]>;
  codeOfPlace(place: Place, renew: boolean): Promise<string>;
  qrKeys(): Promise<QrKey[]>;
  rotateQrKey(): Promise<number>;
  revokeQrKey(keyNo: number): Promise<void>;
  /** Accounts, and the keys that seal what citizens write. */
  access<N extends ActName>(act: N, request: ActRequest<N>): Promise<ActAnswer<N>>;
  close(): Promise<void>;
}

/**
 * PostgreSQL is asked directly. An embedded database belongs to one process: if a central runs on the folder, it is asked
 * over loopback HTTP, else the folder is opened here.
 * @param contactKeys key file, for a PostgreSQL; a data folder has its own
 * @throws WindowRatingError WR7010, WR7011, WR7016
 */
export const openAdministration = async (storage: Storage, contactKeys?: string): Promise<Administration> => {
  if ("data" in storage) needDatabase(storage.data);
  try {
    return await direct(storage, contactKeys);
  } catch (error) {
    const isInUse = error instanceof WindowRatingError && error.code === "WR7016";
    const running = isInUse && "data" in storage ? readAdministrationFile(storage.data) : undefined;
    if (running === undefined) throw error;
    return remote(running);
  }
};

/** @throws WR7010 */
const needDatabase = (folder: string): void => {
  try {
    statSync(join(folder, "pg"));
  } catch (cause) {
    // What this user may not see is not absent: nobody shall make a second database because of it.
    const isHidden = ["EACCES", "EPERM"].includes((cause as NodeJS.ErrnoException).code ?? "");
    const why = isHidden
      ? "may not be read by this user; run the command as the user that window-central runs as"
      : "holds no database of a central; window-central serve makes one";
    throw new WindowRatingError("WR7010", `${resolve(folder)} ${why}`, cause);
  }
};

const direct = async (storage: Storage, contactKeys: string | undefined): Promise<Administration> => {
  const { db, close } = await openStorage(storage, Date.now, pino({ level: "silent" }));
  let ring: KeyRing | undefined;
  const keyRing = (): KeyRing => {
    ring ??= openKeyRing(storage, contactKeys);
    if (ring === undefined) throw new WindowRatingError("WR7044", "--contact-keys names the file");
    return ring;
  };
  const keys = (): ChannelKeys => new ChannelKeys(keyRing());
  return {
    makeEnrolmentCode: (windowNo, validMinutes) => makeEnrolmentCode(db, windowNo, validMinutes, Date.now()),
    summary: async () => ({ total: await readCounts(db), ...(await readSummary(db)) }),
    retireWindowPc: (retirement) => retireWindowPc(db, retirement, Date.now()),
    takeEntryFile: (bytes, by) => takeEntryFile(db, bytes, { by, nowMs: Date.now(), policies: new RatingPolicies(openRuleBook()) }),
    incidents: (limit) => readIncidents(db, { limit, after: undefined }),
    setAside: (limit) => readSetAside(db, { limit, after: undefined }),
    importFile: (request) => {
      const held = openKeyRing(storage, contactKeys);
      const policyOf: ImportRules["policyOf"] = (tx) => new RatingPolicies(openRuleBook()).inForce(tx);
      return importFile(db, request, Date.now(), { policyOf, keys: held === undefined ? undefined : new ChannelKeys(held) });
    },
    addSystem: (system) => addSystem(db, system, Date.now()),
    systems: () => listSystems(db),
    revokeSystem: (systemNo) => revokeSystem(db, systemNo, Date.now()),
    site: () => inTransaction(db, readSite),
    setSite: (changes, by) => inTransaction(db, (tx) => changeSite(tx, openRuleBook(), changes, by, Date.now())),
    siteFile: () => inTransaction(db, readSiteFileInForce),
    putSiteFile: (given) => inTransaction(db, (tx) => putSiteFile(tx, parseRequest(putSiteFileSchema, given), Date.now())),
    jobStatus: () => readJobStatus(db, openRuleBook(), Date.now()),
    setJobs: (changes, by) => inTransaction(db, (tx) => changeJobSettings(tx, changes, by, Date.now())),
    messages: async (limit) => (await readMessages(db, { limit, after: undefined })).messages,
    codeOfPlace: (place, renew) => inTransaction(db, (tx) => codeOfPlace(tx, keys(), place, renew, Date.now())),
    qrKeys: () => inTransaction(db, listQrKeys),
    rotateQrKey: () => inTransaction(db, (tx) => rotateQrKey(tx, Date.now())),
    revokeQrKey: (keyNo) => inTransaction(db, (tx) => revokeQrKey(tx, keyNo, Date.now())),
    access: (act, request) => doAct(act, request, { db, now: Date.now, keys: keyRing, holds: false }, parseRequest),
    close,
  };
};

const remote = ({ url, token }: AdministrationFile): Administration => {
  // The answers come from this same program, so they are taken as they are.
  const authorization = `Bearer ${token}`;
  const ask = <T>(path: string, body?: object): Promise<T> =>
    send(
      path,
      body === undefined
        ? { headers: { authorization } }
        : { method: "POST", headers: { authorization, "content-type": "application/json" }, body: JSON.stringify(body) },
    );
  const send = async <T>(path: string, request: RequestInit): Promise<T> => {
    const answer = await fetch(new URL(path, url), request).catch((error: unknown) => {
      throw new WindowRatingError("WR7015", `The central at ${url} does not answer`, error);
    });
    const content: unknown = await answer.json().catch(() => undefined);
    if (!answer.ok) throw errorFrom(content, answer.status);
    return content as T;
  };
  const sendFile = <T>(path: string, bytes: Uint8Array): Promise<T> =>
    send(path, {
      method: "POST",
      headers: { authorization, "content-type": "application/octet-stream" },
      body: new Blob([Buffer.from(bytes)]),
    });
  return {
    makeEnrolmentCode: (windowNo, validMinutes) => ask("/admin/v1/enrolment-codes", { windowNo, validMinutes }),
    summary: () => ask("/api/v1/entries/summary"),
    retireWindowPc: async ({ windowPcId, by, reason }) =>
      (await ask<{ windowNo: string }>(`/admin/v1/window-pcs/${windowPcId}/retire`, { by, reason })).windowNo,
    takeEntryFile: (bytes, by) => sendFile(`/admin/v1/entry-files?${new URLSearchParams({ by })}`, bytes),
    incidents: (limit) => ask(`/api/v1/incidents?limit=${limit}`),
    setAside: (limit) => ask(`/api/v1/set-aside?limit=${limit}`),
    importFile: ({ bytes, ...query }) => sendFile(`/admin/v1/imports?${new URLSearchParams(query)}`, bytes),
    addSystem: (system) => ask("/admin/v1/systems", system),
    systems: () => ask("/admin/v1/systems"),
    revokeSystem: async (systemNo) => void (await ask(`/admin/v1/systems/${systemNo}/revoke`, {})),
    site: () => ask("/admin/v1/site"),
    setSite: (changes, by) => ask("/admin/v1/site", { changes, by }),
    siteFile: async () => (await ask<{ file: SiteFileInForce | null }>("/admin/v1/site-file")).file,
    putSiteFile: async (given) => (await ask<{ file: SiteFileInForce }>("/admin/v1/site-file", given)).file,
    jobStatus: () => ask("/api/v1/jobs"),
    setJobs: (changes, by) => ask("/admin/v1/jobs", { changes, by }),
    messages: async (limit) => (await ask<{ messages: LoggedMessage[] }>(`/api/v1/sms/messages?limit=${limit}`)).messages,
    codeOfPlace: async (place, renew) => (await ask<{ code: string }>("/admin/v1/qr/places", { ...place, renew })).code,
    qrKeys: () => ask("/admin/v1/qr/keys"),
    rotateQrKey: async () => (await ask<{ keyNo: number }>("/admin/v1/qr/keys", {})).keyNo,
    revokeQrKey: async (keyNo) => void (await ask(`/admin/v1/qr/keys/${keyNo}/revoke`, {})),
    access: (act, request) => ask(`/admin/v1/access/${act}`, request),
    close: async () => {},
  };
};

const errorAnswerSchema = z.object({ error: z.object({ code: z.string(), detail: z.string() }) });
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

const errorFrom = (content: unknown, status: number): WindowRatingError => {
  const parsed = errorAnswerSchema.safeParse(content);
  if (parsed.success && isErrorCode(parsed.data.error.code)) return new WindowRatingError(parsed.data.error.code, parsed.data.error.detail);
  return new WindowRatingError("WR7015", `Central answered ${status}`);
};
