import { LINE_CLOSED, type ToPage } from "@window-rating/protocol/browser-pad";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import type { Clock } from "../clock.ts";
import { type Rate, TokenBucket } from "../desk/token-bucket.ts";
import type { LinePairing } from "../pads/line-pairing.ts";
import type { OpenPort, PortEvents, PortOpener } from "../pads/pad-port.ts";

/** A port is waited for this long until it is said that no tablet is there, milliseconds. */
const WAIT_MS = 3000;
/** What a pad may say: far over what its link sends, far under what would trouble this process. In bytes. */
const TALK: Rate = { perSecond: 256 * 1024, burst: 1024 * 1024 };
/** A tablet that takes nothing more is let go, bytes. */
const MOST_UNSENT = 4 * 1024 * 1024;

interface Seated {
  readonly socket: WebSocket;
  /** Whether the tablet is to be paired by itself. */
  readonly pairs: boolean;
  readonly isPersistent: boolean;
  readonly talk: TokenBucket;
}

interface Waiting {
  readonly events: PortEvents;
  readonly give: (port: OpenPort) => void;
  readonly refuse: (error: WindowRatingError) => void;
}

/**
 * The place of one window's tablet: one admitted socket at a time, and the port that it is to the window's line. Whoever comes here has proved
 * to be the window's tablet.
 */
export class Seat {
  readonly windowNo: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  #seated: Seated | undefined;
  #waiting: Waiting | undefined;
  /** Of the port that is open on the socket. */
  #events: PortEvents | undefined;
  #pairing: LinePairing | undefined;
  #isOver = false;

  constructor(windowNo: string, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.windowNo = windowNo;
    this.#clock = clock;
    this.#log = logger.child({ windowNo });
  }

  /** How the window's line comes to a pairing key; undefined: it keeps none. */
  attach(pairing: LinePairing | undefined): void {
    this.#pairing = pairing;
  }

  get isTaken(): boolean {
    return this.#seated !== undefined;
  }

  /** Whether the tablet's browser has promised to throw nothing away; undefined while it is not here. */
  get isPersistent(): boolean | undefined {
    return this.#seated?.isPersistent;
  }

  /** The window's tablet has come. A connection of its own that still hangs gives way. */
  take(socket: WebSocket, { pairs, isPersistent }: { readonly pairs: boolean; readonly isPersistent: boolean }): void {
    this.dismiss("cameAnew");
    const seated: Seated = { socket, pairs, isPersistent, talk: new TokenBucket(TALK, this.#clock.monotonicMs()) };
    this.#seated = seated;
    socket.on("close", () => this.#gone(seated));
    this.#log.info({ pairs }, "tablet connected");
    this.#say({ is: "seated", pairs });
    if (pairs) this.#pairing?.step({ is: "asked" });
    this.#give();
  }

  /** Bytes of the pad. */
  heard(socket: WebSocket, chunk: Buffer): void {
    const seated = this.#seated;
    if (seated?.socket !== socket) return;
    if (!seated.talk.take(this.#clock.monotonicMs(), chunk.length)) return socket.close(LINE_CLOSED.tooMuch, "too much at once");
    this.#events?.bytes(chunk);
  }

  /** The code of the pairing under way: what a person would type, told by the tablet itself over the line that the person opened. */
  code(socket: WebSocket, code: string): void {
    if (this.#seated?.socket === socket && this.#seated.pairs) this.#pairing?.step({ is: "typed", code });
  }

  /** Sends the tablet away. */
  dismiss(why: keyof typeof LINE_CLOSED): void {
    const seated = this.#seated;
    if (seated === undefined) return;
    this.#gone(seated);
    seated.socket.close(LINE_CLOSED[why], why);
  }

  /** Nobody waits here any more; what is open stays so until its line closes it. */
  letGo(): void {
    this.#isOver = true;
    this.#waiting?.refuse(this.#absent());
  }

  readonly open: PortOpener = (events) =>
    new Promise((resolve, reject) => {
      if (this.#isOver) return reject(this.#absent());
      const settle = (): void => {
        clearTimeout(impatience);
        if (this.#waiting === waiting) this.#waiting = undefined;
      };
      const waiting: Waiting = {
        events,
        give: (port) => {
          settle();
          resolve(port);
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      const impatience = setTimeout(() => waiting.refuse(this.#absent()), WAIT_MS);
      this.#waiting = waiting;
      this.#give();
    });

  #absent(): WindowRatingError {
    return new WindowRatingError("WR3012", `no tablet is connected for window ${this.windowNo}`);
  }

  #give(): void {
    const seated = this.#seated;
    const waiting = this.#waiting;
    if (seated === undefined || waiting === undefined) return;
    const { socket } = seated;
    this.#events = waiting.events;
    waiting.give({
      name: `browser:${this.windowNo}`,
      kind: "browser",
      bytesPerSecond: Number.POSITIVE_INFINITY,
      write: (bytes) => {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount > MOST_UNSENT) socket.terminate();
        else socket.send(bytes);
      },
      close: async () => {
        if (this.#seated === seated) this.#forget();
        socket.close(LINE_CLOSED.reopen, "reopen");
      },
    });
  }

  #say(message: ToPage): void {
    this.#seated?.socket.send(JSON.stringify(message));
  }

  #gone(seated: Seated): void {
    if (this.#seated !== seated) return;
    const events = this.#events;
    this.#forget();
    this.#log.info("tablet gone");
    events?.closed(new WindowRatingError("WR3012", `the tablet of window ${this.windowNo} has gone`));
  }

  #forget(): void {
    this.#seated = undefined;
    this.#events = undefined;
  }
}
