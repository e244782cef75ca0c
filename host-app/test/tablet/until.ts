import { setTimeout as pause } from "node:timers/promises";

/** Waits until a condition of the outside world holds; works outside of a test too. @throws Error naming what did not come */
export const until = async (what: string, within: number, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + within;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what} did not come within ${within} ms`);
    await pause(50);
  }
};
