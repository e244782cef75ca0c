import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { STORAGES } from "@window-rating/central/bench";
import { ITEMS } from "../demo/seed.ts";
import { type Child, runCommand, startChild } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { BarePad } from "./bare-pad.ts";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const WINDOW = "8";
const WARM_UP = 20;
const SAMPLES = 300;
/** Central lets a business system push fifty times a second, and no hall does. */
const PACE_MS = 40;

const post = async (url: string, body: object, token = ""): Promise<unknown> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return response.json();
};

/** Somebody who takes what is ordered at the relay as soon as it comes, and says so. */
const takeForEver = async (url: string): Promise<void> => {
  for (;;) await post(`${url}/answer`, { outcome: await post(`${url}/take`, { waitSeconds: 25 }) });
};

interface Stage {
  readonly central: string;
  readonly systemToken: string;
  readonly pad: BarePad;
  readonly relay: string;
}

/** Business system → central → window PC, each a process of its own, with PostgreSQL below central. */
export const benchPush = async (): Promise<BenchRow[]> => {
  const postgres = STORAGES.find(({ name }) => name === "PostgreSQL");
  if (postgres === undefined) throw new Error("There is no PostgreSQL among the storages");
  const { storage, remove } = await postgres.create();
  if (!("databaseUrl" in storage)) throw new Error("A PostgreSQL has a URL");
  await using undo = new AsyncDisposableStack();
  undo.defer(remove);
  const folder = mkdtempSync(join(tmpdir(), "window-rating-push-"));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const env = { DATABASE_URL: storage.databaseUrl };
  const data = join(folder, "window");
  const pad = new BarePad(join(folder, "pad"));
  undo.defer(() => pad.close());
  const start = async (...[command, args, more]: Parameters<typeof startChild>): Promise<Child> => {
    const child = await startChild(command, args, more);
    undo.defer(() => child.end("SIGTERM"));
    return child;
  };
  const central = await start("window-central", ["serve", "--port", "0", "--json", "--log-level", "silent"], env);
  const { code } = await runCommand("window-central", ["enrol", "--window", WINDOW], env);
  const system = await runCommand("window-central", ["system", "add", "--name", "bench", "--scope", "push"], env);
  const { token } = await runCommand("window-host", ["pair", "--name", "bench", "--data", data]);
  const host = await start("window-host", [
    ...["--data", data, "--window", WINDOW, "--pad", pad.port.path, "--pad-unpaired", "admit", "--desk-port", "0", "--json"],
    ...["--central", String(central.ready.url), "--enrol", String(code)],
  ]);
  const relay = await start("echo-relay", []);
  await pad.ready();
  await deskClient(Number(host.ready.deskPort), String(token)).signIn({ staffNo: "1001", name: "张三样例" });
  const { taken, lit, bare } = await pushes({
    ...{ central: String(central.ready.url), systemToken: String(system.token), pad },
    relay: `http://127.0.0.1:${relay.ready.port}`,
  });
  const against = "the same way through a relay that keeps nothing, p99";
  const baseline = quantile(bare, 0.99);
  return [
    valueRow(
      {
        ...{ what: "push: business system → central (PostgreSQL) → window PC → told that it was taken, p99", unit: "ms" },
        ...{ value: quantile(taken, 0.99), against, baseline },
      },
      { atMost: 1000 },
    ),
    valueRow(
      {
        ...{ what: "push: business system → central (PostgreSQL) → window PC → open rating at the pad, p99", unit: "ms" },
        ...{ value: quantile(lit, 0.99), against, baseline },
      },
      { atMost: 1000 },
    ),
  ];
};

const pushes = async ({ central, systemToken, pad, relay }: Stage) => {
  const taken: number[] = [];
  const lit: number[] = [];
  const bare: number[] = [];
  // Ends with the relay, which cuts its question.
  takeForEver(relay).catch(() => undefined);
  for (let turn = 0; turn < WARM_UP + SAMPLES; turn++) {
    const order = { do: "end-case", windowNo: WINDOW, caseNo: `PUSH-${turn}`, item: ITEMS[0] };
    const push = { pushNo: randomUUID(), waitSeconds: 10, order };
    await pause(PACE_MS);
    const started = performance.now();
    const shown = new Promise<number>((resolve) => {
      pad.onOpen = () => resolve(performance.now() - started);
    });
    const answer = (await post(`${central}/api/v1/push/orders`, push, systemToken)) as { state?: string };
    const takenMs = performance.now() - started;
    if (answer.state !== "taken") throw new Error(`a push was not taken: ${JSON.stringify(answer)}`);
    const litMs = await shown;
    const bareStarted = performance.now();
    await post(`${relay}/order`, push);
    const bareMs = performance.now() - bareStarted;
    if (turn < WARM_UP) continue;
    taken.push(takenMs);
    lit.push(litMs);
    bare.push(bareMs);
  }
  return { taken, lit, bare };
};
