import { pino } from "pino";
import { expect } from "vitest";
import { inTransaction } from "../src/database/transaction.ts";
import { openRuleBook } from "../src/policy/rule-book.ts";
import { changeSite } from "../src/ratings/site.ts";
import { BusinessWorld, type WorldOptions } from "./business-world.ts";
import type { TestStorage } from "./storages.ts";

const NEVER_CHOSEN = { region: null, badNeedsReason: false, closedChannels: [], publicUrl: null, correctWithinDays: 7 };

/** A central that citizens come to, with everything that it logs. */
export class CitizenWorld {
  readonly book = openRuleBook();
  readonly world: BusinessWorld;
  /** Of a system that hands in ratings and has codes made. */
  readonly token: string;
  readonly log: readonly string[];

  private constructor(world: BusinessWorld, token: string, log: readonly string[]) {
    this.world = world;
    this.token = token;
    this.log = log;
  }

  static async open(storage: TestStorage, options: Omit<WorldOptions, "log"> = {}): Promise<CitizenWorld> {
    const lines: string[] = [];
    const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    const world = await BusinessWorld.open(storage, { ...options, log });
    return new CitizenWorld(world, await world.newToken("ratings"), lines);
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** Past the limits of the test before, and with nothing chosen. */
  async calm(): Promise<void> {
    this.world.nowMs += 600_000;
    await this.site(NEVER_CHOSEN);
  }

  site(changes: Parameters<typeof changeSite>[2]) {
    return inTransaction(this.world.db, (tx) => changeSite(tx, this.book, changes, "张三样例", this.world.nowMs));
  }

  async issue(wanted: object): Promise<{ readonly url: string; readonly expiresAt: string }> {
    const response = await this.world.post("/api/v1/qr-codes", wanted, this.token);
    expect(response.status).toBe(201);
    return (await response.json()) as { url: string; expiresAt: string };
  }

  /** A told case with one visit, completed unless `over` says otherwise, and the address of a code for it. */
  async served(over: Readonly<Record<string, unknown>> = {}): Promise<{ readonly caseNo: string; readonly url: string }> {
    const report = this.world.report(over);
    await this.world.tell([report]);
    return { caseNo: report.caseNo, url: (await this.issue({ caseNo: report.caseNo, visitNo: 1 })).url };
  }

  ratingOf(seq: number | null | undefined) {
    return this.world.db
      .selectFrom("ratings")
      .selectAll()
      .where("seq", "=", seq ?? 0)
      .executeTakeFirstOrThrow();
  }

  ratingsOf(caseNo: string) {
    return this.world.db.selectFrom("ratings").selectAll().where("case_no", "=", caseNo).orderBy("seq").execute();
  }
}
