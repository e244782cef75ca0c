import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insertBare, STORAGES } from "@window-rating/central/bench";
import { runCommand, startChild } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";
import { BarePad } from "./bare-pad.ts";
import { type BenchRow, valueRow } from "./row.ts";

const ENTRIES = 10_000;

/** Fills an outbox with real entries while central is away, then lets the window PC send them: entries a second until all are confirmed. */
const drainInto = async (storage: { readonly data: string } | { readonly databaseUrl: string }): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-drain-"));
  const data = join(folder, "window");
  const [environment, centralData] = "data" in storage ? [{}, ["--data", storage.data]] : [{ DATABASE_URL: storage.databaseUrl }, []];
  const pad = new BarePad(join(folder, "pad"));
  try {
    const { token } = await runCommand("window-host", ["pair", "--name", "bench", "--data", data]);
    const offline = await startChild("window-host", [
      "--data",
      data,
      "--pad",
      pad.port.path,
      "--pad-unpaired",
      "admit",
      "--desk-port",
      "0",
      "--json",
    ]);
    await pad.ready();
    for (let turn = 0; turn < ENTRIES; turn++) await pad.press(randomBytes(16), 1 + (turn % 5));
    await offline.end("SIGTERM");

    const central = await startChild("window-central", ["serve", ...centralData, "--port", "0", "--json"], environment);
    try {
      const { code } = await runCommand("window-central", ["enrol", "--window", "1", ...centralData], environment);
      const host = await startChild("window-host", [
        ...["--data", data, "--pad", join(folder, "no-pad"), "--desk-port", "0", "--json"],
        ...["--central", String(central.ready.url), "--enrol", String(code)],
      ]);
      const started = performance.now();
      const desk = deskClient(Number(host.ready.deskPort), String(token));
      let left = ENTRIES;
      await until("the end of the drain", 120_000, async () => {
        left = (await desk.state()).queue.waiting;
        return left === 0;
      });
      const seconds = (performance.now() - started) / 1000;
      await host.end("SIGTERM");
      return ENTRIES / seconds;
    } finally {
      await central.end("SIGTERM");
    }
  } finally {
    await pad.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const MUST: Readonly<Record<string, number>> = { PGlite: 2000, PostgreSQL: 5000 };

/** The outbox of one window PC to a central on loopback, on both kinds of storage; beside bare multi-row INSERTs of such rows. */
export const benchDrain = async (): Promise<BenchRow[]> => {
  const rows: BenchRow[] = [];
  for (const { name, create } of STORAGES) {
    const [forDrain, forBare] = [await create(), await create()];
    try {
      const value = await drainInto(forDrain.storage);
      const baseline = await insertBare(forBare.storage, ENTRIES);
      rows.push(
        valueRow(
          { what: `outbox drain to central on loopback, ${name}`, unit: "entries/s", value, against: "bare multi-row INSERT", baseline },
          { atLeast: MUST[name] as number },
        ),
      );
    } finally {
      await forDrain.remove();
      await forBare.remove();
    }
  }
  return rows;
};
