import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ChangedEvent } from "../contract/live.ts";
import type { PlaceBook } from "../places.ts";
import { seesOf } from "./halls.ts";
import type { Changed, Pulse } from "./pulse.ts";

/** A reader that leaves this much unread is cut off; its browser comes back by itself. */
const UNREAD_LIMIT_BYTES = 65_536;
/** So often a stream says that it is still there, and looks whether its session is. */
const STILL_MS = 15_000;
/** Before it names a window it looks too, if it has not for so long. */
const SEEN_MS = 5_000;
/** Streams of one instance, and of one account: a person has a few pages open. */
const STREAMS = 500;
const STREAMS_OF_ONE = 12;

interface StreamParts {
  readonly now: () => number;
  readonly places: PlaceBook;
  readonly pulse: Pulse;
}

/** Server-sent events about the windows of an account. */
export class LiveStreams {
  readonly #parts: StreamParts;
  readonly #ends = new Set<() => void>();
  readonly #ofAccount = new Map<number, number>();

  constructor(app: FastifyInstance, parts: StreamParts) {
    this.#parts = parts;
    app.addHook("preClose", async () => {
      for (const end of this.#ends) end();
    });
  }

  /** @throws WindowRatingError WR7029 if there are too many already */
  open(request: FastifyRequest, reply: FastifyReply, hall: string | undefined): void {
    const { now, places, pulse } = this.#parts;
    const { accountNo, scope } = request.viewer;
    const ofThis = this.#ofAccount.get(accountNo) ?? 0;
    if (this.#ends.size >= STREAMS || ofThis >= STREAMS_OF_ONE) {
      reply.header("retry-after", "30");
      throw new WindowRatingError("WR7029", "So many pages are watching already; close some");
    }
    this.#ofAccount.set(accountNo, ofThis + 1);
    reply.hijack();
    const stream = reply.raw;
    let isOver = false;
    const write = (text: string): void => {
      if (isOver) return;
      if (stream.writableLength > UNREAD_LIMIT_BYTES) stream.destroy();
      else stream.write(text);
    };
    const tell = (windows: Changed): void => {
      const event: ChangedEvent = { atMs: now(), windows: windows === null ? null : [...windows] };
      write(`event: changed\ndata: ${JSON.stringify(event)}\n\n`);
    };
    let seenAtMs = now();
    /** Whether the session goes on; if not, the page is told, and nothing else from then on. */
    const isStill = async (): Promise<boolean> => {
      if (await request.server.sessionDoor.isStill(request)) {
        seenAtMs = now();
        return !isOver;
      }
      write("event: ended\ndata: {}\n\n");
      stream.end();
      isOver = true;
      return false;
    };
    const changed = async (windows: Changed): Promise<void> => {
      // Asked anew each time: the registry may have changed while the page was open.
      const sees = seesOf(await places.places(scope, { hall }));
      const seen = windows === null ? null : windows.filter(sees);
      if (seen !== null && seen.length === 0) return;
      if (Math.abs(now() - seenAtMs) < SEEN_MS || (await isStill())) tell(seen);
    };
    const orLog = (work: Promise<unknown>): void =>
      void work.catch((error: unknown) => request.log.warn({ err: error }, "a live page could not be told"));
    const unsubscribe = pulse.subscribe((windows) => orLog(changed(windows)));
    const stillThere = async (): Promise<void> => {
      if (await isStill()) write(": still here\n\n");
    };
    const still = setInterval(() => orLog(stillThere()), STILL_MS);
    const end = (): void => void stream.end();
    this.#ends.add(end);
    const over = (): void => {
      if (!this.#ends.delete(end)) return;
      isOver = true;
      unsubscribe();
      clearInterval(still);
      const left = (this.#ofAccount.get(accountNo) ?? 1) - 1;
      if (left === 0) this.#ofAccount.delete(accountNo);
      else this.#ofAccount.set(accountNo, left);
    };
    stream.once("error", () => stream.destroy());
    stream.once("close", over);
    if (stream.destroyed) return over();
    stream.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    tell([]);
  }
}
