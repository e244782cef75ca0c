import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../rig/child.ts";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const TURNS = 5;

/** Setting one window up from a site file of fifty, unattended: a new data folder each time, with clerks and a business system. */
export const benchSetup = async (): Promise<BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-setup-"));
  const at = (name: string): string => join(folder, name);
  const timed = async (args: readonly string[]): Promise<number> => {
    const started = performance.now();
    await runCommand("window-host", [...args]);
    return (performance.now() - started) / 1000;
  };
  try {
    const rows = Array.from({ length: 50 }, (_, index) => `${index + 1},${1000 + index} 张三样例,PAD-${index + 1}`);
    writeFileSync(at("windows.csv"), `window,clerks,serialNumber\n${rows.join("\n")}\n`);
    await runCommand("window-host", ["pair", "--name", "bench", "--data", at("model")]);
    await runCommand("window-host", ["site", "key", "--out", at("key.pem")]);
    const site = at("site.json");
    await runCommand("window-host", [
      "site",
      "export",
      "--out",
      site,
      "--name",
      "bench",
      "--csv",
      at("windows.csv"),
      "--data",
      at("model"),
    ]);
    await runCommand("window-host", ["site", "sign", "--site", site, "--key-file", at("key.pem")]);
    const times: number[] = [];
    const bare: number[] = [];
    for (let turn = 1; turn <= TURNS; turn++) {
      bare.push(await timed(["pair", "--list", "--data", at("model")]));
      times.push(await timed(["setup", "--site", site, "--window", `${turn}`, "--data", at(`pc-${turn}`)]));
    }
    return [
      valueRow(
        {
          what: "window-host setup: one window from a site file of 50, median of 5",
          unit: "s",
          value: quantile(times, 0.5),
          against: "window-host pair --list",
          baseline: quantile(bare, 0.5),
        },
        { atMost: 5 },
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
