/**
 * What carries messages between a screen and the core. There are two: a WebSocket on loopback, and a message port of Electron. Both carry
 * texts, one message each, in order; whoever has a third writes these few functions.
 */

/** The screen's end. Electron's preload puts one at `window.windowRatingCarrier`; without it the page opens a WebSocket. */
export interface Carrier {
  /** Tries once. Exactly one `closed` follows, whether it was ever open or not; who wants to try again calls it again. */
  connect(listener: CarrierListener): CarrierLink;
}

export interface CarrierListener {
  opened(): void;
  text(text: string): void;
  closed(cause: ClosedCause): void;
}

/** `refused`: this screen was not admitted, and trying again does not help; it must be opened anew. */
export type ClosedCause = "lost" | "refused";

export interface CarrierLink {
  /** Nothing happens if it is closed already. */
  send(text: string): void;
  close(): void;
}

/** The core's end of one connection. */
export interface ScreenLine {
  send(text: string): void;
  /** Bytes that the other side has not taken yet; 0 where that cannot be known. */
  behindBytes(): number;
  close(): void;
  /** Called once, before anything can arrive. */
  listen(listener: { text(text: string): void; closed(): void }): void;
}

/** What `MessagePortMain` of Electron and `MessagePort` of Node's worker threads have in common, told apart by what a message is. */
export interface MessagePortLike {
  postMessage(message: string): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  start?(): void;
  close(): void;
}

/** The core's end of a message port. What is no text is passed over: no screen of ours sends such. */
export const lineOfPort = (port: MessagePortLike): ScreenLine => ({
  send: (text) => port.postMessage(text),
  behindBytes: () => 0,
  close: () => port.close(),
  listen: ({ text, closed }) => {
    port.on("message", (message) => {
      // Electron gives an event with `data`, Node the data itself.
      const data = typeof message === "object" && message !== null && "data" in message ? message.data : message;
      if (typeof data === "string") text(data);
    });
    port.on("close", closed);
    port.start?.();
  },
});
