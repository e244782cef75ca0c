import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import type { CivilDate } from "../calendar/civil-date.ts";
import { type OpenStorage, openStorage } from "../central.ts";
import { dateStep, endStep } from "../console/steps.ts";
import { PACK_FOLDER } from "../policy/load.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { answerErrors } from "./errors.ts";
import { policyStepRoutes } from "./policy-step-routes.ts";

const NOW = Date.UTC(2022, 2, 1, 4);

describe.each(STORAGES)("steps of the rules on $name", ({ create }) => {
  let storage: TestStorage;
  let open: OpenStorage;
  let app: FastifyInstance;
  beforeAll(async () => {
    storage = await create();
    open = await openStorage(storage.storage, () => NOW, pino({ level: "silent" }));
    app = Fastify();
    answerErrors(app);
    policyStepRoutes(app, { db: open.db, book: openRuleBook(), now: () => NOW });
  });
  afterAll(async () => {
    await app.close();
    await open.close();
    await storage.remove();
  });

  const get = async (url: string) => app.inject({ url, headers: { host: "127.0.0.1" } });
  const post = async (url: string, body: object = {}) => app.inject({ method: "POST", url, headers: { host: "127.0.0.1" }, payload: body });
  const opened = async (question: object) => {
    const answer = await post("/api/v1/policy/steps", { at: "2022-03-01T10:00+08:00", ...question });
    expect(answer.statusCode).toBe(201);
    return answer.json() as { stepId: string };
  };
  /** What people decide comes by the console; here it is told as the console tells it. */
  const doer = (by: string) => ({ scope: { is: "all" } as const, by, address: "127.0.0.1" });
  const dated = (stepId: string, by: string, dueDate = "2022-03-15") =>
    dateStep(open.db, doer(by), stepId, { dueDate: dueDate as CivilDate, reason: "会商后确定" }, NOW);
  const closed = (stepId: string) => endStep(open.db, doer("li"), stepId, NOW);
  const REFUSED = { code: "WR7107" };
  const COMPLEX = { region: "yantai", rule: "rectification", class: "complex" };

  test("a step without a number waits for a person's date, is listed until then, and keeps who set it", async () => {
    const { stepId } = await opened({ ...COMPLEX, subject: "review 7" });
    const waiting = async () =>
      ((await get("/api/v1/policy/steps?waiting=yantai")).json() as { steps: { stepId: string }[] }).steps.map((step) => step.stepId);
    expect(await waiting()).toContain(stepId);
    expect(await dated(stepId, "zhang")).toMatchObject({
      ...{ revision: 2, dueMs: Date.UTC(2022, 2, 15, 16), setting: { by: "zhang", atMs: NOW } },
    });
    expect(await waiting()).not.toContain(stepId);
    expect((await get("/api/v1/policy/steps?subject=review%207")).json()).toMatchObject({
      steps: [{ stepId, revision: 2, explanation: { region: "yantai", rule: "rectification", ask: true } }],
    });
  });

  test("every revision is kept, a closed step takes no change", async () => {
    const { stepId } = await opened({ ...COMPLEX, subject: "review 8" });
    await dated(stepId, "zhang");
    expect(await closed(stepId)).toMatchObject({ revision: 3, closedAtMs: NOW });
    await expect(dated(stepId, "li", "2022-03-20")).rejects.toMatchObject(REFUSED);
    const { revisions } = (await get(`/api/v1/policy/steps/${stepId}`)).json() as { revisions: object[] };
    expect(revisions).toMatchObject([
      { revision: 1, dueMs: null, closedAtMs: null },
      { revision: 2, dateSetting: { by: "zhang" } },
      { revision: 3, closedAtMs: NOW },
    ]);
  });

  test("of two people who set a date at the same time, one is told so", async () => {
    const { stepId } = await opened({ ...COMPLEX, subject: "review 9" });
    const both = await Promise.allSettled(["zhang", "li"].map((by) => dated(stepId, by)));
    const { revisions } = (await get(`/api/v1/policy/steps/${stepId}`)).json() as { revisions: object[] };
    const done = both.filter(({ status }) => status === "fulfilled").length;
    // In turn both are kept, at once one is refused: none is lost unseen.
    expect(revisions).toHaveLength(1 + done);
    for (const one of both) if (one.status === "rejected") expect(one.reason).toMatchObject(REFUSED);
  });

  test("a step with a number has its date from the rules", async () => {
    const { stepId } = await opened({ region: "linxia", rule: "rectification", class: "complex", subject: "review 10" });
    await expect(dated(stepId, "zhang")).rejects.toMatchObject(REFUSED);
    expect((await get("/api/v1/policy/steps?subject=review%2010")).json()).toMatchObject({ steps: [{ dueMs: Date.UTC(2022, 2, 8, 16) }] });
  });

  test("after a reading is chosen anew, open steps get a further revision, closed ones stay; asked again nothing changes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "window-central-packs-"));
    cpSync(PACK_FOLDER, folder, { recursive: true });
    const file = join(folder, "linxia.json");
    const pack = JSON.parse(readFileSync(file, "utf8")) as {
      version: number;
      rules: Record<string, { variants: { chosen?: { reading: string } }[] }>;
    };
    const variant = pack.rules["rectification-extended"]?.variants.find(({ chosen }) => chosen !== undefined);
    expect(variant?.chosen?.reading).toBe("ten-in-all");
    if (variant?.chosen !== undefined) variant.chosen.reading = "ten-more";
    writeFileSync(file, JSON.stringify({ ...pack, version: pack.version + 1 }));
    const later = Fastify();
    answerErrors(later);
    policyStepRoutes(later, { db: open.db, book: openRuleBook({ packs: folder }), now: () => NOW + 1000 });
    const EXTENDED = { region: "linxia", rule: "rectification-extended", class: "complex" };
    const [stays, named, done] = [
      await opened({ ...EXTENDED, subject: "review 21" }),
      await opened({ ...EXTENDED, reading: "ten-more", subject: "review 22" }),
      await opened({ ...EXTENDED, subject: "review 23" }),
    ];
    await closed(done.stepId);
    const ask = async () => {
      const answer = await later.inject({
        method: "POST",
        url: "/api/v1/policy/steps/recompute",
        headers: { host: "127.0.0.1" },
        payload: { region: "linxia" },
      });
      return answer.json() as { changed: string[]; refused: object[] };
    };
    const first = await ask();
    expect(first.changed).toContain(stays.stepId);
    expect(first.changed).not.toContain(done.stepId);
    expect(await ask()).toMatchObject({ changed: [], refused: [] });
    const newest = async ({ stepId }: { stepId: string }) =>
      ((await get(`/api/v1/policy/steps/${stepId}`)).json() as { revisions: object[] }).revisions.at(-1);
    expect(await newest(stays)).toMatchObject({ revision: 2, explanation: { reading: "ten-more", pack: { version: pack.version + 1 } } });
    expect(await newest(named)).toMatchObject({ explanation: { reading: "ten-more" } });
    expect(await newest(done)).toMatchObject({ revision: 2, explanation: { reading: "ten-in-all", pack: { version: pack.version } } });
    expect(
      (
        await later.inject({
          method: "POST",
          url: "/api/v1/policy/steps/recompute",
          headers: { host: "127.0.0.1" },
          payload: { region: "nowhere" },
        })
      ).statusCode,
    ).toBe(404);
    await later.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("what was recorded cannot be changed in place", async () => {
    await expect(sql`update policy_steps set due_ms = 0`.execute(open.db)).rejects.toThrow("append-only");
    await expect(sql`delete from policy_steps`.execute(open.db)).rejects.toThrow("append-only");
  });

  test.each([
    ["what a person decides", "/api/v1/policy/steps/8b0b5f6e-0d0f-4b51-9f3e-000000000001/close", {}, 404],
    [
      "a rule that the region does not have",
      "/api/v1/policy/steps",
      { region: "yantai", rule: "default-rating", at: "2022-03-01T10:00", subject: "x" },
      409,
    ],
    [
      "a year without a paper",
      "/api/v1/policy/steps",
      { region: "yantai", rule: "supplementary", at: "2031-03-01T10:00", subject: "x" },
      422,
    ],
  ])("refuses %s", async (_, url, body, status) => {
    expect((await post(url, body)).statusCode).toBe(status);
  });

  test("answers this machine alone", async () => {
    expect((await app.inject({ url: "/api/v1/policy/steps?waiting=yantai", headers: { host: "evil.example" } })).statusCode).toBe(403);
  });
});
