import { Worker } from "node:worker_threads";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import type { Comparison, DatabaseCheck, RescueReport } from "./care-shape.ts";
import type { MissingEntry } from "./compare.ts";

/** What is done beside the thread that serves the pads. */
export type CareTask =
  | { readonly do: "check"; readonly path: string; readonly publicKey: string }
  | { readonly do: "compare" | "missing"; readonly path: string; readonly livePath: string; readonly publicKey: string }
  | { readonly do: "rescue"; readonly dataDir: string; readonly publicKey: string; readonly wallMs: number };

interface CareAnswers {
  check: DatabaseCheck;
  compare: Comparison;
  missing: MissingEntry[];
  rescue: RescueReport;
}

/** What the thread sends back. */
export type CareReport =
  | { readonly is: "done"; readonly answer: CareAnswers[keyof CareAnswers] }
  | { readonly is: "failed"; readonly code: ErrorCode; readonly detail: string };

/**
 * Reads databases in a thread of its own, which ends with its task: a press is answered meanwhile, and its memory is given back.
 * @throws WR4xxx of the reading, WR4008 if the thread ends without an answer
 */
export const careInThread = async <Task extends CareTask>(task: Task): Promise<CareAnswers[Task["do"]]> => {
  const worker = new Worker(new URL("./care-worker.ts", import.meta.url), { workerData: task, execArgv: [] });
  try {
    const report = await new Promise<CareReport>((resolve) => {
      const failed = (detail: string) => resolve({ is: "failed", code: "WR4008", detail });
      worker.once("message", resolve);
      worker.once("error", (error) => failed(error.message));
      worker.once("exit", () => failed("the reading ended without an answer"));
    });
    if (report.is === "failed") throw new WindowRatingError(report.code, report.detail);
    return report.answer as CareAnswers[Task["do"]];
  } finally {
    await worker.terminate();
  }
};
