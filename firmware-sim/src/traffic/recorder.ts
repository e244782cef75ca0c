import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import type { Profile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Clock, realClock, type Timer } from "../clock/clock.ts";
import type { PadPort } from "../ports/pad-port.ts";
import { openPadLine, type PadLine } from "./pad-line.ts";
import { chunkLine, headerLine, portLine, type RecordingHeader, type Side } from "./recording.ts";

export interface RecorderOptions {
  /** Where the pad is: a path, or tcp://host:port. */
  readonly padPort: string;
  readonly settings: Profile["port"];
  /** What the host takes for the pad; open already, closed by the recorder. */
  readonly listen: PadPort;
  /** Must not be there yet. */
  readonly file: string;
  readonly header: Omit<RecordingHeader, "is" | "format" | "note" | "port" | "startedAt">;
  readonly clock?: Clock;
}

/** A pad's port that was lost is opened again this often, milliseconds. */
const AGAIN_MS = 1000;

/** The man in the middle: gives on every byte between a pad and its host, and writes it down with its time. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #clock: Clock;
  readonly #descriptor: number;
  readonly #startedAt: number;
  #line: PadLine | undefined;
  #again: Timer | undefined;
  #isOver = false;
  readonly #bytes = { host: 0, pad: 0 };

  private constructor(options: RecorderOptions, descriptor: number) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#descriptor = descriptor;
    this.#startedAt = this.#clock.now();
    const { header, padPort, listen } = options;
    this.#note(headerLine({ ...header, port: padPort, startedAt: new Date().toISOString() }));
    listen.listen({
      bytes: (chunk) => {
        this.#heard("host", chunk);
        this.#line?.write(chunk);
      },
    });
  }

  /** @throws WR9020 if the file cannot be made, or is there; WR9021 if the pad's port cannot be opened */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(options, createFile(options.file));
    try {
      await recorder.#open();
    } catch (error) {
      await recorder.close();
      // Nothing was recorded: the same name may be given again once the pad is there.
      rmSync(options.file);
      throw error;
    }
    return recorder;
  }

  /** Bytes so far, by who sent them. */
  get bytes(): Readonly<Record<Side, number>> {
    return this.#bytes;
  }

  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#again?.cancel();
    await this.#line?.close();
    await this.#options.listen.close();
    closeSync(this.#descriptor);
  }

  async #open(): Promise<void> {
    const { padPort, settings, listen } = this.#options;
    const line = await openPadLine(padPort, settings, {
      bytes: (chunk) => {
        this.#heard("pad", chunk);
        listen.write(chunk);
      },
      lost: () => {
        if (this.#isOver) return;
        this.#line = undefined;
        this.#note(portLine(this.#now(), "lost"));
        this.#tryAgain();
      },
    });
    if (this.#isOver) return line.close();
    this.#line = line;
  }

  #tryAgain(): void {
    this.#again = this.#clock.after(AGAIN_MS, () => {
      this.#open().then(
        () => {
          if (this.#line !== undefined) this.#note(portLine(this.#now(), "back"));
        },
        () => this.#tryAgain(),
      );
    });
  }

  #now(): number {
    return this.#clock.now() - this.#startedAt;
  }

  #heard(from: Side, bytes: Uint8Array): void {
    this.#bytes[from] += bytes.length;
    this.#note(chunkLine({ at: this.#now(), from, bytes }));
  }

  #note(line: string): void {
    if (!this.#isOver) writeSync(this.#descriptor, line);
  }
}

/** Nobody but its owner may read it. */
const createFile = (file: string): number => {
  try {
    return openSync(file, "wx", 0o600);
  } catch (error) {
    throw new WindowRatingError("WR9020", `${file}: ${(error as Error).message}`, error);
  }
};
