import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { china, JobWorld, TEST_KEYS } from "../../test/job-world.ts";
import { startPostgres, type TestPostgres } from "../../test/postgres.ts";
import { type SimulatedPhone, startSimulatedPhone } from "../sms/simulated-phone.ts";

const PROCESS = fileURLToPath(new URL("../../test/jobs-process.ts", import.meta.url));
const CASES = 3000;
const MONDAY = china("2026-03-02 09:00");
const LATER = china("2026-03-16 09:00");

let postgres: TestPostgres;
let databaseUrl: string;
let world: JobWorld;
let phone: SimulatedPhone;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  world = await JobWorld.open({ storage: { databaseUrl }, remove: async () => {} });
  phone = await startSimulatedPhone({ port: 0, centralUrl: "http://127.0.0.1:1", token: "none", kept: CASES * 2 });
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await phone.close();
  await world.close();
  await postgres.stop();
});

const startInstance = async (): Promise<ChildProcess> => {
  const flags = { database: databaseUrl, now: String(LATER), phone: phone.url, keys: JSON.stringify(TEST_KEYS) };
  const child = spawn(process.execPath, [PROCESS, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return child;
};
const kill = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  children.delete(child);
};
const count = async (from: string): Promise<number> =>
  (await sql<{ count: number }>`select count(*) as count from ${sql.raw(from)}`.execute(world.db)).rows[0]?.count ?? 0;
const until = async (isThere: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("three instances, two of them killed in turn in the middle of it: every reminder, message and default rating once", async () => {
  await world.chooseRegion("linxia");
  await world.set({ quietHours: null });
  for (let number = 0; number < CASES; number++) {
    await world.tell({ completedAtMs: MONDAY + number * 1000, phone: `132${String(number).padStart(8, "0")}` });
  }
  const [first, second] = [await startInstance(), await startInstance()];
  await startInstance();
  // Each kill falls into a run that has begun and is not over.
  await until(async () => (await count("reminders")) > CASES / 10);
  await kill(first);
  await until(() => phone.requests > CASES / 10);
  await kill(second);
  const sentAtKill = phone.requests;
  expect(sentAtKill).toBeLessThan(CASES);
  await startInstance();
  await until(async () => (await count("sms_messages where state in ('waiting', 'sending')")) === 0);
  await until(async () => (await count("ratings where channel = 'default'")) >= CASES);

  expect(await count("reminders where outcome = 'queued'")).toBe(CASES);
  expect(await count("(select distinct case_no from ratings where channel = 'default') one")).toBe(CASES);
  expect(await count("ratings where channel = 'default'")).toBe(CASES);
  expect(await count("cases c join ratings r on r.seq = c.item_rating and r.case_no = c.case_no")).toBe(CASES);
  expect(await count("sms_messages where state = 'accepted'")).toBe(CASES);
  // The phone shows each once, whatever was sent again after a kill.
  expect(new Set(phone.messages.map((message) => message.phone)).size).toBe(CASES);
  expect(phone.messages).toHaveLength(CASES);
});
