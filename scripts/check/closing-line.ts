import type { SerializedError } from "vitest";
import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The line that people and CI read last: "12 passed, 0 failed", with the skipped ones when there are any. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

/** What one test file adds. A file that breaks outside its tests (at import, in a hook) counts as one failure more. */
function tallyOf(module: TestModule): Tally {
  let [passed, failed, skipped] = [0, 0, 0];
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === "passed") passed++;
    else if (state === "failed") failed++;
    else skipped++;
  }
  if (failed === 0 && !module.ok()) failed = 1;
  return { passed, failed, skipped };
}

/**
 * A vitest reporter that writes the closing line when the process ends, after everything the other reporters print.
 * A run that failed for a reason outside the tests (an unhandled error, no test found) never closes with "0 failed".
 */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[], reason: TestRunEndReason): void {
    let [passed, failed, skipped] = [0, unhandledErrors.length, 0];
    for (const module of modules) {
      const tally = tallyOf(module);
      passed += tally.passed;
      failed += tally.failed;
      skipped += tally.skipped;
    }
    if (failed === 0 && (reason !== "passed" || modules.length === 0)) failed = 1;
    process.once("exit", () => process.stdout.write(`${closingLine({ passed, failed, skipped })}\n`));
  }
}
