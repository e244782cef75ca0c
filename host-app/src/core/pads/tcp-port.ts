import { connect, type Socket } from "node:net";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { NetworkAddress } from "./network-address.ts";
import type { OpenPort, PortEvents } from "./pad-port.ts";
import { UnheardBytes } from "./unheard-bytes.ts";

/**
 * A serial server that drops silently is noticed by the silence of a session that has signs of life. Where there are none, keep-alive
 * probes end a connection within 4 s: they begin after a second without a byte and come every second, and three stay unanswered.
 */
const KEEP_ALIVE_MS = 1_000;
const PROBES = 3;
const CONNECT_WITHIN_MS = 5_000;
const LAST_BYTES_MS = 500;

/** An open connection to a serial server. @throws WR3001 if nobody answers there */
export const connectTo = async (name: string, host: string, port: number): Promise<Socket> => {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    const fail = (cause?: Error): void => {
      socket.destroy();
      reject(new WindowRatingError("WR3001", `${name} does not answer`, cause));
    };
    socket.setTimeout(CONNECT_WITHIN_MS, fail);
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.setTimeout(0);
      // A Node before 24.19 knows nothing of the last two: there it takes ten probes, 11 s in all.
      socket.setKeepAlive(true, KEEP_ALIVE_MS, KEEP_ALIVE_MS, PROBES);
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
  const unheard = new UnheardBytes(socket);
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
      if (!socket.writable) return;
      socket.write(bytes);
      unheard.written();
    },
    close: () => disconnect(socket),
  };
};
