import { BROWSER_PAD_SUBPROTOCOL, type FromPage, LINE_CLOSED, LINE_PATH, readToPage } from "@window-rating/protocol/browser-pad";

/** Why the window PC will not have this page any more. */
export type Farewell = "notAdmitted" | "replaced" | "cameAnew";

export interface LineEvents {
  bytes(chunk: Uint8Array): void;
  /** Proves who this is, for the window PC's nonce. */
  prove(nonce: string): Promise<Extract<FromPage, { is: "proof" }>>;
  /** The line is there. `pairs`: the pad is to be paired now, by itself. */
  seated(pairs: boolean): void;
  /** The line is gone; it is tried again. */
  lost(): void;
  /** The line is gone, and is not tried again. */
  farewell(why: Farewell): void;
}

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5000;
/** A connection that is not there by then, or on which nothing was heard for so long, hangs. The window PC speaks every second. */
const SEATED_WITHIN_MS = 8000;
const SILENT_FOR_MS = 12_000;

const FAREWELLS = new Map<number, Farewell>([
  [LINE_CLOSED.notAdmitted, "notAdmitted"],
  [LINE_CLOSED.replaced, "replaced"],
  [LINE_CLOSED.cameAnew, "cameAnew"],
]);

/** The line to the window PC: a WebSocket that is opened again whenever it breaks. To the pad it is a cable. */
export class Line {
  readonly #events: LineEvents;
  #socket: WebSocket | undefined;
  #isSeated = false;
  #pause = FIRST_PAUSE_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(events: LineEvents) {
    this.#events = events;
  }

  get isSeated(): boolean {
    return this.#isSeated;
  }

  start(): void {
    addEventListener("online", () => {
      if (this.#retry !== undefined) this.#connect();
    });
    this.#connect();
  }

  write(bytes: Uint8Array): void {
    if (this.#isSeated && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
  }

  say(message: FromPage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const socket = new WebSocket(new URL(LINE_PATH, location.href.replace(/^http/, "ws")), BROWSER_PAD_SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#wait(socket, SEATED_WITHIN_MS);
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (socket !== this.#socket) return;
      if (this.#isSeated) this.#wait(socket, SILENT_FOR_MS);
      if (typeof data === "string") this.#heard(socket, data);
      else if (this.#isSeated) this.#events.bytes(new Uint8Array(data));
    };
    socket.onclose = ({ code }) => this.#gone(socket, code);
  }

  #heard(socket: WebSocket, text: string): void {
    const message = readToPage(text);
    if (message === undefined) return socket.close();
    if (message.is === "prove") {
      this.#events.prove(message.nonce).then(
        (proof) => socket === this.#socket && this.say(proof),
        () => socket.close(),
      );
      return;
    }
    this.#isSeated = true;
    this.#pause = FIRST_PAUSE_MS;
    this.#wait(socket, SILENT_FOR_MS);
    this.#events.seated(message.pairs);
  }

  /** A connection that hangs is given up without waiting for the other side. */
  #wait(socket: WebSocket, ms: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      socket.close();
      this.#gone(socket, 0);
    }, ms);
  }

  #gone(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    clearTimeout(this.#patience);
    const wasSeated = this.#isSeated;
    this.#isSeated = false;
    const farewell = FAREWELLS.get(code);
    if (farewell !== undefined) return this.#events.farewell(farewell);
    if (wasSeated) this.#events.lost();
    // Not all tablets of a hall at once, when its switch comes back.
    this.#retry = setTimeout(() => this.#connect(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
  }
}
