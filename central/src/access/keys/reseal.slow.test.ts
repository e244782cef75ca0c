import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JobWorld } from "../../../test/job-world.ts";
import { startPostgres, type TestPostgres } from "../../../test/postgres.ts";
import { boundTo, makeContactKeys } from "../../sms/contact-keys.ts";
import { KeyRing } from "./key-ring.ts";
import { rotateKey } from "./rotation.ts";

const PROCESS = fileURLToPath(new URL("../../../test/reseal-process.ts", import.meta.url));
const CONTACTS = 1200;

let folder = "";
let postgres: TestPostgres;
let databaseUrl = "";
let world: JobWorld;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "window-central-reseal-"));
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  world = await JobWorld.open({ storage: { databaseUrl }, remove: async () => {} });
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await world.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

const startReseal = async (keys: string): Promise<ChildProcess> => {
  const flags = ["--database", databaseUrl, "--keys", keys, "--now", String(world.nowMs)];
  const child = spawn(process.execPath, [PROCESS, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return child;
};
const ended = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  children.delete(child);
  return child.exitCode;
};

test("sealing anew is killed in the middle, twice, and taken up by two at once: each contact is there once, and says what it said", async () => {
  const path = join(folder, "keys.json");
  makeContactKeys(path);
  const ring = new KeyRing(path);
  await ring.refresh(world.db, world.nowMs, { holds: true });
  const requestOf = (number: number): string => `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
  const boundOf = (number: number): Uint8Array => Uint8Array.from(Buffer.from(requestOf(number).replaceAll("-", ""), "hex"));
  const sealed = Array.from({ length: CONTACTS }, (_, index) => ring.seal({ name: `王五样例 ${index}` }, boundOf(index + 1)));
  await sql`insert into ratings (seq, request_id, at_ms, received_at_ms, level)
    select n, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, 1, 5 from generate_series(1, ${CONTACTS}::int) n`.execute(
    world.db,
  );
  await sql`insert into rating_contacts (rating, sealed) select * from unnest(${sealed.map((_, index) => index + 1)}::bigint[], ${sealed}::text[])`.execute(
    world.db,
  );
  await world.db
    .insertInto("case_contacts")
    .values({ case_no: "C-1", sealed: ring.seal({ name: "赵六样例" }, boundTo("case", "C-1")), received_at_ms: 1 })
    .execute();
  const oldId = sealed[0]?.split(" ")[0] ?? "";
  await rotateKey(world.db, ring, world.nowMs, { holds: true });
  const copy = join(folder, "copy.json");
  copyFileSync(path, copy);

  const left = async (): Promise<number> =>
    (await sql<{ count: number }>`select count(*) as count from rating_contacts where key_id = ${oldId}`.execute(world.db)).rows[0]
      ?.count ?? 0;
  const requireWhole = async (): Promise<void> => {
    const rows = await world.db.selectFrom("rating_contacts").selectAll().orderBy("rating").execute();
    expect(rows.map(({ rating }) => rating)).toEqual(sealed.map((_, index) => index + 1));
    // Opening costs milliseconds: every twentieth while it goes on, all of them at the end.
    for (const { rating, sealed: text } of rows.filter((_, index) => index % 20 === 0))
      expect([rating, ring.open(text, boundOf(rating))]).toEqual([rating, { name: `王五样例 ${rating - 1}` }]);
  };
  let before = CONTACTS;
  for (const share of [0.8, 0.5]) {
    const child = await startReseal(path);
    while ((await left()) > CONTACTS * share) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    await ended(child);
    const now = await left();
    expect(now).toBeGreaterThan(0);
    expect(now).toBeLessThan(before);
    before = now;
    await requireWhole();
  }
  const both = await Promise.all([startReseal(path), startReseal(copy)]);
  expect(await Promise.all(both.map(ended))).toEqual([0, 0]);
  expect(await left()).toBe(0);
  const rows = await world.db.selectFrom("rating_contacts").selectAll().orderBy("rating").execute();
  expect(rows.map(({ rating, sealed: text }) => ring.open(text, boundOf(rating))?.name)).toEqual(
    sealed.map((_, index) => `王五样例 ${index}`),
  );
  const [ofCase] = await world.db.selectFrom("case_contacts").selectAll().execute();
  expect(ring.open(ofCase?.sealed ?? "", boundTo("case", "C-1"))).toEqual({ name: "赵六样例" });
  expect(ofCase?.key_id).not.toBe(oldId);
});
