import type { HandedPushes, PushState } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startPostgres, type TestPostgres } from "../../test/postgres.ts";
import { WindowPc } from "../../test/window-pc.ts";
import { type Central, startCentral } from "../central.ts";
import { openPostgres } from "../database/open.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { addSystem } from "../registry/systems.ts";
import { PostgresBell } from "./bell.ts";

let postgres: TestPostgres;
let databaseUrl: string;
let one: Central;
let other: Central;
let db: CentralDatabase;
let token: string;
const pc = new WindowPc("pushed to", "3");

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  one = await startCentral({ databaseUrl, port: 0 });
  other = await startCentral({ databaseUrl, port: 0 });
  db = await openPostgres(databaseUrl, Date.now, () => {});
  token = (await addSystem(db, { name: "样例系统", scopes: ["push"] }, Date.now())).token;
  await pc.enrol(one.url, (await one.makeEnrolmentCode("3")).code);
});
afterAll(async () => {
  await db.destroy();
  await one.close();
  await other.close();
  await postgres.stop();
});

const ask = async <Answer>(central: Central, path: string, body: object, as: string): Promise<Answer> => {
  const headers = { "content-type": "application/json", authorization: `Bearer ${as}` };
  return (await (await fetch(`${central.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json()) as Answer;
};
const take = (central: Central) =>
  ask<HandedPushes>(central, "/sync/v1/pushes/take", { windowPcId: pc.windowPcId, windowNos: ["3"], waitSeconds: 20 }, pc.token);
const push = (central: Central, pushNo: string) => {
  const order = { do: "end-case", windowNo: "3", caseNo: pushNo };
  return ask<PushState>(central, "/api/v1/push/orders", { pushNo, waitSeconds: 20, order }, token);
};
const roundTrip = async (pushNo: string): Promise<void> => {
  const waiting = take(other);
  const asking = push(one, pushNo);
  const { pushes } = await waiting;
  expect(pushes).toHaveLength(1);
  const outcome = { is: "taken", requestId: null };
  await ask(other, "/sync/v1/pushes/answer", { windowPcId: pc.windowPcId, pushId: pushes[0]?.pushId, outcome }, pc.token);
  expect(await asking).toMatchObject({ pushNo, state: "taken" });
};

test("a push to one instance reaches a window PC that waits at another, and the answer comes back the same way", async () => {
  for (let round = 0; round < 5; round++) await roundTrip(`I-${round}`);
});

test("they go on when the database cuts every connection, those that listen as well", async () => {
  const others = sql`datname = current_database() and pid <> pg_backend_pid()`;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`.execute(db);
  // Whoever finds its connection cut is told to come again, and does so with the same number.
  const order = { do: "end-case", windowNo: "3", caseNo: "cut" };
  await vi.waitUntil(
    async () => (await ask<Partial<PushState>>(one, "/api/v1/push/orders", { pushNo: "cut", order }, token)).pushNo === "cut",
  );
  const { pushes } = await vi.waitUntil(async () => {
    const taken = await take(other);
    return (taken.pushes?.length ?? 0) > 0 && taken;
  });
  const answer = { windowPcId: pc.windowPcId, pushId: pushes[0]?.pushId, outcome: { is: "taken", requestId: null } };
  await vi.waitUntil(async () => Object.keys(await ask<object>(other, "/sync/v1/pushes/answer", answer, pc.token)).length === 0);
  await roundTrip("after");
});

test("a bell that is closed lets everybody go, and nobody wait again", async () => {
  const bell = new PostgresBell(databaseUrl, db, pino({ level: "silent" }));
  const waiting = bell.listen(["a"]).heard(60_000);
  bell.close();
  await waiting;
  await bell.listen(["a"]).heard(60_000);
  expect(bell.isClosed).toBe(true);
});
