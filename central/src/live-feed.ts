import type { Counts } from "./reading/counts.ts";

type Listener = (counts: Counts) => void;

/** Tells its listeners when anything was taken, by this instance or another on the same database. */
export interface LiveFeed {
  /** @returns a function that ends the subscription */
  subscribe(listener: Listener): () => void;
  /** Looks at once, because this instance just took something. */
  poke(): void;
  close(): void;
}

/** How often the database is asked while somebody listens; another instance's entries appear within this time. */
const LOOK_INTERVAL_MS = 500;

/**
 * The feed carries counts, not rows. Rows become visible in another order than their numbers (transactions overlap), so a
 * feed of rows by cursor would miss some; whoever hears that the counts changed reads the newest page, which is always right.
 * @param onFailure told when the database did not answer; the next look tries again
 */
export const createLiveFeed = (read: () => Promise<Counts>, onFailure: (error: unknown) => void): LiveFeed => {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  let last = "";
  let looking = false;
  let again = false;

  const look = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      do {
        again = false;
        const counts = await read();
        const text = JSON.stringify(counts);
        if (text === last) continue;
        last = text;
        for (const listener of listeners) listener(counts);
      } while (again);
    } catch (error) {
      onFailure(error);
    } finally {
      looking = false;
    }
  };

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    last = "";
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(look, LOOK_INTERVAL_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    poke() {
      if (listeners.size > 0) void look();
    },
    close() {
      listeners.clear();
      stop();
    },
  };
};
