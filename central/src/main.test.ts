import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CentralProcess, runCentralCommand, startCentralProcess } from "../test/central-process.ts";
import { startPostgres, type TestPostgres } from "../test/postgres.ts";
import { newDataFolder } from "../test/storages.ts";
import { WindowPc } from "../test/window-pc.ts";
import type { Incidents, SetAside, Summary } from "./command-line/administration.ts";
import type { EnrolmentCode } from "./enrolment.ts";

const folders: string[] = [];
/** A data folder with an empty database. */
const dataFolder = async (): Promise<{ data: string }> => {
  const data = await newDataFolder();
  folders.push(data);
  return { data };
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const json = <T>(result: { code: number | null; out: string; err: string }): T => {
  expect(result).toMatchObject({ code: 0, err: "" });
  return JSON.parse(result.out) as T;
};

const enrol = async (central: CentralProcess, pc: WindowPc, storage: Parameters<typeof runCentralCommand>[1]): Promise<void> => {
  const { code } = json<EnrolmentCode>(await runCentralCommand(["enrol", "--window", pc.windowNo, "--json"], storage));
  await pc.enrol(central.url, code);
};

describe("kill -9 of central on an embedded database, during a drain", () => {
  test("I6: whatever was answered is still there, and sending everything again leaves nothing lost or doubled", async () => {
    const storage = await dataFolder();
    const pc = new WindowPc("drain");
    const batches = Array.from({ length: 20 }, () => pc.entries(50));
    let central = await startCentralProcess(storage);
    await enrol(central, pc, storage);
    let answered = 0;
    for (const killAfter of [2, 6, 13]) {
      for (const [index, batch] of batches.slice(0, killAfter).entries()) {
        await pc.send(central.url, batch, Date.now());
        answered = Math.max(answered, index + 1);
      }
      // The kill comes with the answer to the first of four batches, while central works on the others.
      const together = batches.slice(killAfter, killAfter + 4).map((batch) => pc.send(central.url, batch, Date.now()));
      const underWay = together.map((sending) => sending.catch(() => undefined));
      await Promise.race(together);
      await central.end("SIGKILL");
      await Promise.all(underWay);
      central = await startCentralProcess(storage);
      const { highestGapless } = await pc.send(central.url, [], Date.now());
      expect(highestGapless).toBeGreaterThanOrEqual(answered * 50);
      expect(highestGapless % 50).toBe(0);
    }
    for (const batch of batches) await pc.send(central.url, batch, Date.now());
    const { windowPcs } = (await (await fetch(`${central.url}/api/v1/entries/summary`)).json()) as Summary;
    expect(windowPcs).toMatchObject([{ entries: 1000, ratings: 1000, highestGapless: 1000, setAside: 0, incidents: 0 }]);
    expect(await central.end("SIGTERM")).toBe(0);
  });
});

describe("the commands", () => {
  let central: CentralProcess;
  let postgres: TestPostgres;
  let data: { data: string };

  beforeAll(async () => {
    postgres = await startPostgres();
    data = await dataFolder();
    central = await startCentralProcess(data);
  });
  afterAll(async () => {
    await central.end("SIGTERM");
    await postgres.stop();
  });

  test("status, incidents and set-aside show what a running central holds", async () => {
    const pc = new WindowPc("commands");
    await enrol(central, pc, data);
    await pc.send(central.url, [...pc.entries(2), pc.entry("{}"), { ...pc.entry(), body: "{}" }, pc.entry()], 0);
    expect(json<Summary>(await runCentralCommand(["status", "--json"], data)).windowPcs).toMatchObject([{ ratings: 3, setAside: 2 }]);
    const incidents = json<Incidents>(await runCentralCommand(["incidents", "--json"], data));
    expect(incidents.incidents.map(({ kind }) => kind).sort()).toEqual(["altered-entry", "wrong-clock"]);
    expect(incidents.holes).toMatchObject([{ firstMissing: 4, lastMissing: 4 }]);
    expect(
      json<SetAside>(await runCentralCommand(["set-aside", "--json"], data))
        .setAside.map(({ code }) => code)
        .sort(),
    ).toEqual(["WR7004", "WR7008"]);
    expect((await runCentralCommand(["status"], data)).out).toMatch(/^ratings 3, not rated 0, unbound 0, set aside 2\n/);
  });

  test("the token for the commands is readable by the owner of the data folder alone", () => {
    expect(statSync(join(data.data, "administration.json")).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(data.data, "administration.json"), "utf8"))).toMatchObject({ url: central.url });
  });

  test("a second central on the same folder is refused with WR7016 and exit code 1", async () => {
    const second = await runCentralCommand(["serve", "--port", "0"], data);
    expect(second).toMatchObject({ code: 1, out: "" });
    expect(second.err).toMatch(/^WR7016 /);
  });

  test("a port that is taken is refused with WR8004 and exit code 1, and the folder is given back", async () => {
    const other = await dataFolder();
    const taken = await runCentralCommand(["serve", "--port", new URL(central.url).port, "--json"], other);
    expect(taken.code).toBe(1);
    expect(JSON.parse(taken.err)).toMatchObject({ error: { code: "WR8004" } });
    expect(json<Summary>(await runCentralCommand(["status", "--json"], other)).total.windowPcs).toBe(0);
  });

  test("after a clean end the commands open the folder themselves, and a code made so works after the next start", async () => {
    const storage = await dataFolder();
    expect(await (await startCentralProcess(storage)).end("SIGINT")).toBe(0);
    const { code } = json<EnrolmentCode>(await runCentralCommand(["enrol", "--window", "3", "--valid-minutes", "5", "--json"], storage));
    const again = await startCentralProcess(storage);
    expect((await new WindowPc("later").enrol(again.url, code)).token).toHaveLength(43);
    expect(await again.end("SIGTERM")).toBe(0);
  });

  test("with DATABASE_URL the commands and the server use that PostgreSQL", async () => {
    const storage = { databaseUrl: await postgres.createDatabase() };
    const server = await startCentralProcess(storage);
    const pc = new WindowPc("by url");
    await enrol(server, pc, storage);
    await pc.send(server.url, pc.entries(3), Date.now());
    expect(await server.end("SIGTERM")).toBe(0);
    expect(json<Summary>(await runCentralCommand(["status", "--json"], storage)).windowPcs).toMatchObject([
      { ratings: 3, highestGapless: 3 },
    ]);
  });

  test("a folder without a database is WR7010, not a new empty one", async () => {
    const nowhere = await runCentralCommand(["status"], { data: join(data.data, "nowhere") });
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toMatch(/^WR7010 /);
  });
});
