import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS } from "../../test/window-pc.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { ReceiptView } from "../ratings/receipt-view.ts";
import { issueReceipt } from "../ratings/receipts.ts";
import { changeSite, RatingPolicies } from "../ratings/site.ts";
import type { Submission } from "../ratings/submission.ts";

const DAY_MS = 86_400_000;

describe.each(STORAGES)("a receipt code on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let policy: RatingPolicy;
  let keys = 0;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
    const book = openRuleBook();
    await inTransaction(world.db, (tx) => changeSite(tx, book, { region: "yantai", correctWithinDays: 3 }, "张三样例", world.nowMs));
    policy = await inTransaction(world.db, (tx) => new RatingPolicies(book).inForce(tx));
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });
  beforeEach(() => {
    // Past the limit of the test before.
    world.nowMs += 120_000;
  });

  const rate = async (over: Partial<Submission> = {}): Promise<string> => {
    const told = world.report();
    await world.tell([told]);
    keys += 1;
    const submission: Submission = {
      channel: "web",
      key: `key ${keys}`,
      subject: { kind: "staff", caseNo: told.caseNo, visitNo: 1 },
      level: 2,
      reasons: { version: "2020", codes: ["213", "214"] },
      comment: "等候太久",
      atMs: world.nowMs,
      ...over,
    };
    const acceptance = await inTransaction(world.db, (tx) => acceptRating(tx, submission, policy, world.nowMs));
    if (acceptance.is !== "accepted") throw new Error(JSON.stringify(acceptance));
    return acceptance.receipt;
  };
  const view = async (code: string): Promise<ReceiptView> =>
    (await fetch(`${world.url}/api/v1/receipts/${code}`)).json() as Promise<ReceiptView>;
  const correct = (code: string, correction: object) => world.post(`/api/v1/receipts/${code}/corrections`, correction, "");
  const key = () => {
    keys += 1;
    return `correction-key-${String(keys).padStart(4, "0")}`;
  };

  test("shows the rating without clerk and case, however it is typed", async () => {
    const code = await rate();
    const seen = await view(code.toLowerCase().replaceAll("-", ""));
    expect(seen).toEqual({
      subject: "staff",
      itemName: "居民身份证换领",
      ratings: [
        {
          level: 2,
          channel: "web",
          atMs: world.nowMs,
          reasonsVersion: "2020",
          reasonCodes: ["213", "214"],
          comment: "等候太久",
          isEffective: true,
        },
      ],
      correctUntilMs: world.nowMs + 3 * DAY_MS,
      handling: [],
    });
    expect(JSON.stringify(seen)).not.toMatch(/张三样例|1001|B-/);
  });

  test("corrects the rating within its time; both are seen, and either code leads to both", async () => {
    const code = await rate();
    const own = key();
    const answer = await correct(code, { key: own, level: 5 });
    const { receipt } = (await answer.json()) as { receipt: string };
    expect([answer.status, receipt]).toEqual([201, expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)]);
    expect((await view(code)).ratings.map(({ level, isEffective }) => [level, isEffective])).toEqual([
      [5, true],
      [2, false],
    ]);
    expect(await view(receipt)).toEqual(await view(code));
    expect(await (await correct(code, { key: own, level: 5 })).json()).toEqual({ answer: "duplicate" });
    world.nowMs += 3 * DAY_MS + 1;
    expect(await errorOf(await correct(code, { key: key(), level: 1 }))).toMatchObject({ status: 403, code: "WR7024" });
    expect((await view(code)).ratings).toHaveLength(2);
  });

  test("of a press at the counter may be issued later, and corrects it out of the clerk's sight", async () => {
    const pc = await world.enrolled();
    const body = pc.rating({ level: 5 });
    await pc.send(world.url, [pc.entry(body)], MORNING_MS);
    const visit = await world.visit(body.binding.caseNo);
    const code = await inTransaction(world.db, (tx) => issueReceipt(tx, visit?.staff_rating ?? 0, world.nowMs));
    expect((await view(code)).ratings).toMatchObject([{ level: 5, channel: "pad", isEffective: true }]);
    expect((await correct(code, { key: key(), level: 1 })).status).toBe(201);
    expect((await world.visit(body.binding.caseNo))?.staff_rating).not.toBe(visit?.staff_rating);
  });

  test("that is wrong tells nothing: the same for a typing error and a code that was never issued", async () => {
    const code = await rate();
    const answers = await Promise.all(
      [`${code.startsWith("2") ? "3" : "2"}${code.slice(1)}`, "0000-0000-0000", "ZZZZ", encodeURIComponent("' or 1=1 --"), "%00"].map(
        async (wrong) => errorOf(await fetch(`${world.url}/api/v1/receipts/${wrong}`)),
      ),
    );
    expect(new Set(answers.map(({ status, code: error, detail }) => JSON.stringify([status, error, detail])))).toEqual(
      new Set([JSON.stringify([404, "WR7028", "No rating has this code"])]),
    );
  });

  test("is guessed in vain: after twenty tries WR7029 says when to come again", async () => {
    const statuses: number[] = [];
    for (let tries = 0; tries < 25; tries++) statuses.push((await fetch(`${world.url}/api/v1/receipts/0000-0000-0000`)).status);
    expect(statuses).toEqual([...Array(20).fill(404), ...Array(5).fill(429)]);
    const limited = await fetch(`${world.url}/api/v1/receipts/0000-0000-0000`);
    expect(limited.headers.get("retry-after")).toBe("3");
    world.nowMs += 3000;
    expect((await fetch(`${world.url}/api/v1/receipts/0000-0000-0000`)).status).toBe(404);
  });

  test("takes no correction that is nonsense, or whose reasons do not fit", async () => {
    const code = await rate();
    for (const wrong of [
      {},
      { key: key(), level: 6 },
      { key: "short", level: 5 },
      { key: key(), level: 5, more: 1 },
      { key: key(), level: 5, words: "\0" },
    ]) {
      expect(await errorOf(await correct(code, wrong))).toMatchObject({ status: 400, code: "WR7001" });
    }
    expect(await errorOf(await correct(code, { key: key(), level: 5, reasons: { version: "2020", codes: ["213"] } }))).toMatchObject({
      status: 422,
      code: "WR7025",
    });
  });
});
