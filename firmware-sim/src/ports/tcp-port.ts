import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { PadPort, PortListener } from "./pad-port.ts";

/** Bytes that may wait for a host that does not read; what comes then is lost. */
const BACKLOG = 65_536;

/** A pad behind a serial server: one host at a time, the newest connection wins. */
export class TcpPort implements PadPort {
  readonly #host: string;
  readonly #port: number;
  #server: Server | undefined;
  #socket: Socket | undefined;
  /** Connections that nothing comes through any more; what the host writes is read and forgotten. */
  readonly #hanging = new Set<Socket>();
  #listener: PortListener | undefined;
  /** Counts cables put in and pulled, so that a plug that took time knows whether it is still wanted. */
  #moves = 0;

  private constructor(host: string, server: Server) {
    this.#host = host;
    this.#port = (server.address() as AddressInfo).port;
    this.#serve(server);
  }

  /** @param port 0 takes any free one. @throws WR8004 if it is taken */
  static async open(port: number, host = "127.0.0.1"): Promise<TcpPort> {
    return new TcpPort(host, await listenOn(port, host));
  }

  get path(): string {
    return `tcp://${this.#host.includes(":") ? `[${this.#host}]` : this.#host}:${this.#port}`;
  }

  get isPlugged(): boolean {
    return this.#server !== undefined;
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
  }

  write(bytes: Uint8Array): void {
    if (this.#socket !== undefined && this.#socket.writableLength < BACKLOG) this.#socket.write(bytes);
  }

  unplug(): void {
    this.#moves++;
    this.#socket?.destroy();
    this.#socket = undefined;
    for (const socket of this.#hanging) socket.destroy();
    this.#server?.close();
    this.#server = undefined;
  }

  hangConnection(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    this.#hanging.add(socket);
    socket.once("close", () => this.#hanging.delete(socket));
  }

  async plug(): Promise<void> {
    if (this.#server !== undefined) return;
    const move = ++this.#moves;
    const server = await listenOn(this.#port, this.#host);
    if (move === this.#moves) this.#serve(server);
    else server.close();
  }

  async close(): Promise<void> {
    this.unplug();
  }

  #serve(server: Server): void {
    this.#server = server;
    server.on("connection", (socket) => {
      // It was accepted while the cable was pulled.
      if (this.#server !== server) return void socket.destroy();
      this.#socket?.destroy();
      this.#socket = socket;
      socket.setNoDelay(true);
      socket.on("data", (chunk) => {
        if (this.#socket === socket) this.#listener?.bytes(chunk);
      });
      // A connection that breaks is as if the host had gone; the next one takes its place.
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        if (this.#socket === socket) this.#socket = undefined;
      });
    });
  }
}

const listenOn = async (port: number, host: string): Promise<Server> => {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new WindowRatingError("WR8004", `${host}:${port}`, error);
  }
  return server;
};
