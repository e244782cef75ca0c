import type { Logger } from "pino";
import type { Jobs } from "./jobs.ts";

/** How often an instance looks for what has come due. */
export const JOBS_EVERY_MS = 30_000;

/**
 * Lets the jobs run now and then every so often, never two runs at a time. A run that fails is logged; the next one takes up what it
 * left.
 * @returns ends it, after the batch that is under way
 */
export const startJobClock = (jobs: Jobs, everyMs: number, log: Logger): (() => Promise<void>) => {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const turn = async (): Promise<void> => {
    try {
      const report = await jobs.run();
      if (Object.values(report).some((done) => done !== undefined && done > 0)) log.info(report, "jobs done");
    } catch (error) {
      log.error({ err: error }, "the jobs could not run; they are tried again");
    }
    if (!isOver) timer = setTimeout(() => void turn(), everyMs).unref();
  };
  void turn();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await jobs.stop();
  };
};
