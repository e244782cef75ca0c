import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runCommand, startChild } from "../rig/child.ts";
import { layShippedHost } from "../rig/shipped-host.ts";
import { BarePad } from "./bare-pad.ts";
import { residentMB } from "./process-usage.ts";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const STARTS = 7;
/** Memory is read when the program has been idle this long. */
const IDLE_MS = 5000;

/** Starting Node with nothing to do, and what that takes of memory: what no program of ours can be under. */
const bareNode = async (): Promise<{ ms: number; megabytes: number }> => {
  const started = performance.now();
  const child = spawn(process.execPath, ["-e", "process.stdout.write('1');setTimeout(()=>{},60000)"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const ms = performance.now() - started;
  await pause(500);
  const megabytes = residentMB(child.pid as number);
  child.kill("SIGKILL");
  return { ms, megabytes };
};

/** Start of the window PC as it is shipped until its line "ready", and its memory when idle with a pad on its line. */
export const benchStart = async (): Promise<BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-start-"));
  const pad = new BarePad(join(folder, "pad"));
  const data = join(folder, "window");
  const windowHost = await layShippedHost(join(folder, "shipped"));
  await runCommand(windowHost, ["pair", "--name", "bench", "--data", data]);
  const times: number[] = [];
  const bare: number[] = [];
  let memory = 0;
  let bareMemory = 0;
  try {
    for (let turn = 0; turn < STARTS; turn++) {
      const node = await bareNode();
      bare.push(node.ms);
      bareMemory = node.megabytes;
      const started = performance.now();
      const host = await startChild(windowHost, [
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
      times.push(performance.now() - started);
      if (turn === STARTS - 1) {
        await pause(IDLE_MS);
        memory = residentMB(host.process.pid as number);
      }
      await host.end("SIGTERM");
    }
  } finally {
    await pad.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    valueRow(
      {
        what: "window-host as shipped: start to ready, median of 7",
        unit: "ms",
        value: quantile(times, 0.5),
        against: "bare Node",
        baseline: quantile(bare, 0.5),
      },
      { atMost: 700 },
    ),
    valueRow(
      { what: "window-host as shipped: idle memory", unit: "MB RSS", value: memory, against: "bare Node", baseline: bareMemory },
      { atMost: 100 },
    ),
  ];
};
