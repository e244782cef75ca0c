import { WindowRatingError } from "@window-rating/protocol/error";
import { HelloProbe, type ProbeResult } from "./hello-probe.ts";
import type { OpenPort, PortEvents, PortOpener } from "./pad-port.ts";

/** An open port at which it was asked who is there; it can be used on without being opened again, which would show in its modem lines. */
export interface ProbedPort {
  readonly answer: ProbeResult;
  /** Hands the port over: what comes from now on goes to `events`. */
  attach(events: PortEvents): OpenPort;
  /** Says goodbye to a pad that was asked, and lets the port go. */
  release(): Promise<void>;
}

/** A board that starts when its port is opened needs two seconds before it can answer. */
const PATIENCE_MS = 2500;

/**
 * Opens a port and asks who is there.
 * @throws WR3001, WR3002, WR3003, WR3005 if it cannot be opened
 */
export const probePort = async (
  open: PortOpener,
  random: (length: number) => Uint8Array,
  patienceMs: number = PATIENCE_MS,
): Promise<ProbedPort> => {
  let sink: Pick<PortEvents, "bytes" | "closed"> & Partial<PortEvents> = { bytes: () => {}, closed: () => {} };
  let closedBy: { readonly cause: Error | undefined } | undefined;
  const port = await open({
    bytes: (chunk) => sink.bytes(chunk),
    lineErrors: (count) => sink.lineErrors?.(count),
    closed: (cause) => {
      closedBy = { cause };
      sink.closed(cause);
    },
  });
  const probe = new HelloProbe(random, (bytes) => port.write(bytes));
  await new Promise<void>((resolve) => {
    const again = setInterval(() => probe.hello(), HelloProbe.everyMs);
    const end = (): void => {
      clearTimeout(ends);
      clearInterval(again);
      resolve();
    };
    const ends = setTimeout(end, patienceMs);
    sink = { bytes: (chunk) => probe.push(chunk) && end(), closed: end };
    if (closedBy !== undefined) end();
    else probe.hello();
  });
  sink = { bytes: () => {}, closed: () => {} };
  if (closedBy !== undefined) {
    const { cause } = closedBy;
    throw cause instanceof WindowRatingError ? cause : new WindowRatingError("WR3005", `${port.name} was closed while it was asked`, cause);
  }
  return {
    answer: probe.result,
    attach: (events) => {
      sink = events;
      // It may have been closed between the answer and now.
      if (closedBy !== undefined) queueMicrotask(() => events.closed(closedBy?.cause));
      return port;
    },
    release: async () => {
      probe.bye();
      await port.close();
    },
  };
};
