import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ERRORS, type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { pino } from "pino";
import { z } from "zod";
import { openStorage, type Storage } from "../central.ts";
import { type AdministrationFile, readAdministrationFile } from "../data-folder.ts";
import { type EnrolmentCode, makeEnrolmentCode } from "../enrolment.ts";
import { type Counts, readCounts, readSummary, type WindowPcSummary } from "../reading/counts.ts";
import { readIncidents, readSetAside } from "../reading/troubles.ts";

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
  incidents(limit: number): Promise<Incidents>;
  setAside(limit: number): Promise<SetAside>;
  close(): Promise<void>;
}

/**
 * PostgreSQL is asked directly. An embedded database belongs to one process: if a central runs on the folder, it is asked
 * over loopback HTTP, else the folder is opened here.
 * @throws WindowRatingError WR7010, WR7011, WR7016
 */
export const openAdministration = async (storage: Storage): Promise<Administration> => {
  if ("data" in storage && !existsSync(join(storage.data, "pg"))) {
    throw new WindowRatingError("WR7010", `${resolve(storage.data)} holds no database of a central; window-central serve makes one`);
  }
  try {
    return await direct(storage);
  } catch (error) {
    const isInUse = error instanceof WindowRatingError && error.code === "WR7016";
    const running = isInUse && "data" in storage ? readAdministrationFile(storage.data) : undefined;
    if (running === undefined) throw error;
    return remote(running);
  }
};

const direct = async (storage: Storage): Promise<Administration> => {
  const { db, close } = await openStorage(storage, Date.now, pino({ level: "silent" }));
  return {
    makeEnrolmentCode: (windowNo, validMinutes) => makeEnrolmentCode(db, windowNo, validMinutes, Date.now()),
    summary: async () => ({ total: await readCounts(db), ...(await readSummary(db)) }),
    incidents: (limit) => readIncidents(db, { limit, after: undefined }),
    setAside: (limit) => readSetAside(db, { limit, after: undefined }),
    close,
  };
};

const remote = ({ url, token }: AdministrationFile): Administration => {
  // The answers come from this same program, so they are taken as they are.
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const authorization = `Bearer ${token}`;
    const request =
      body === undefined
        ? { headers: { authorization } }
        : { method: "POST", headers: { authorization, "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(new URL(path, url), request).catch((error: unknown) => {
      throw new WindowRatingError("WR7015", `The central at ${url} does not answer`, error);
    });
    const content: unknown = await answer.json().catch(() => undefined);
    if (!answer.ok) throw errorFrom(content, answer.status);
    return content as T;
  };
  return {
    makeEnrolmentCode: (windowNo, validMinutes) => ask("/admin/v1/enrolment-codes", { windowNo, validMinutes }),
    summary: () => ask("/api/v1/entries/summary"),
    incidents: (limit) => ask(`/api/v1/incidents?limit=${limit}`),
    setAside: (limit) => ask(`/api/v1/set-aside?limit=${limit}`),
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
