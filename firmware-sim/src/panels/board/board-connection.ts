import { WindowRatingError } from "@window-rating/protocol/error";
import five from "johnny-five";
import { SerialTransport } from "./serial-transport.ts";
import type { BoardPins } from "./wiring.ts";

export interface ConnectionTiming {
  /** A board that has not named itself by then is asked, milliseconds: an Uno does so when its boot loader has ended. */
  readonly askAfterMs: number;
  /** A board that is not ready by then does not speak Firmata, milliseconds. */
  readonly answerMs: number;
  /** A sign of life is asked for this often, milliseconds; three that stay out are one too many. */
  readonly pulseMs: number;
}

export const REAL_TIMING: ConnectionTiming = { askAfterMs: 2000, answerMs: 12_000, pulseMs: 1000 };
const MOST_MISSED = 3;

/** The part of the Firmata library's board that is used here; johnny-five's types leave it open. */
export interface FirmataIo extends BoardPins {
  readonly firmware: { readonly name?: string; readonly version?: { readonly major: number; readonly minor: number } };
  readonly reportVersionTimeoutId: NodeJS.Timeout;
  on(event: string, listener: (value: number) => void): this;
  pinMode(pin: number, mode: number): void;
  digitalWrite(pin: number, value: number): void;
  analogWrite(pin: number, value: number): void;
  reportDigitalPin(pin: number, isReported: 0 | 1): void;
}

/** johnny-five's board, with what its types leave out. */
type FiveBoard = five.Board & { readonly io: FirmataIo; readonly timer: NodeJS.Timeout | null };
type FiveOptions = five.BoardOption & { readonly sigint: false };
const boardCache = (five.Board as unknown as { readonly cache: five.Board[] }).cache;

const ASK_VERSION = Uint8Array.of(0xf9);
const ASK_FIRMWARE = Uint8Array.of(0xf0, 0x79, 0xf7);

/** A board that has told what it is and what its pins can do. */
export class BoardConnection implements AsyncDisposable {
  readonly io: FirmataIo;
  /** Name and version of the board's firmware, as a person reads it. */
  readonly firmware: string;
  /** Settles with the reason when the board is gone. */
  readonly lost: Promise<WindowRatingError>;
  readonly #transport: SerialTransport;
  readonly #board: FiveBoard;
  readonly #pulse: NodeJS.Timeout;

  private constructor(transport: SerialTransport, board: FiveBoard, lost: Promise<WindowRatingError>, pulseMs: number) {
    this.#transport = transport;
    this.#board = board;
    this.io = board.io;
    this.lost = lost;
    const { name = "", version } = board.io.firmware;
    this.firmware = `${name.replace(/\P{ASCII}|\p{Cc}/gu, "")} ${version?.major}.${version?.minor}`;
    let missed = 0;
    transport.on("data", () => {
      missed = 0;
    });
    this.#pulse = setInterval(() => {
      if (missed++ >= MOST_MISSED) transport.fail(`${transport.path}: the board does not answer any more`);
      else transport.write(ASK_VERSION);
    }, pulseMs);
  }

  /** @throws WR9010 if the port cannot be opened or fails meanwhile, WR9011 if no Firmata answers there, WR9010 as well when the signal ends it */
  static async open(path: string, timing: ConnectionTiming, signal: AbortSignal): Promise<BoardConnection> {
    const transport = await SerialTransport.open(path);
    const lost = new Promise<WindowRatingError>((resolve) => transport.once("gone", resolve));
    const stop = (): void => transport.fail(`${path}: not waited for any longer`);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    const ask = setTimeout(() => {
      transport.write(ASK_VERSION);
      transport.write(ASK_FIRMWARE);
    }, timing.askAfterMs);
    const board = openBoard(transport, timing.answerMs);
    try {
      const ready = new Promise<undefined>((resolve) => board.on("ready", () => resolve(undefined)));
      const silent = new Promise<WindowRatingError>((resolve) =>
        board.on("error", () => resolve(new WindowRatingError("WR9011", `no Firmata answers on ${path}`))),
      );
      const reason = await Promise.race([ready, silent, lost]);
      if (reason !== undefined) throw reason;
      return new BoardConnection(transport, board, lost, timing.pulseMs);
    } catch (error) {
      await end(transport, board);
      throw error;
    } finally {
      clearTimeout(ask);
      signal.removeEventListener("abort", stop);
    }
  }

  /** Calls the listener when the board has started anew by itself: it has then forgotten what its pins are for. */
  onRestart(listener: () => void): void {
    this.io.on("queryfirmware", listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#pulse);
    await end(this.#transport, this.#board);
  }
}

/** Without johnny-five's prompt, its lines on the console and its handler that ends the process. */
const openBoard = (port: SerialTransport, timeout: number): FiveBoard => {
  const options: FiveOptions = { port, timeout, repl: false, debug: false, sigint: false };
  return new five.Board(options) as FiveBoard;
};

const end = async (transport: SerialTransport, board: FiveBoard): Promise<void> => {
  if (board.timer !== null) clearTimeout(board.timer);
  clearTimeout(board.io.reportVersionTimeoutId);
  // johnny-five keeps every board that there ever was; a pad that runs for months connects often.
  const index = boardCache.indexOf(board);
  if (index >= 0) boardCache.splice(index, 1);
  await transport.close();
};
