import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type Identity, openIdentity } from "../../identity/identity.ts";
import type { Exchange, Post, Transport } from "../exchange.ts";
import { httpTransport } from "../http-transport.ts";
import type { SendLimits } from "../send-plan.ts";
import { createSender, type Sender } from "../sender.ts";
import { FakeCentral } from "./fake-central.ts";
import { MemoryOutbox } from "./memory-outbox.ts";
import { VirtualTime } from "./virtual-time.ts";

/** One try, as it was seen between the sender and the network. */
export interface Try {
  readonly atMs: number;
  readonly exchange: Exchange["is"];
}

/**
 * A sender on a real HTTP connection to a fake central, in virtual time: time stands still while bytes are on their way,
 * and moves on only when nothing else can happen.
 */
export class SendingWorld {
  readonly time = new VirtualTime();
  readonly central = new FakeCentral(this.time, () => this.time.wallMs());
  readonly log: { level: number; msg: string; [field: string]: unknown }[] = [];
  readonly tries: Try[] = [];
  readonly dataDir = mkdtempSync(join(tmpdir(), "sender-"));
  readonly identity: Identity = openIdentity(this.dataDir);
  readonly outbox = new MemoryOutbox(this.identity, () => this.time.wallMs());
  network = "eth0 192.0.2.7/24";
  #underWay = 0;
  /** Central keeps what is under way. */
  #hanging = false;
  #happened = Promise.withResolvers<void>();
  #seed: number;
  readonly #senders: Sender[] = [];

  private constructor(seed: number) {
    this.#seed = seed;
    this.central.onHang = () => {
      this.#hanging = true;
      this.#happened.resolve();
    };
  }

  static async open(seed = 1, { enrolled = true } = {}): Promise<SendingWorld> {
    const world = new SendingWorld(seed);
    await world.central.up();
    if (enrolled) world.enrol();
    return world;
  }

  enrol(): void {
    this.identity.keepEnrolment({ centralUrl: this.central.url, token: this.central.token, enrolledAt: "2026-03-02T01:00:00Z" });
  }

  sender(limits: Partial<SendLimits> = {}, transport = this.#watched(httpTransport())): Sender {
    const log = this.log;
    const sender = createSender({
      outbox: this.outbox,
      identity: this.identity,
      centralUrl: this.central.url,
      clock: this.time,
      timers: this.time,
      random: () => this.#draw(),
      transport,
      networkFingerprint: () => this.network,
      limits,
      logger: pino({ level: "debug" }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    });
    this.#senders.push(sender);
    return sender;
  }

  /** Lets the world run until this holds. */
  async until(holds: () => boolean): Promise<void> {
    while (true) {
      await this.#settled();
      if (holds()) return;
      this.time.turn();
    }
  }

  /** Lets this much virtual time pass. */
  async pass(ms: number): Promise<void> {
    let over = false;
    this.time.setTimeout(() => {
      over = true;
    }, ms);
    await this.until(() => over);
  }

  async drained(): Promise<void> {
    await this.until(() => this.outbox.counts().waiting === 0 && this.#underWay === 0);
  }

  async stop(sender: Sender): Promise<void> {
    let stopped = false;
    void sender.stop().then(() => {
      stopped = true;
    });
    await this.until(() => stopped);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sender of this.#senders) await this.stop(sender);
    await this.central.down();
    rmSync(this.dataDir, { recursive: true });
  }

  /** Entries that were written, are not set aside, and did not arrive at central unaltered. */
  missing(): number[] {
    const aside = new Set(this.outbox.listSetAside().map(({ entry }) => entry.number));
    return this.outbox.written
      .filter(({ entryId, hash, number }) => !aside.has(number) && this.central.taken.get(entryId)?.entry.hash !== hash)
      .map(({ number }) => number);
  }

  /** Waits until nothing is on its way, or central keeps it. Nothing here measures time. */
  async #settled(): Promise<void> {
    await turnOfTheLoop();
    while (this.#underWay > 0 && !this.#hanging) {
      await this.#happened.promise;
      this.#happened = Promise.withResolvers<void>();
      await turnOfTheLoop();
    }
  }

  #watched(transport: Transport): Transport {
    return {
      close: () => transport.close(),
      post: async (post: Post) => {
        const atMs = this.time.monotonicMs();
        this.#underWay++;
        post.signal.addEventListener("abort", () => {
          this.#hanging = false;
        });
        const exchange = await transport.post(post);
        this.#underWay--;
        this.#hanging = false;
        this.tries.push({ atMs, exchange: exchange.is });
        this.#happened.resolve();
        return exchange;
      },
    };
  }

  /** mulberry32 */
  #draw(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
