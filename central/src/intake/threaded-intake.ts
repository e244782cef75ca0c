import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import type { Intake, RawBatch } from "./intake.ts";

/** What the thread is sent: a batch, or the wish to end. */
export type ThreadTask = ({ readonly id: number } & RawBatch) | "end";

/** What it sends back. */
export type ThreadReply =
  | { readonly id: number; readonly answer: string }
  | { readonly id: number; readonly refused: { readonly code: ErrorCode; readonly detail: string } }
  /** Not a matter of the batch: it may be sent again. */
  | { readonly id: number; readonly failed: string };

interface Waiting {
  resolve(answer: string): void;
  reject(error: Error): void;
}

/** More than this no database takes in: reading and judging is about as much work as writing. */
const MOST_THREADS = 4;
/** A batch and its rows die young: with room for several of them little is carried on. */
const YOUNG_GENERATION_MB = 64;

/**
 * Intake in threads of its own, each with its own connections to PostgreSQL: batches are read and judged while this thread serves
 * others. A thread that ends is replaced; what it had under way is answered as failed, and the window PC sends it again.
 * @param onFailure told when a thread ended
 * @param program what the threads run; tests give another
 */
export const threadedIntake = (
  databaseUrl: string,
  onFailure: (error: unknown) => void,
  program = new URL("./intake-thread.ts", import.meta.url),
): Intake => {
  const count = Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1));
  const threads = Array.from({ length: count }, () => new IntakeThread(databaseUrl, onFailure, program));
  return {
    take: (batch) => threads.reduce((quietest, other) => (other.busy < quietest.busy ? other : quietest)).take(batch),
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
};

/** The memory of a body is handed over instead of copied, where nothing else lies in it: a piece of Node's pool belongs to others too. */
const ownMemoryOf = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];

class IntakeThread {
  readonly #databaseUrl: string;
  readonly #onFailure: (error: unknown) => void;
  readonly #program: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(databaseUrl: string, onFailure: (error: unknown) => void, program: URL) {
    this.#databaseUrl = databaseUrl;
    this.#onFailure = onFailure;
    this.#program = program;
    this.#start();
  }

  /** Batches under way. */
  get busy(): number {
    return this.#waiting.size;
  }

  take(batch: RawBatch): Promise<string> {
    const worker = this.#worker ?? this.#start();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ...batch } satisfies ThreadTask, ownMemoryOf(batch.bytes));
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("end" satisfies ThreadTask);
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(this.#program, {
      workerData: this.#databaseUrl,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      execArgv: [],
    });
    let reason: unknown;
    worker.on("message", (reply: ThreadReply) => this.#settle(reply));
    worker.on("error", (error) => {
      reason = error;
    });
    worker.on("exit", (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      if (code !== 0) this.#onFailure(reason ?? new Error(`a thread of intake ended with ${code}`));
      for (const { reject } of this.#waiting.values()) reject(new Error("the thread that worked on this batch ended"));
      this.#waiting.clear();
    });
    this.#worker = worker;
    return worker;
  }

  #settle(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (waiting === undefined) return;
    if ("answer" in reply) waiting.resolve(reply.answer);
    else if ("refused" in reply) waiting.reject(new WindowRatingError(reply.refused.code, reply.refused.detail));
    else waiting.reject(new Error(reply.failed));
  }
}
