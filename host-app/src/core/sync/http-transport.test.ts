import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { centralEndpoint, type Exchange } from "./exchange.ts";
import { httpTransport } from "./http-transport.ts";

const servers: Server[] = [];
const transport = httpTransport();

afterEach(async () => {
  transport.close();
  for (const server of servers.splice(0)) {
    const closed = new Promise((resolve) => server.close(resolve));
    if ("closeAllConnections" in server) (server as ReturnType<typeof createServer>).closeAllConnections();
    await closed;
  }
});

const listen = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

const serve = async (listener: RequestListener): Promise<string> => `http://127.0.0.1:${await listen(createServer(listener))}`;

const post = (url: string, signal = new AbortController().signal): Promise<Exchange> =>
  transport.post({ url: centralEndpoint(url, "/sync/v1/batches"), token: "secret-token", text: '{"窗口":3}', signal });

test("body, token and path arrive, and the headers that matter come back", async () => {
  let seen = {};
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const piece of request.setEncoding("utf8")) body += piece;
    seen = { body, url: request.url, authorization: request.headers.authorization, type: request.headers["content-type"] };
    response.writeHead(503, { "retry-after": "9", location: "/x", "content-type": "text/plain" }).end("不在");
  });
  expect(await post(`${url}/rating/?a=1#b`)).toMatchObject({
    is: "answer",
    status: 503,
    retryAfter: "9",
    location: "/x",
    contentType: "text/plain",
    text: "不在",
  });
  expect(seen).toEqual({
    body: '{"窗口":3}',
    url: "/rating/sync/v1/batches",
    authorization: "Bearer secret-token",
    type: "application/json",
  });
});

test("the connection is kept for the next request", async () => {
  const ports = new Set<number | undefined>();
  const url = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    request.resume().on("end", () => response.end("{}"));
  });
  for (let count = 0; count < 5; count++) await post(url);
  expect(ports.size).toBe(1);
});

test("nobody listens: unreachable, in words", async () => {
  const port = await listen(createTcpServer());
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  expect(await post(`http://127.0.0.1:${port}`)).toEqual({
    is: "unreachable",
    reason: "no program listens at this address (ECONNREFUSED)",
  });
});

test("a name that does not exist: unreachable, in words", async () => {
  expect(await post("http://central.invalid:7200")).toMatchObject({ is: "unreachable", reason: expect.stringContaining("DNS") });
});

test("https to a port that does not speak it: unreachable, since no entry can have arrived", async () => {
  const url = await serve((_request, response) => response.end());
  expect(await post(url.replace("http:", "https:"))).toMatchObject({ is: "unreachable", reason: expect.stringMatching(/./) });
});

test("cut before and within the answer", async () => {
  const before = await serve((request) => request.socket.destroy());
  expect(await post(before)).toMatchObject({ is: "cut" });
  const within = await serve((request, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("half", () => request.socket.destroy());
  });
  expect(await post(within)).toMatchObject({ is: "cut" });
});

test("what answers is no HTTP server: cut, not thrown", async () => {
  const port = await listen(
    createTcpServer((socket) =>
      socket
        .on("error", () => {})
        .resume()
        .end("SSH-2.0-OpenSSH_9.9\r\n"),
    ),
  );
  expect(await post(`http://127.0.0.1:${port}`)).toMatchObject({ is: "cut", reason: expect.stringMatching(/./) });
});

test("aborted while the answer is awaited, and while it comes in", async () => {
  const first = new AbortController();
  const silent = await serve(() => first.abort());
  expect(await post(silent, first.signal)).toEqual({ is: "aborted" });
  const second = new AbortController();
  const slow = await serve((_request, response) => {
    response.writeHead(200);
    response.write("…", () => setImmediate(() => second.abort()));
  });
  expect(await post(slow, second.signal)).toEqual({ is: "aborted" });
  expect(await post(slow, AbortSignal.abort())).toEqual({ is: "aborted" });
});
