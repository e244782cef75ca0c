/** What a port tells the pad. */
export interface PortListener {
  bytes(chunk: Uint8Array): void;
}

/** The plug of a pad: what is behind it, a memory pair, a kernel tty or TCP, the pad does not see. */
export interface PadPort {
  /** How a host names it: path, `tcp://host:port`, or `memory`. */
  readonly path: string;
  readonly isPlugged: boolean;
  /** Bytes written while the cable is out, or while nobody listens, are lost, as on a real line. */
  write(bytes: Uint8Array): void;
  listen(listener: PortListener): void;
  /** Pulls the cable: the host's end hangs up. */
  unplug(): void;
  /** Puts the cable back. */
  plug(): Promise<void>;
  /** Lets the host's connection hang: it stands, and nothing comes through it any more. Only where there are connections. */
  hangConnection?(): void;
  close(): Promise<void>;
}
