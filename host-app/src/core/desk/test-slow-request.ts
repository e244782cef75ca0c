import type { Duplex } from "node:stream";

/** Says the start of a request, then more and more of it, and never ends its side. @returns all that was said until it was cut off */
export const dripped = (socket: Duplex, start: string, more: string): Promise<string> => {
  let said = "";
  socket.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  // A reset is one way of being cut off.
  socket.on("error", () => undefined);
  socket.write(start);
  const drip = setInterval(() => socket.writable && socket.write(more), 10);
  return new Promise((resolve) =>
    socket.once("close", () => {
      clearInterval(drip);
      resolve(said);
    }),
  );
};
