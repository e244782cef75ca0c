import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { WindowRatingError } from "@window-rating/protocol/error";
import { SerialPort } from "serialport";

/** StandardFirmata's own speed. */
const BAUD_RATE = 57_600;

const START_SYSEX = 0xf0;
/** Longest message that is believed, bytes: a board of 128 pins describes itself in less. */
const LONGEST_SYSEX = 4096;
/** How long the last words to the board may take, milliseconds. */
const MOST_DRAIN_MS = 500;

interface TransportEvents {
  data: [chunk: Uint8Array];
  /** Once, after which nothing more comes. */
  gone: [reason: WindowRatingError];
}

/**
 * A serial port as the Firmata library wants its transport. It stands between the line and the library, so that no bytes can crash the
 * process or fill its memory: what the library stumbles over ends the connection instead.
 */
export class SerialTransport extends EventEmitter<TransportEvents> {
  readonly path: string;
  readonly #port: SerialPort;
  /** Bytes of the message that is being read; 0 = none that has an open end. */
  #sysexLength = 0;
  #isOver = false;

  private constructor(port: SerialPort) {
    super();
    this.path = port.path;
    this.#port = port;
    port.on("data", (chunk: Uint8Array) => this.#take(chunk));
    port.on("error", (error) => this.fail(`${this.path}: ${error.message}`, error));
    port.on("close", () => this.fail(`${this.path} has hung up`));
  }

  /** Opening resets an Uno, as it is meant to. @throws WR9010 if the port cannot be opened */
  static async open(path: string): Promise<SerialTransport> {
    const port = new SerialPort({ path, baudRate: BAUD_RATE, autoOpen: false });
    await new Promise<void>((resolve, reject) =>
      port.open((error) => (error === null ? resolve() : reject(new WindowRatingError("WR9010", `${path}: ${error.message}`, error)))),
    );
    return new SerialTransport(port);
  }

  write(bytes: Uint8Array, done?: () => void): void {
    if (this.#isOver) return void done?.();
    this.#port.write(bytes, () => done?.());
  }

  /** Tells once that the connection is over. */
  fail(detail: string, cause?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.emit("gone", new WindowRatingError("WR9010", detail, cause));
  }

  /** Lets what was written go out, if it can, and closes. */
  async close(): Promise<void> {
    const isCut = this.#isOver;
    this.#isOver = true;
    this.removeAllListeners();
    if (!isCut) await Promise.race([new Promise<void>((resolve) => this.#port.drain(() => resolve())), pause(MOST_DRAIN_MS)]);
    await new Promise<void>((resolve) => (this.#port.isOpen ? this.#port.close(() => resolve()) : resolve()));
  }

  #take(chunk: Uint8Array): void {
    if (this.#isOver) return;
    for (const byte of chunk) {
      if (byte === START_SYSEX) this.#sysexLength = 1;
      else if (byte >= 0x80) this.#sysexLength = 0;
      else if (this.#sysexLength > 0) this.#sysexLength++;
      if (this.#sysexLength > LONGEST_SYSEX) return this.fail(`${this.path}: a message without an end`);
    }
    try {
      this.emit("data", chunk);
    } catch (error) {
      // The Firmata library believes the lengths and pins that a message claims.
      this.fail(`${this.path}: a message that is none of Firmata`, error);
    }
  }
}
