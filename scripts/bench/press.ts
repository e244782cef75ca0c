import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PtyPort } from "@window-rating/firmware-sim";
import Database from "better-sqlite3";
import { ITEMS } from "../demo/seed.ts";
import { runCommand, startChild } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { BarePad } from "./bare-pad.ts";
import { type BenchRow, quantile, ratioRow, valueRow } from "./row.ts";

const WARM_UP = 100;
const SAMPLES = 600;
const PACE_MS = 45;
const ECHO_BYTES = 48;

/** One measuring of the baseline at a time, so that it can be taken in turn with what is held against it. */
interface Baseline {
  measure(): Promise<number>;
  close(): Promise<void>;
}

/** 48 bytes, the size of a rating on the wire, to another process and back over a kernel tty, and one row of 300 bytes committed with WAL and FULL. */
const startBaseline = async (folder: string): Promise<Baseline> => {
  const port = new PtyPort(join(folder, "echo"));
  const echo = await startChild("echo-host", [port.path]);
  const database = new Database(join(folder, "bare.db"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)");
  const insert = database.prepare("INSERT INTO row (text) VALUES (?)");
  return {
    async measure() {
      const started = performance.now();
      await new Promise<void>((resolve) => {
        let got = 0;
        port.listen({
          bytes: (chunk) => {
            got += chunk.length;
            if (got >= ECHO_BYTES) resolve();
          },
        });
        port.write(new Uint8Array(ECHO_BYTES).fill(1));
      });
      insert.run("x".repeat(300));
      return performance.now() - started;
    },
    async close() {
      database.close();
      await echo.end("SIGTERM");
      await port.close();
    },
  };
};

/** Press → committed → acknowledged, and *case ended* → *open rating* at the pad, with the window PC as a process of its own. */
export const benchPress = async (): Promise<BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-bench-"));
  const data = join(folder, "window");
  const { token } = await runCommand("window-host", ["pair", "--name", "bench", "--data", data]);
  const pad = new BarePad(join(folder, "pad"));
  const host = await startChild("window-host", [
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
  const baseline = await startBaseline(folder);
  try {
    await pad.ready();
    const desk = deskClient(Number(host.ready.deskPort), String(token));
    await desk.signIn({ staffNo: "1001", name: "张三样例" });
    const item = ITEMS[0];
    const opened: number[] = [];
    const pressed: number[] = [];
    const bare: number[] = [];
    for (let turn = 0; turn < WARM_UP + SAMPLES; turn++) {
      const caseNo = `BENCH-${turn}`;
      // The desk API lets a business system send fifty requests a second, and no window has more.
      await pause(PACE_MS);
      await desk.startCase({ caseNo, ...item });
      const started = performance.now();
      let requestId: Uint8Array = new Uint8Array(16);
      const shown = new Promise<number>((resolve) => {
        pad.onOpen = (message) => {
          requestId = message.requestId;
          resolve(performance.now() - started);
        };
      });
      await desk.endCase(caseNo);
      const openedMs = await shown;
      const bareMs = await baseline.measure();
      const pressedMs = await pad.press(requestId, 1 + (turn % 5));
      if (turn < WARM_UP) continue;
      opened.push(openedMs);
      bare.push(bareMs);
      pressed.push(pressedMs);
    }
    const row = (share: number) => ({
      what: `press → committed → acknowledged over a pty, p${share * 100}`,
      unit: "ms",
      value: quantile(pressed, share),
      against: `pty echo + one bare FULL commit, p${share * 100}`,
      baseline: quantile(bare, share),
    });
    return [
      ratioRow(row(0.5), { atMost: 2 }),
      ratioRow(row(0.99), { atMost: 4 }),
      valueRow(
        { ...row(0.99), what: "case ended → last byte of open rating at the pad, p99", value: quantile(opened, 0.99) },
        { atMost: 10 },
      ),
    ];
  } finally {
    await baseline.close();
    await host.end("SIGTERM");
    await pad.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
