import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * An address that is known before central is there, and leads to it: a provider must be told where it sends browsers back, and central must
 * be told of the provider before it listens.
 */
export const openFront = async () => {
  let target: URL | undefined;
  const server = createServer((asked, answer) => {
    const { hostname, port } = target ?? { hostname: "127.0.0.1", port: "1" };
    const { method, url: path, headers } = asked;
    const passed = request({ hostname, port, method, path, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (url: string): void => {
      target = new URL(url);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
