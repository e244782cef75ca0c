import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Lets no connection that never said anything hold up the end. Node closes those that wait for their next request; one that has not sent
 * its first, as browsers open them in store, it waits for.
 */
export const closeSilentConnections = (app: FastifyInstance): void => {
  const sockets = new Set<Socket>();
  let isEnding = false;
  app.server.on("connection", (socket) => {
    if (isEnding) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  app.addHook("preClose", async () => {
    isEnding = true;
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  });
};
