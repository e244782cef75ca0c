import { setTimeout as pause } from "node:timers/promises";

/** Waits until a condition of the outside world holds; looks every 10 ms. @throws Error naming what did not come in time */
export const until = async <T>(
  what: string,
  within: number,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> => {
  const end = performance.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found as T;
    if (performance.now() > end) throw new Error(`${what} did not come within ${within} ms`);
    await pause(10);
  }
};
