import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What stands in front of several instances of a service: each new connection goes to the next of those that are there. */
export interface Balancer {
  readonly url: string;
  /** From now on it gets its share of new connections. */
  add(url: string): void;
  /** It is gone; what was connected to it breaks by itself. */
  remove(url: string): void;
  close(): Promise<void>;
}

/** As dumb as a proxy can be: bytes in, bytes out, and no second try. */
export const startBalancer = async (): Promise<Balancer> => {
  const targets: URL[] = [];
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    turn += 1;
    const target = targets[turn % targets.length];
    if (target === undefined) return void client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (url) => void targets.push(new URL(url)),
    remove(url) {
      const at = targets.findIndex(({ origin }) => origin === url);
      if (at >= 0) targets.splice(at, 1);
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
};
