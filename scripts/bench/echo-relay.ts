import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// The baseline of a push: a process between two others that keeps nothing. A text comes by /order, goes out as the answer to the /take that is
// held open, and what /answer brings is the answer to the /order.
let held: ServerResponse | undefined;
let waiting: string | undefined;
let ordered: ServerResponse | undefined;

const hand = (): void => {
  if (held === undefined || waiting === undefined) return;
  held.end(waiting);
  held = undefined;
  waiting = undefined;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return text;
};

const server = createServer(async (request, response) => {
  const text = await bodyOf(request);
  if (request.url === "/order") {
    ordered = response;
    waiting = text;
    hand();
  } else if (request.url === "/take") {
    held = response;
    hand();
  } else {
    ordered?.end(text);
    response.end("{}");
  }
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
