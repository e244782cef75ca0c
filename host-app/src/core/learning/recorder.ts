import type { Clock } from "../clock.ts";
import type { PortOpener } from "../pads/pad-port.ts";
import { burstsOf, type Chunk } from "./bursts.ts";
import type { AskedKey, Evidence, RecordedPress } from "./evidence.ts";

/** Whoever presses the keys. */
export interface Presser {
  /** Nobody may touch the pad now. */
  still(): void;
  /** This key is to be pressed now, for the first or second time. */
  press(key: AskedKey, turn: 1 | 2): void;
}

export interface RecordingOptions {
  readonly open: PortOpener;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly keys: readonly AskedKey[];
  /** Sent before each press. */
  readonly light?: Uint8Array;
  /** How long the pad is listened to before anybody touches it. */
  readonly listenMs: number;
  /** How long a press may be waited for. */
  readonly patienceMs: number;
  readonly presser: Presser;
}

/** A press is over when the line was still for so long. */
const STILL_MS = 700;
/** Or after so long: a pad that sends until it is answered does not become still. */
const LONGEST_MS = 4000;
/** What a pad answers to being lit comes within this time, and is no press. */
const LIT_MS = 400;

/**
 * Records an unknown pad: first what it sends by itself, then each key twice.
 * @throws WR3xxx if the port cannot be opened, or breaks
 */
export const recordPad = async (options: RecordingOptions): Promise<Evidence> => {
  const { clock, keys, light, listenMs, patienceMs, presser } = options;
  const line = await Line.open(options.open, clock);
  try {
    presser.still();
    await line.wait(listenMs);
    const idle = burstsOf(line.take());
    const usual = new Set(idle.map(({ hex }) => hex));
    const presses: RecordedPress[] = [];
    for (const key of keys) {
      for (const turn of [1, 2] as const) {
        if (light !== undefined) {
          line.write(light);
          await line.wait(LIT_MS);
        }
        line.take();
        presser.press(key, turn);
        const isEndless = await line.recordPress(patienceMs, (chunks) => burstsOf(chunks).some(({ hex }) => !usual.has(hex)));
        presses.push({ key, bursts: burstsOf(line.take()), isEndless });
      }
    }
    return { idle, presses, ...(light === undefined ? {} : { light }) };
  } finally {
    await line.close();
  }
};

/** An open port that keeps what came until it is taken. */
class Line {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #chunks: Chunk[] = [];
  #failure: Error | undefined;
  #awake: () => void = () => {};
  #port: Awaited<ReturnType<PortOpener>> | undefined;

  private constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  static async open(open: PortOpener, clock: Pick<Clock, "monotonicMs">): Promise<Line> {
    const line = new Line(clock);
    line.#port = await open({
      bytes: (bytes) => {
        line.#chunks.push({ bytes: Uint8Array.from(bytes), atMs: clock.monotonicMs() });
        line.#awake();
      },
      closed: (cause) => {
        line.#failure = cause ?? new Error("the port was closed from the other side");
        line.#awake();
      },
    });
    return line;
  }

  write(bytes: Uint8Array): void {
    this.#port?.write(bytes);
  }

  take(): readonly Chunk[] {
    return this.#chunks.splice(0);
  }

  async close(): Promise<void> {
    await this.#port?.close();
  }

  async wait(ms: number): Promise<void> {
    const until = this.#clock.monotonicMs() + ms;
    while (this.#clock.monotonicMs() < until) await this.#next(until);
  }

  /** Waits for what `isPress` takes for a press, and until the line is still again. @returns whether it did not become still */
  async recordPress(patienceMs: number, isPress: (chunks: readonly Chunk[]) => boolean): Promise<boolean> {
    const end = this.#clock.monotonicMs() + patienceMs;
    while (!isPress(this.#chunks)) {
      if (this.#clock.monotonicMs() >= end) return false;
      await this.#next(end);
    }
    const limit = this.#clock.monotonicMs() + LONGEST_MS;
    for (;;) {
      const count = this.#chunks.length;
      await this.wait(STILL_MS);
      if (this.#chunks.length === count) return false;
      if (this.#clock.monotonicMs() >= limit) return true;
    }
  }

  /** The next bytes, or the time. */
  async #next(until: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#awake = resolve;
      timer = setTimeout(resolve, Math.max(1, Math.ceil(until - this.#clock.monotonicMs())));
    });
    clearTimeout(timer);
    this.#awake = () => {};
    if (this.#failure !== undefined) throw this.#failure;
  }
}
