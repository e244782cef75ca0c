import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../test/postgres.ts";
import { MORNING_MS, WindowPc } from "../test/window-pc.ts";
import { type Central, startCentral } from "./central.ts";
import type { Summary } from "./command-line/administration.ts";
import { openPostgres } from "./database/open.ts";

let postgres: TestPostgres;
let databaseUrl: string;
let instances: Central[];
const first = (): Central => instances[0] as Central;

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  instances = await Promise.all([0, 1].map(() => startCentral({ databaseUrl, port: 0, now: () => MORNING_MS })));
});
afterAll(async () => {
  for (const instance of instances) await instance.close();
  await postgres.stop();
});

const enrolled = async (name: string): Promise<WindowPc> => {
  const pc = new WindowPc(name);
  await pc.enrol(first().url, (await first().makeEnrolmentCode(pc.windowNo)).code);
  return pc;
};
const held = async (pc: WindowPc) => {
  const { windowPcs } = (await (await fetch(`${first().url}/api/v1/entries/summary`)).json()) as Summary;
  return windowPcs.find(({ windowPcId }) => windowPcId === pc.windowPcId);
};

test("I6: the same batches sent to two instances at the same time are stored once, and answered stored once", async () => {
  const pc = await enrolled("both");
  const entries = pc.entries(300);
  const batches = Array.from({ length: 10 }, (_, index) => entries.slice(index * 30, (index + 1) * 30));
  const sendings = batches.flatMap((batch) => [...instances, ...instances].map(({ url }) => pc.send(url, batch, MORNING_MS)));
  const answers = (await Promise.all(sendings)).flatMap((answer) => answer.answers.map((one) => one.answer));
  expect(answers.filter((answer) => answer === "stored")).toHaveLength(300);
  expect(answers.filter((answer) => answer === "duplicate")).toHaveLength(900);
  expect(await held(pc)).toMatchObject({ entries: 300, ratings: 300, highestGapless: 300, setAside: 0, incidents: 0 });
});

test("a refused entry sent to two instances at the same time is set aside and noted once", async () => {
  const pc = await enrolled("refused at both");
  const altered = { ...pc.entry(), body: "{}" };
  await Promise.all([...instances, ...instances].map(({ url }) => pc.send(url, [altered], MORNING_MS)));
  expect(await held(pc)).toMatchObject({ setAside: 1, incidents: 1 });
});

test("I4: one request rated through two window PCs at the same time has one rating", async () => {
  for (let round = 0; round < 5; round++) {
    const [one, other] = [await enrolled(`one ${round}`), await enrolled(`other ${round}`)];
    const shared = Array.from({ length: 20 }, () => one.requestId());
    // Opposite orders, so that the two transactions also meet in a deadlock now and then.
    const rating = (pc: WindowPc, requestIds: typeof shared) => requestIds.map((requestId) => pc.entry(pc.rating({ requestId })));
    const [mine, theirs] = await Promise.all([
      one.send(first().url, rating(one, shared), MORNING_MS),
      other.send((instances[1] as Central).url, rating(other, shared.toReversed()), MORNING_MS),
    ]);
    const outcomes = [...mine.answers, ...theirs.answers].map(({ code, answer }) => code ?? answer);
    expect(outcomes.filter((outcome) => outcome === "stored")).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === "WR7009")).toHaveLength(20);
  }
});

test("I6: connections that the database server cuts cost nothing but a new try", async () => {
  const pc = await enrolled("cut off");
  await pc.send(first().url, pc.entries(5), MORNING_MS);
  const administrator = await openPostgres(
    databaseUrl,
    () => MORNING_MS,
    () => {},
  );
  const others = sql`datname = current_database() and pid <> pg_backend_pid()`;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`.execute(administrator);
  await administrator.destroy();
  const entries = pc.entries(5);
  // A request that finds its connection cut is told to come again, and the window PC does.
  let answer = await pc.post(first().url, entries, MORNING_MS);
  while (!answer.ok) {
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    answer = await pc.post(first().url, entries, MORNING_MS);
  }
  expect(await held(pc)).toMatchObject({ entries: 10, ratings: 10, setAside: 0 });
});
