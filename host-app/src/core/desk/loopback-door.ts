import type { Server as HttpServer } from "node:http";
import { createServer, type Server as TcpServer } from "node:net";

/**
 * A second way into one HTTP server, on the IPv6 loopback. Were ::1 left open, another program could take it and receive
 * the tokens of whoever calls `localhost`. Connections belong to the HTTP server; closing the door stops new ones only.
 * @param port 0 takes any
 * @returns null if this PC has no IPv6 loopback, so that nobody can listen there
 * @throws the system's error if the port cannot be had
 */
export const openIpv6Door = (http: HttpServer, port: number, maxConnections: number): Promise<TcpServer | null> => {
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // Node's documented way to hand a connection over. Before the server listens it does not watch for slow requests.
    if (http.listening) http.emit("connection", socket);
    else socket.destroy();
  });
  door.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    door.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve(null);
      else reject(error);
    });
    door.listen({ host: "::1", port, exclusive: true }, () => resolve(door));
  });
};
