import type { PadOrigin } from "@window-rating/protocol/sync";

/** What an open port tells. `closed` comes once, after it nothing more. */
export interface PortEvents {
  bytes(chunk: Uint8Array): void;
  /** The line told of damaged characters (framing, parity, overrun); only serial servers tell. */
  lineErrors?(count: number): void;
  closed(cause: Error | undefined): void;
}

export interface OpenPort {
  /** How a person calls it: path or address. */
  readonly name: string;
  readonly kind: PadOrigin["port"];
  /** Serial number of the USB adapter; only where the pad has none of its own to tell. */
  readonly adapter?: string;
  /** What the line carries in a second; Infinity where there is no such limit. Absent: the port does not know, for instance of a line behind a serial server. */
  readonly bytesPerSecond?: number;
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
  /** Resets the pad by the port's own lines; there only if its profile allows it. */
  softReset?(): Promise<void>;
  /** Takes DTR and RTS to their other state and back; only serial ports of this PC. @returns false if the port has no such lines */
  toggleLines?(): Promise<boolean>;
}

/** Opens the port anew at each call: a pad that comes back may do so under another name. @throws WR3xxx */
export type PortOpener = (events: PortEvents) => Promise<OpenPort>;
