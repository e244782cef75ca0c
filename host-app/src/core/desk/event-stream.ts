import { type DeskEvent, deskEventSchema } from "@window-rating/protocol/desk";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import type { WindowDesk } from "../cases/window-desk.ts";

export const EVENTS_PATH = "/desk/v1/events";
export const EVENTS_SUMMARY = "Stream over WebSocket: the state at first, then every change, as JSON texts";

/**
 * A page in a browser cannot set Authorization on a WebSocket; it offers its token as a subprotocol instead:
 * `new WebSocket(url, ["window-rating.desk.v1", "bearer.<token>"])`. The server answers with the first of them.
 */
export const SUBPROTOCOL = "window-rating.desk.v1";
export const BEARER_SUBPROTOCOL = "bearer.";

/** Close codes of RFC 6455, section 7.4.1. */
const CLOSE = { goingAway: 1001, policy: 1008, internal: 1011 } as const;

export interface StreamReader {
  readonly socket: WebSocket;
  /** The windows that it is told of. */
  readonly desks: readonly WindowDesk[];
  /** Name of the pairing, for the log. */
  readonly name: string;
  /** Whether the pairing was not revoked since. */
  stillPaired(): boolean;
}

interface StreamOptions {
  readonly logger: Logger;
  /** A reader that is further behind is cut off, so that it costs this process no memory. */
  readonly bufferBytes: number;
}

/** Tells every reader what changes at its windows. Reads nothing from them. A window that nobody reads costs nothing. */
export class EventStream {
  readonly #options: StreamOptions;
  readonly #readers = new Set<StreamReader>();
  readonly #subscriptions = new Map<WindowDesk, () => void>();

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#readers.size;
  }

  add(reader: StreamReader): void {
    const { socket, desks } = reader;
    socket.on("message", () => socket.close(CLOSE.policy, "this stream takes no messages"));
    socket.on("close", () => this.#forget(reader));
    // A reader that breaks the protocol or its connection is gone; the close event follows.
    socket.on("error", (error) => this.#options.logger.debug({ caller: reader.name, cause: error.message }, "event stream broke"));
    this.#readers.add(reader);
    for (const desk of desks) {
      if (!this.#subscriptions.has(desk)) {
        this.#subscriptions.set(
          desk,
          desk.subscribe((event) => this.#tell(desk, event)),
        );
      }
      const text = this.#textOf({ event: "state", state: desk.state() });
      if (text === null) return socket.close(CLOSE.internal, "see the log of the window PC");
      socket.send(text);
    }
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions.values()) unsubscribe();
    this.#subscriptions.clear();
    for (const { socket } of this.#readers) socket.close(CLOSE.goingAway, "window-host stops");
  }

  /** Cuts off whoever has not answered the close. */
  terminate(): void {
    for (const { socket } of this.#readers) socket.terminate();
  }

  #forget(reader: StreamReader): void {
    this.#readers.delete(reader);
    for (const desk of reader.desks) {
      if ([...this.#readers].some(({ desks }) => desks.includes(desk))) continue;
      this.#subscriptions.get(desk)?.();
      this.#subscriptions.delete(desk);
    }
  }

  /** Called by the desk after its commit: must never throw into it. */
  #tell(desk: WindowDesk, event: DeskEvent): void {
    const text = this.#textOf(event);
    if (text === null) return;
    for (const reader of this.#readers) {
      if (!reader.desks.includes(desk)) continue;
      try {
        this.#send(reader, text);
      } catch (error) {
        this.#options.logger.error({ caller: reader.name, err: error }, "event not sent");
        reader.socket.terminate();
      }
    }
  }

  #send(reader: StreamReader, text: string): void {
    const { socket, name } = reader;
    if (!reader.stillPaired()) {
      socket.close(CLOSE.policy, "WR5001 the pairing was revoked");
    } else if (socket.bufferedAmount > this.#options.bufferBytes) {
      this.#options.logger.warn({ caller: name, behindBytes: socket.bufferedAmount }, "event stream cut off: its reader is too slow");
      socket.terminate();
    } else {
      socket.send(text);
    }
  }

  /** Only what the schema declares, so that no level can slip out. null: the event is not what it should be. */
  #textOf(event: DeskEvent): string | null {
    const declared = deskEventSchema.safeParse(event);
    if (declared.success) return JSON.stringify(declared.data);
    this.#options.logger.error({ issues: declared.error.issues }, "event does not fit its schema");
    return null;
  }
}
