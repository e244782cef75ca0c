import { setTimeout as pause } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import pg from "pg";
import type { Logger } from "pino";

/** Somebody who waits. Begin to listen before you look: what is rung in between is heard. */
export interface Ear {
  /** Resolves when one of the topics was rung since `listen`, and after `ms` at the latest. */
  heard(ms: number): Promise<void>;
  /** Whoever still waits goes on. */
  end(): void;
}

/** Tells waiting requests that something may have changed for them; what has, they look up. */
export interface Bell {
  readonly isClosed: boolean;
  /** @param topics where a push for a window, or the answer to a push, is told */
  listen(topics: readonly string[]): Ear;
  /** After the commit. */
  ring(topic: string): Promise<void>;
  /** Everybody who waits goes. */
  close(): void;
}

/** One instance on one database: what is rung here is all there is. */
export class LocalBell implements Bell {
  readonly #ears = new Map<string, Set<() => void>>();
  isClosed = false;

  listen(topics: readonly string[]): Ear {
    const gate = Promise.withResolvers<void>();
    const wake = (): void => gate.resolve();
    for (const topic of topics) this.#ears.set(topic, (this.#ears.get(topic) ?? new Set()).add(wake));
    if (this.isClosed) wake();
    let timer: NodeJS.Timeout | undefined;
    return {
      heard: (ms) => {
        timer = setTimeout(wake, ms);
        return gate.promise;
      },
      end: () => {
        clearTimeout(timer);
        wake();
        for (const topic of topics) {
          const ears = this.#ears.get(topic);
          ears?.delete(wake);
          if (ears?.size === 0) this.#ears.delete(topic);
        }
      },
    };
  }

  async ring(topic: string): Promise<void> {
    this.wake(topic);
  }

  /** Those in this process. */
  wake(topic: string): void {
    for (const wake of [...(this.#ears.get(topic) ?? [])]) wake();
  }

  wakeAll(): void {
    for (const topic of [...this.#ears.keys()]) this.wake(topic);
  }

  close(): void {
    this.isClosed = true;
    this.wakeAll();
  }
}

const CHANNEL = "window_rating_bell";
/** While the connection that listens is down, everybody looks by themselves. */
const BLIND_LOOK_MS = 500;
const AGAIN_MS = 500;

/** Several instances on one PostgreSQL: each listens on a connection of its own (LISTEN), and rings through the pool (NOTIFY). */
export class PostgresBell implements Bell {
  readonly #local = new LocalBell();
  readonly #url: string;
  readonly #log: Logger;
  // biome-ignore lint/suspicious/noExplicitAny: it sends one statement that names no table
  readonly #db: Kysely<any>;
  #client: pg.Client | undefined;
  #blind: NodeJS.Timeout | undefined;

  // biome-ignore lint/suspicious/noExplicitAny: as above
  constructor(databaseUrl: string, db: Kysely<any>, log: Logger) {
    this.#url = databaseUrl;
    this.#db = db;
    this.#log = log;
    void this.#run();
  }

  get isClosed(): boolean {
    return this.#local.isClosed;
  }

  listen(topics: readonly string[]): Ear {
    return this.#local.listen(topics);
  }

  async ring(topic: string): Promise<void> {
    this.#local.wake(topic);
    // The others hear of it late then, when they look by themselves; what was asked is committed.
    await sql`select pg_notify(${CHANNEL}, ${topic})`
      .execute(this.#db)
      .catch((error: unknown) => this.#log.warn({ err: error }, "bell not rung"));
  }

  close(): void {
    this.#local.close();
    clearInterval(this.#blind);
    void this.#client?.end().catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (!this.isClosed) {
      const client = new pg.Client({ connectionString: this.#url, keepAlive: true });
      const lost = new Promise<void>((resolve) => client.once("end", () => resolve()));
      client.on("error", (error) => this.#log.warn({ err: error }, "the connection that listens for pushes broke"));
      client.on("notification", ({ payload }) => this.#local.wake(payload ?? ""));
      this.#client = client;
      try {
        await client.connect();
        await client.query(`listen ${CHANNEL}`);
        clearInterval(this.#blind);
        this.#blind = undefined;
        // What was rung while nobody listened.
        this.#local.wakeAll();
        if (this.isClosed) await client.end();
        await lost;
      } catch (error) {
        this.#log.warn({ err: error }, "no connection that listens for pushes");
        await client.end().catch(() => undefined);
      }
      if (this.isClosed) return;
      this.#blind ??= setInterval(() => this.#local.wakeAll(), BLIND_LOOK_MS).unref();
      await pause(AGAIN_MS, undefined, { ref: false });
    }
  }
}
