import { parentPort, workerData } from "node:worker_threads";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { CareReport, CareTask } from "./care-thread.ts";
import { checkDatabase, openToRead } from "./check.ts";
import { compareWithLive, type MissingEntry, missingEntries } from "./compare.ts";
import { rescueDatabase } from "./rescue.ts";

const nowMs = (): number => performance.now();

const missingOf = (path: string, livePath: string, publicKey: string): MissingEntry[] => {
  const quarantined = openToRead(path);
  const live = openToRead(livePath);
  try {
    return [...missingEntries(quarantined, live, publicKey)];
  } finally {
    quarantined.close();
    live.close();
  }
};

const answerOf = (task: CareTask) => {
  switch (task.do) {
    case "check":
      return checkDatabase(task.path, task.publicKey, nowMs);
    case "compare":
      return compareWithLive(task.path, task.livePath, task.publicKey, nowMs);
    case "missing":
      return missingOf(task.path, task.livePath, task.publicKey);
    case "rescue":
      return rescueDatabase({ dataDir: task.dataDir, publicKey: task.publicKey, wallMs: task.wallMs, nowMs });
  }
};

const report = (task: CareTask): CareReport => {
  try {
    return { is: "done", answer: answerOf(task) };
  } catch (error) {
    if (error instanceof WindowRatingError) return { is: "failed", code: error.code, detail: error.detail };
    return { is: "failed", code: "WR4008", detail: error instanceof Error ? error.message : String(error) };
  }
};

parentPort?.postMessage(report(workerData as CareTask));
