import { createHash, createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** What the server part of this business system knows of its hall; all of it is in its own configuration. */
export interface Hall {
  readonly windowNo: string;
  /** Where the desk API of the clerk's PC is, for the page. */
  readonly deskUrl: string;
  readonly centralUrl: string;
  /** Of `window-central system add --scope push`. */
  readonly systemToken: string;
  /** Of `window-host pair`: the server signs links with it. */
  readonly pairing: { readonly name: string; readonly token: string };
}

export interface BusinessSystem {
  readonly origin: string;
  show(hall: Hall): void;
  close(): Promise<void>;
}

const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/page.mjs": { file: "page.mjs", type: "text/javascript; charset=utf-8" },
};

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*; base-uri 'none'";

/**
 * A business system as an agency has one: a page, and a server part on an origin of its own. It uses nothing of this project but the built
 * browser client, so that whoever reads it sees all that there is to do.
 * @param client file of the built browser client
 */
export const startBusinessSystem = async (client: string): Promise<BusinessSystem> => {
  let hall: Hall | undefined;
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, type = "application/json", text, policy }) =>
        response
          .writeHead(status, {
            "content-type": type,
            "cache-control": "no-store",
            ...(policy ? { "content-security-policy": POLICY } : {}),
          })
          .end(text),
      (error: unknown) => response.writeHead(500, { "content-type": "text/plain" }).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const answer = async (request: IncomingMessage): Promise<{ status: number; type?: string; text: string | Buffer; policy?: boolean }> => {
    if (`http://${request.headers.host}` !== origin) return { status: 403, text: "{}" };
    const { pathname } = new URL(request.url ?? "/", origin);
    if (request.method === "GET") {
      const found = FILES[pathname];
      if (found !== undefined)
        return { status: 200, type: found.type, text: readFileSync(join(import.meta.dirname, "web", found.file)), policy: true };
      if (pathname === "/window-rating-desk.js") return { status: 200, type: "text/javascript", text: readFileSync(client) };
      if (pathname === "/hall.json" && hall !== undefined)
        return { status: 200, text: JSON.stringify({ windowNo: hall.windowNo, deskUrl: hall.deskUrl }) };
      return { status: 404, text: "{}" };
    }
    if (request.method !== "POST" || request.headers.origin !== origin || hall === undefined) return { status: 403, text: "{}" };
    const order = { windowNo: hall.windowNo, ...(JSON.parse(await bodyOf(request)) as { caseNo: string }) };
    if (pathname === "/push") return { status: 200, text: await push(hall, order) };
    if (pathname === "/link") return { status: 200, text: JSON.stringify({ url: linkFor(hall, order) }) };
    return { status: 404, text: "{}" };
  };

  return {
    origin,
    show(known) {
      hall = known;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** The second way: to central, which brings it to the window PC and the answer back. */
const push = async ({ centralUrl, systemToken }: Hall, order: object): Promise<string> => {
  const response = await fetch(`${centralUrl}/api/v1/push/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${systemToken}` },
    body: JSON.stringify({ pushNo: randomUUID(), waitSeconds: 10, order }),
  });
  return response.text();
};

/** The third way: a link that the clerk clicks. Its ticket is good once and for a minute; docs/business-systems.md describes it. */
const linkFor = ({ pairing }: Hall, order: { readonly caseNo: string }): string => {
  const { caseNo, ...place } = order;
  const ticket = JSON.stringify({
    v: 1,
    ticketId: randomUUID(),
    signer: "pairing",
    by: pairing.name,
    expiresAtMs: Date.now() + 60_000,
    order: { ...place, do: "end-case", caseNo },
  });
  const key = createHash("sha256").update(pairing.token).digest();
  const mac = createHmac("sha256", key).update(`window-rating link 1\n${ticket}`).digest("hex");
  return `window-rating://end-case?ticket=${Buffer.from(ticket).toString("hex")}.${mac}`;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const piece of request) {
    text += String(piece);
    if (text.length > 16_384) throw new Error("the body is too long");
  }
  return text;
};
