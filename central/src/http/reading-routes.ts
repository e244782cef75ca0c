import type { FastifyInstance } from "fastify";
import type { CentralDatabase } from "../database/tables.ts";
import type { LiveFeed } from "../live-feed.ts";
import { type Counts, readCounts, readSummary } from "../reading/counts.ts";
import { outcomeQuerySchema, readOutcomes } from "../reading/outcomes.ts";
import { pageSchema } from "../reading/page.ts";
import { readIncidents, readSetAside } from "../reading/troubles.ts";
import { parseRequest } from "./errors.ts";
import { requireLoopback } from "./loopback.ts";

interface ReadingParts {
  readonly db: CentralDatabase;
  readonly feed: LiveFeed;
}

/** A reader that leaves this much unread is cut off; its browser comes back by itself. */
const UNREAD_LIMIT_BYTES = 65_536;
const KEEP_ALIVE_MS = 15_000;

/** What people and pages on this machine read. */
export const readingRoutes = (app: FastifyInstance, { db, feed }: ReadingParts): void => {
  app.addHook("onRequest", requireLoopback);
  app.get("/api/v1/ratings", (request) => readOutcomes(db, parseRequest(outcomeQuerySchema, request.query)));
  app.get("/api/v1/entries/summary", async () => ({ total: await readCounts(db), ...(await readSummary(db)) }));
  app.get("/api/v1/incidents", (request) => readIncidents(db, parseRequest(pageSchema, request.query)));
  app.get("/api/v1/set-aside", (request) => readSetAside(db, parseRequest(pageSchema, request.query)));

  const ends = new Set<() => void>();
  app.addHook("preClose", async () => {
    for (const end of ends) end();
  });
  // Server-sent events: "changed" with the counts, at once and then whenever something was taken.
  app.get("/api/v1/live", async (_request, reply) => {
    const counts = await readCounts(db);
    reply.hijack();
    const stream = reply.raw;
    if (stream.destroyed) return;
    stream.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" });
    const write = (text: string): void => {
      if (stream.writableLength > UNREAD_LIMIT_BYTES) stream.destroy();
      else stream.write(text);
    };
    const tell = (changed: Counts): void => write(`event: changed\ndata: ${JSON.stringify(changed)}\n\n`);
    const unsubscribe = feed.subscribe(tell);
    const keepAlive = setInterval(() => write(": still here\n\n"), KEEP_ALIVE_MS);
    const end = (): void => void stream.end();
    ends.add(end);
    stream.once("error", () => stream.destroy());
    stream.once("close", () => {
      unsubscribe();
      clearInterval(keepAlive);
      ends.delete(end);
    });
    tell(counts);
  });
};
