import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Lets no connection hold up the end for the minute that Node keeps it. Those that wait for a next request it closes itself; one that has
 * not sent its first, as browsers open them in store, it waits for, and one that is being answered it keeps for more.
 */
export const endPromptly = (app: FastifyInstance): void => {
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
  app.addHook("onSend", async (_request, reply) => {
    if (isEnding) reply.header("connection", "close");
  });
};
