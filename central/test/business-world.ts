import { type Logger, pino } from "pino";
import { expect } from "vitest";
import type { OidcSettings } from "../src/access/oidc/oidc-file.ts";
import type { ReportAnswer } from "../src/cases/report.ts";
import { type OpenStorage, openStorage } from "../src/central.ts";
import { makeEnrolmentCode } from "../src/enrolment.ts";
import { createServer } from "../src/http/server.ts";
import { createLiveFeed } from "../src/live-feed.ts";
import { readCounts } from "../src/reading/counts.ts";
import { addSystem, type Scope } from "../src/registry/systems.ts";
import { type ContactKeys, contactKeysOf } from "../src/sms/contact-keys.ts";
import type { TestStorage } from "./storages.ts";
import { MORNING_MS, WindowPc } from "./window-pc.ts";

/** Keys that every run of the tests has alike. */
export const TEST_KEYS = contactKeysOf({ keys: ["07".repeat(32)], phoneKey: "08".repeat(32) });

export const iso = (ms: number): string => new Date(ms).toISOString();

export interface WorldOptions {
  readonly contactKeys?: ContactKeys | undefined;
  readonly log?: Logger;
  readonly oidc?: OidcSettings | undefined;
}

/** A central with its HTTP side, a clock of its own, and business systems that call it. */
export class BusinessWorld {
  readonly db: OpenStorage["db"];
  readonly url: string;
  nowMs = MORNING_MS;
  /** Token of a system that may do everything. */
  token = "";
  #storage: OpenStorage;
  #app: ReturnType<typeof createServer>;
  #made = 0;

  private constructor(storage: OpenStorage, url: string, app: ReturnType<typeof createServer>) {
    this.#storage = storage;
    this.#app = app;
    this.db = storage.db;
    this.url = url;
  }

  static async open({ storage }: TestStorage, options: WorldOptions = {}): Promise<BusinessWorld> {
    const { contactKeys, log, oidc } = { contactKeys: TEST_KEYS, log: pino({ level: "silent" }), oidc: undefined, ...options };
    let world: BusinessWorld | undefined;
    const now = () => world?.nowMs ?? MORNING_MS;
    const opened = await openStorage(storage, now, log);
    const feed = createLiveFeed(
      () => readCounts(opened.db),
      () => {},
    );
    const app = createServer({ db: opened.db, now, log, feed, administrationToken: undefined, contactKeys, oidc });
    world = new BusinessWorld(opened, await app.listen({ port: 0, host: "127.0.0.1" }), app);
    world.token = await world.newToken("cases", "imports", "registry");
    return world;
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.#storage.close();
  }

  async newToken(...scopes: Scope[]): Promise<string> {
    this.#made += 1;
    return (await addSystem(this.db, { name: `样例系统 ${this.#made}`, scopes }, this.nowMs)).token;
  }

  post(path: string, body: unknown, token = this.token): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  /** A report of a new completed case with one visit of clerk 1001 at window 3. */
  report(over: Readonly<Record<string, unknown>> = {}) {
    this.#made += 1;
    const visit = { visitNo: 1, windowNo: "3", staffNo: "1001", clerkName: "张三样例", endedAt: iso(MORNING_MS) };
    const item = { itemCode: "ITEM-01", itemName: "居民身份证换领" };
    return { caseNo: `B-${this.#made}`, ...item, completedAt: iso(MORNING_MS), reportedAt: iso(MORNING_MS), visit, ...over };
  }

  /** Tells of cases, which must be answered. */
  async tell(entries: readonly unknown[], token = this.token): Promise<ReportAnswer[]> {
    const response = await this.post("/api/v1/cases", { entries }, token);
    expect(response.status).toBe(200);
    return ((await response.json()) as { answers: ReportAnswer[] }).answers;
  }

  visit(caseNo: string, visitNo = 1) {
    return this.db.selectFrom("visits").selectAll().where("case_no", "=", caseNo).where("visit_no", "=", visitNo).executeTakeFirst();
  }

  case(caseNo: string) {
    return this.db.selectFrom("cases").selectAll().where("case_no", "=", caseNo).executeTakeFirst();
  }

  /** A window PC that nobody knew before. */
  async enrolled(windowNo = "3"): Promise<WindowPc> {
    this.#made += 1;
    const pc = new WindowPc(`world ${this.#made}`, windowNo);
    await pc.enrol(this.url, (await makeEnrolmentCode(this.db, windowNo, 60, this.nowMs)).code);
    return pc;
  }
}

export const outcomesOf = (answers: readonly ReportAnswer[]): string[] =>
  answers.map((one) => (one.answer === "refused" ? `${one.code} ${one.field}` : one.answer));

export const errorOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as { error: { code: string; detail: string } }).error,
});
