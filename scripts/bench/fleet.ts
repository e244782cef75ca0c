import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { ITEMS } from "../demo/seed.ts";
import { type Child, runCommand, startChild } from "../rig/child.ts";
import { type DeskClient, DeskRefusal, deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";
import { usageOf } from "./process-usage.ts";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const PADS = 1000;
/** Each window ends a case this often. */
const EVERY_MS = 10_000;
/** Rounds that are not measured, and those that are. */
const WARM_UP = 1;
const ROUNDS = 6;
/** The desk API lets each business system send fifty requests a second; a hall of a thousand windows has several. */
const SYSTEMS = 8;
/** Clear of the ports that the kernel gives to outgoing connections. */
const FIRST_PORT = 21_000;

/** One rating of one pad, as `pad-sim fleet --records` writes it. */
interface PadRating {
  readonly serialNumber: string;
  readonly eventNo: number;
  readonly requestId: string;
  readonly level: number;
  readonly storedAfterMs: number | null;
}

interface FleetEnd {
  readonly asked: number;
  readonly pressed: number;
  readonly acked: number;
  readonly memoryMB: number;
}

/** Ends the fleet and reads its last line. */
const endFleet = async (fleet: Child): Promise<FleetEnd> => {
  let last = "";
  createInterface({ input: fleet.process.stdout as NonNullable<typeof fleet.process.stdout> }).on("line", (line) => {
    last = line;
  });
  await fleet.end("SIGTERM");
  return until("the fleet's summary", 10_000, () => last !== "" && (JSON.parse(last) as FleetEnd));
};

/** Says a verb again if the connection that it went over had just been closed for idling: saying it twice changes nothing. */
const insist = async (verb: () => Promise<unknown>): Promise<void> => {
  for (let left = 5; ; left--) {
    try {
      await verb();
      return;
    } catch (error) {
      // Carried out at the first try.
      if (error instanceof DeskRefusal && error.code === "WR5006") return;
      if (error instanceof DeskRefusal || left === 0) throw error;
      await pause(50);
    }
  }
};

/** Serves every window once, spread evenly over the time of a round. */
const serveRound = async (desks: readonly DeskClient[], round: number): Promise<void> => {
  const start = performance.now();
  await Promise.all(
    desks.map(async (desk, index) => {
      await pause((index * EVERY_MS) / desks.length);
      const caseNo = `FLEET-${index}-${round}`;
      await insist(() => desk.startCase({ caseNo, ...ITEMS[0] }));
      await insist(() => desk.endCase(caseNo));
    }),
  );
  await pause(Math.max(0, start + EVERY_MS - performance.now()));
};

/** Ratings that are not on the window PC as the pad gave them, and ratings there that no pad gave. */
const wrongRatings = (databasePath: string, given: readonly PadRating[]): number => {
  const database = new Database(databasePath, { readonly: true });
  try {
    const rows = database.prepare<[], { request_id: string; level: number }>("SELECT request_id, level FROM ratings").all();
    const kept = new Map(rows.map(({ request_id, level }) => [request_id, level]));
    const ofPads = new Map(given.map(({ requestId, level }) => [requestId, level]));
    const lost = given.filter(({ requestId, level }) => kept.get(requestId) !== level).length;
    const strange = rows.filter(({ request_id, level }) => ofPads.get(request_id) !== level).length;
    return lost + strange + (given.length - ofPads.size);
  } finally {
    database.close();
  }
};

/** A thousand pads behind TCP ports, one rating each per ten seconds, with one window PC process for all of them. */
export const benchFleet = async (): Promise<BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-fleet-"));
  const data = join(folder, "window");
  const records = join(folder, "ratings.jsonl");
  const windows = join(folder, "windows.json");
  mkdirSync(data);
  const fleetArgs = [
    "--count",
    String(PADS),
    "--port",
    String(FIRST_PORT),
    "--citizens",
    "keen",
    "--windows",
    windows,
    "--records",
    records,
  ];
  const fleet = await startChild("pad-sim", ["fleet", ...fleetArgs, "--json"]);
  let host: Child | undefined;
  try {
    // None of them is paired; a thousand codes would have to be typed.
    const config = { ...(JSON.parse(readFileSync(windows, "utf8")) as object), pad: { unpaired: "admit" } };
    writeFileSync(join(data, "config.json"), JSON.stringify(config));
    const tokens: string[] = [];
    for (let system = 0; system < SYSTEMS; system++) {
      tokens.push(String((await runCommand("window-host", ["pair", "--name", `bench ${system}`, "--data", data])).token));
    }
    host = await startChild("window-host", ["--data", data, "--pad-unpaired", "admit", "--desk-port", "0", "--json"]);
    const port = Number(host.ready.deskPort);
    const desks = Array.from({ length: PADS }, (_, index) => deskClient(port, tokens[index % SYSTEMS] as string, String(index + 1)));
    for (const [index, desk] of desks.entries()) {
      await insist(() => desk.signIn({ staffNo: String(1000 + index), name: "张三样例" }));
      await pause(1000 / (SYSTEMS * 40));
    }
    const anyDesk = desks[0] as DeskClient;
    await until("a thousand pads", 60_000, async () => {
      await pause(500);
      return (await anyDesk.windows()).every(({ pad }) => pad.connection === "ready");
    });
    for (let round = 0; round < WARM_UP; round++) await serveRound(desks, round);
    const pids = { host: host.process.pid as number, fleet: fleet.process.pid as number };
    const before = { host: usageOf(pids.host), fleet: usageOf(pids.fleet), at: performance.now() };
    for (let round = WARM_UP; round < WARM_UP + ROUNDS; round++) await serveRound(desks, round);
    const seconds = (performance.now() - before.at) / 1000;
    const after = { host: usageOf(pids.host), fleet: usageOf(pids.fleet) };
    // The last citizens have pressed by then.
    await pause(5000);
    const counted = await endFleet(fleet);
    await host.end("SIGTERM");
    const ratings = readFileSync(records, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as PadRating);
    const measured = ratings
      .filter(({ eventNo }) => eventNo > 1 + WARM_UP)
      .map(({ storedAfterMs }) => storedAfterMs ?? Number.POSITIVE_INFINITY);
    const wrong = wrongRatings(join(data, "window.db"), ratings) + (PADS * (WARM_UP + ROUNDS) - counted.acked);
    const cores = (side: "host" | "fleet"): number => (after[side].cpuSeconds - before[side].cpuSeconds) / seconds;
    const what = "1,000 pads over TCP, one rating each per 10 s, one window-host";
    return [
      valueRow(
        {
          what: `${what}: press → stored, p99`,
          unit: "ms",
          value: quantile(measured, 0.99),
          against: "p50",
          baseline: quantile(measured, 0.5),
        },
        { atMost: 50 },
      ),
      valueRow(
        { what: `${what}: lost, doubled or misbound`, unit: "ratings", value: wrong, against: "ratings", baseline: ratings.length },
        { atMost: 0 },
      ),
      valueRow(
        { what: `${what}: processor`, unit: "cores", value: cores("host"), against: "pad-sim fleet", baseline: cores("fleet") },
        { atMost: 1 },
      ),
      valueRow(
        { what: `${what}: memory`, unit: "MB RSS", value: after.host.mostMB, against: "pad-sim fleet", baseline: after.fleet.mostMB },
        { atMost: 400 },
      ),
      valueRow(
        {
          what: "pad-sim fleet of 1,000: processor",
          unit: "cores",
          value: cores("fleet"),
          against: "window-host",
          baseline: cores("host"),
        },
        { atMost: 1 },
      ),
      valueRow(
        {
          what: "pad-sim fleet of 1,000: memory",
          unit: "MB RSS",
          value: after.fleet.mostMB,
          against: "window-host",
          baseline: after.host.mostMB,
        },
        { atMost: 300 },
      ),
    ];
  } finally {
    await fleet.end("SIGKILL");
    await host?.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
};
