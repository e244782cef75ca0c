import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { pino } from "pino";
import { type OpenStorage, openStorage } from "../src/central.ts";
import { inTransaction } from "../src/database/transaction.ts";
import { createJobs, type JobParts, type Jobs } from "../src/jobs/jobs.ts";
import { changeJobSettings, type JobChanges } from "../src/jobs/settings.ts";
import { openRuleBook } from "../src/policy/rule-book.ts";
import { type Acceptance, acceptRating } from "../src/ratings/accept.ts";
import { changeSite, RatingPolicies, type Site } from "../src/ratings/site.ts";
import { boundTo, contactKeysOf } from "../src/sms/contact-keys.ts";
import type { OutgoingSms, SendResult, SmsGateway } from "../src/sms/gateway.ts";
import { startPostgres } from "./postgres.ts";
import { STORAGES, type TestStorage } from "./storages.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A moment by the clock in China: "2026-03-02 09:00". */
export const china = (text: string): number => Date.parse(`${text.replace(" ", "T")}:00+08:00`);

const book = openRuleBook();

/** Keys that everybody may know. */
export const TEST_KEYS = { keys: ["11".repeat(32)], phoneKey: "22".repeat(32) };

/** A gateway that keeps what it is given, by the key of each message; `answers` are given first, one a send. */
class KeptGateway implements SmsGateway {
  isIdempotent = true;
  timeoutMs = 1000;
  readonly sends: OutgoingSms[] = [];
  readonly answers: SendResult[] = [];

  get accepted(): OutgoingSms[] {
    return [...new Map(this.sends.map((one) => [one.key, one])).values()];
  }

  async send(message: OutgoingSms): Promise<SendResult> {
    const answer = this.answers.shift();
    if (answer?.is !== "refused") this.sends.push(message);
    return answer ?? { is: "accepted", gatewayId: `g-${this.sends.length}` };
  }
}

export interface ToldCase {
  readonly caseNo?: string;
  readonly completedAtMs: number;
  readonly receivedAtMs?: number;
  readonly itemName?: string;
  readonly phone?: string;
  readonly windowNo?: string;
  /** A second visit, with which the case was completed. */
  readonly laterVisitAtMs?: number;
  /** No visit at all: handled online. */
  readonly online?: boolean;
}

/** Both kinds of storage, with an empty database for each test. */
export const FRESH_STORAGES: readonly {
  readonly name: string;
  start(): Promise<{ fresh(): Promise<TestStorage>; stop(): Promise<void> }>;
}[] = [
  { name: "PGlite", start: async () => ({ fresh: () => (STORAGES[0] as (typeof STORAGES)[number]).create(), stop: async () => {} }) },
  {
    name: "PostgreSQL",
    async start() {
      const server = await startPostgres();
      const fresh = async (): Promise<TestStorage> => ({ storage: { databaseUrl: await server.createDatabase() }, remove: async () => {} });
      return { fresh, stop: () => server.stop() };
    },
  },
];

/** A database with cases, a region's rules, keys, and a clock of its own. */
export class JobWorld {
  readonly db: OpenStorage["db"];
  readonly book = book;
  readonly policies = new RatingPolicies(book);
  readonly keys = contactKeysOf(TEST_KEYS);
  readonly gateway = new KeptGateway();
  nowMs = china("2026-03-02 09:00");
  readonly now = (): number => this.nowMs;
  #storage: OpenStorage;
  #made = 0;

  private constructor(storage: OpenStorage) {
    this.#storage = storage;
    this.db = storage.db;
  }

  static async open({ storage }: TestStorage): Promise<JobWorld> {
    return new JobWorld(await openStorage(storage, () => china("2026-03-02 09:00"), pino({ level: "silent" })));
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  jobs(over: Partial<JobParts> = {}): Jobs {
    const sms = { gateway: this.gateway, keys: this.keys };
    return createJobs({ db: this.db, book: this.book, now: this.now, sms, ...over });
  }

  run(over: Partial<JobParts> = {}) {
    return this.jobs(over).run();
  }

  async chooseRegion(region: string, over: Partial<Site> = {}): Promise<void> {
    await inTransaction(this.db, (tx) => changeSite(tx, this.book, { region, ...over }, "张三样例", this.nowMs));
  }

  async set(changes: JobChanges): Promise<void> {
    await inTransaction(this.db, (tx) => changeJobSettings(tx, changes, "李四样例", this.nowMs));
  }

  /** A completed case with one visit at window 3, of which nobody has rated anything. */
  async tell(told: ToldCase): Promise<string> {
    this.#made += 1;
    const { caseNo = `J-${String(this.#made).padStart(6, "0")}`, completedAtMs, receivedAtMs = completedAtMs, phone } = told;
    const by = { told_by: "system 1", told_at_ms: completedAtMs, received_at_ms: receivedAtMs };
    const item = { item_code: "ITEM-01", item_name: told.itemName ?? "居民身份证换领" };
    await this.db
      .insertInto("cases")
      .values({ case_no: caseNo, ...item, completed_at_ms: completedAtMs, ...by })
      .execute();
    if (told.online !== true) {
      const clerk = { window_no: told.windowNo ?? "3", staff_no: "1001", clerk_name: "张三样例" };
      await this.db
        .insertInto("visits")
        .values({ case_no: caseNo, visit_no: 1, ...clerk, ended_at_ms: completedAtMs, ...by })
        .execute();
    }
    if (told.laterVisitAtMs !== undefined) {
      const visit = { case_no: caseNo, visit_no: 2, window_no: "3", staff_no: "1001", clerk_name: "张三样例" };
      await this.db
        .insertInto("visits")
        .values({ ...visit, ended_at_ms: told.laterVisitAtMs, ...by })
        .execute();
    }
    if (phone !== undefined) await this.tellContact(caseNo, phone, receivedAtMs);
    return caseNo;
  }

  async tellContact(caseNo: string, phone: string, receivedAtMs = this.nowMs): Promise<void> {
    const sealed = this.keys.seal({ name: "王五样例", phone }, boundTo("case", caseNo));
    await this.db.insertInto("case_contacts").values({ case_no: caseNo, sealed, received_at_ms: receivedAtMs }).execute();
  }

  /** A person rates the item of a case, or the clerk of its visit. */
  rate(
    caseNo: string,
    level: Level,
    { staff = false, channel = "web" as "web" | "terminal" | "sms", db = this.db } = {},
  ): Promise<Acceptance> {
    this.#made += 1;
    const key = `given ${this.#made}`;
    const subject = staff ? ({ kind: "staff", caseNo, visitNo: 1 } as const) : ({ kind: "item", caseNo } as const);
    const rater = { named: "claimed" } as const;
    return inTransaction(db, async (tx) =>
      acceptRating(tx, { channel, key, subject, level, rater, atMs: this.nowMs }, await this.policies.inForce(tx), this.nowMs),
    );
  }

  /** Every rating of a case, oldest first, and which of them counts for item and clerk. */
  async ratings(caseNo: string) {
    const rows = await this.db
      .selectFrom("ratings")
      .select(["seq", "channel", "level", "subject", "standing", "supersedes", "at_ms as atMs", "origin"])
      .where("case_no", "=", caseNo)
      .orderBy("seq")
      .execute();
    const { rows: pointed } = await sql<{ item: number | null; staff: number | null }>`
      select c.item_rating as item, (select max(staff_rating) from visits v where v.case_no = c.case_no) as staff
      from cases c where case_no = ${caseNo}`.execute(this.db);
    const channelOf = (seq: number | null | undefined) => rows.find((row) => row.seq === seq)?.channel ?? null;
    return { rows, item: channelOf(pointed[0]?.item), staff: channelOf(pointed[0]?.staff) };
  }

  reminders() {
    return this.db.selectFrom("reminders").select(["case_no", "due_ms", "outcome"]).orderBy("decided_at_ms").orderBy("due_ms").execute();
  }

  messages() {
    return this.db.selectFrom("sms_messages").selectAll().orderBy("message_no").execute();
  }
}
