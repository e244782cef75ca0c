import type { Logger } from "pino";
import type { CentralDatabase } from "../../database/tables.ts";
import { type KeyRing, REFRESH_EVERY_MS } from "./key-ring.ts";

interface ClockParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * Lets an instance say now and then which keys it holds, and take up what changed in the key file. A failure is logged; until the next look
 * it goes on with the keys it has.
 * @returns ends it, after the look that is under way; the others wait for this instance no more
 */
export const startKeyClock = (keys: KeyRing, { db, now, log }: ClockParts): (() => Promise<void>) => {
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  let isOver = false;
  const look = async (): Promise<void> => {
    try {
      const before = keys.publicKey;
      await keys.refresh(db, now(), { holds: true });
      if (keys.publicKey !== before) log.info("what citizens write is sealed with a newer key from now on");
    } catch (error) {
      log.error({ err: error }, "the key file could not be taken up; it goes on with the keys it has");
    }
    if (!isOver) wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      turn = look();
    }, REFRESH_EVERY_MS).unref();
  };
  wait();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await turn;
    // Should this fail, the others wait for it a little longer.
    await keys.leave(db).catch(() => {});
  };
};
