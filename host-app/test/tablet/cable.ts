import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A network cable between a tablet and its window PC: a TCP relay that can be pulled, or go dead without a word. For tests only. */
export class Cable implements AsyncDisposable {
  readonly port: number;
  readonly #to: number;
  #server: Server;
  #isDead = false;
  readonly #pairs = new Set<readonly [Socket, Socket]>();

  private constructor(server: Server, port: number, to: number) {
    this.#server = server;
    this.port = port;
    this.#to = to;
    this.#serve(server);
  }

  /** @param to port of the window PC on this machine */
  static async lay(to: number): Promise<Cable> {
    const server = await listening(0);
    return new Cable(server, (server.address() as AddressInfo).port, to);
  }

  /** Everything breaks at once, and nobody answers any more. */
  async pull(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    await closed;
  }

  async put(): Promise<void> {
    this.#server = await listening(this.port);
    this.#isDead = false;
    this.#serve(this.#server);
  }

  /** Connections stand, and nothing comes through them any more, as where a switch has lost its way; or nothing comes to the tablet. */
  die(direction: "both" | "to the tablet" = "both"): void {
    this.#isDead = true;
    for (const [near, far] of this.#pairs) {
      far.pause();
      if (direction === "both") near.pause();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.pull();
  }

  #serve(server: Server): void {
    server.on("connection", (near) => {
      const far = connect({ host: "127.0.0.1", port: this.#to, noDelay: true });
      near.setNoDelay(true);
      const pair = [near, far] as const;
      this.#pairs.add(pair);
      for (const [one, other] of [pair, [far, near]] as const) {
        one.on("data", (chunk) => other.write(chunk));
        one.on("error", () => undefined);
        one.on("close", () => {
          other.destroy();
          this.#pairs.delete(pair);
        });
        if (this.#isDead) one.pause();
      }
    });
  }
}

const listening = async (port: number): Promise<Server> => {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
};

/** A port that nobody listens on just now. */
export const freePort = async (): Promise<number> => {
  const server = await listening(0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};
