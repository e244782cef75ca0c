/** Somebody who looks on at what goes over a line. Nothing that it does reaches the line. */
export interface LineTap {
  /** @param port how a person calls it */
  opened(port: string): void;
  closed(): void;
  /** The bytes are the line's own: copied if they are kept. @param direction in: from the pad */
  bytes(direction: "in" | "out", bytes: Uint8Array): void;
}
