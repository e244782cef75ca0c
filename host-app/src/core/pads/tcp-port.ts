import { connect, type Socket } from "node:net";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { NetworkAddress } from "./network-address.ts";
import type { OpenPort, PortEvents } from "./pad-port.ts";

/**
 * A serial server that drops silently is noticed by the session's silence of 2.8 s. Keep-alive probes begin after this long without a
 * byte and come every second; ten unanswered ones end a connection that no session uses (Node sets both numbers so).
 */
const KEEP_ALIVE_MS = 10_000;
const CONNECT_WITHIN_MS = 5_000;
const LAST_BYTES_MS = 500;

/** An open connection to a serial server. @throws WR3001 if nobody answers there */
export const connectTo = async (name: string, host: string, port: number): Promise<Socket> => {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  await new Promise<void>((resolve, reject) => {
    const fail = (cause?: Error): void => {
      socket.destroy();
      reject(new WindowRatingError("WR3001", `${name} does not answer`, cause));
    };
    socket.setTimeout(CONNECT_WITHIN_MS, fail);
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.off("error", fail);
      resolve();
    });
  });
  return socket;
};

/** Lets a connection go. The other side may be gone without a word; nobody waits for it. */
export const disconnect = async (socket: Socket): Promise<void> => {
  if (socket.closed) return;
  await new Promise<void>((resolve) => {
    // A connection that hangs half open would keep its last bytes, and this promise, for minutes.
    const impatience = setTimeout(() => socket.destroy(), LAST_BYTES_MS);
    socket.once("close", () => {
      clearTimeout(impatience);
      resolve();
    });
    socket.end();
    socket.destroySoon();
  });
};

/** Opens a pad behind a serial server that passes bytes through. @throws WR3001 if nobody answers there */
export const openTcpPort = async ({ name, host, port }: NetworkAddress, events: PortEvents): Promise<OpenPort> => {
  const socket = await connectTo(name, host, port);
  let failure: Error | undefined;
  socket.on("data", (chunk) => events.bytes(chunk));
  socket.on("error", (error) => {
    failure = new WindowRatingError("WR3005", `${name}: ${error.message}`, error);
  });
  socket.on("close", () => events.closed(failure));
  return {
    name,
    kind: "tcp",
    write: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    close: () => disconnect(socket),
  };
};
