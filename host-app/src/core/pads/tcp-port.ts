import { connect } from "node:net";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { OpenPort, PortEvents } from "./pad-port.ts";

/** A serial server that drops silently is noticed by the link's heartbeat; keep-alive frees the socket behind it. */
const KEEP_ALIVE_MS = 10_000;
const CONNECT_WITHIN_MS = 5_000;

/** Opens a pad behind a serial server. @throws WR3001 if nobody answers there */
export const openTcpPort = async (host: string, port: number, events: PortEvents): Promise<OpenPort> => {
  const name = `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
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
    close: async () => {
      if (socket.closed) return;
      await new Promise<void>((resolve) => {
        socket.once("close", () => resolve());
        socket.end();
        // The other side may be gone without a word; nobody waits for it.
        socket.destroySoon();
      });
    },
  };
};
