import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askDown, type DownRequest } from "./down-request.ts";

const labels = [1, 2, 3, 4, 5].map((level) => ({ level, label: `级 ${level}` }));
const ANSWER = {
  since: 0,
  version: 4,
  more: false,
  clerks: [{ staffNo: "1", name: "张三样例" }],
  items: [],
  reasons: null,
  site: { version: 0, region: null, regionName: null, packVersion: null, labels, manualTrigger: null },
};

describe("asking central for what flows down", () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse) => void = () => {};
  const seen: { url: string; headers: Record<string, unknown> }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push({ url: request.url ?? "", headers: request.headers });
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (over: Partial<DownRequest> = {}) =>
    askDown({
      centralUrl: url,
      windowPcId: "b4e2b2ce-1678-8a68-9829-cee805641de3",
      token: "secret",
      since: 3,
      reasons: "2020",
      etag: '"x"',
      signal: AbortSignal.timeout(5000),
      ...over,
    });
  const json = (status: number, body: unknown) => (response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/json", etag: '"y"' }).end(JSON.stringify(body));
  };

  test("names the PC, what it has, and its token; also when central lives under a path of its own", async () => {
    answer = json(200, ANSWER);
    expect(await ask({ centralUrl: `${url}/central/?x#y` })).toEqual({ is: "changed", answer: ANSWER, etag: '"y"' });
    expect(seen.at(-1)?.url).toBe("/central/api/v1/down?windowPcId=b4e2b2ce-1678-8a68-9829-cee805641de3&since=3&reasons=2020");
    expect(seen.at(-1)?.headers).toMatchObject({ authorization: "Bearer secret", "if-none-match": '"x"' });
  });

  test("takes fields that it does not know yet for nothing", async () => {
    answer = json(200, { ...ANSWER, later: 1, site: { ...ANSWER.site, later: 2 } });
    expect(await ask()).toEqual({ is: "changed", answer: ANSWER, etag: '"y"' });
  });

  test("whatever answers is a reply, and nothing that comes ends the program", async () => {
    const replies = [
      [json(304, ""), "unchanged"],
      [json(401, {}), "unknown"],
      [json(403, {}), "unknown"],
      [json(500, {}), "failed"],
      [json(302, {}), "failed"],
      [json(200, { ...ANSWER, version: -1 }), "failed"],
      [(response: ServerResponse) => void response.end("<html>"), "failed"],
      [(response: ServerResponse) => void response.destroy(), "failed"],
      [
        (response: ServerResponse) => {
          response.writeHead(200, { "content-length": "1000" });
          response.write("{");
          setImmediate(() => response.destroy());
        },
        "failed",
      ],
      [
        (response: ServerResponse) => {
          response.on("error", () => {});
          const more = (): void => {
            if (!response.destroyed && response.write("x".repeat(65_536))) setImmediate(more);
            else response.once("drain", more);
          };
          more();
        },
        "failed",
      ],
    ] as const;
    for (const [how, is] of replies) {
      answer = how;
      expect((await ask()).is).toBe(is);
    }
  });

  test("no answer in time, and nobody there, are failures with a reason", async () => {
    answer = () => {};
    const abort = new AbortController();
    const waiting = ask({ signal: abort.signal });
    abort.abort();
    expect((await waiting).is).toBe("failed");
    expect(await ask({ centralUrl: "http://127.0.0.1:1" })).toMatchObject({ is: "failed", why: expect.stringContaining("ECONNREFUSED") });
  });
});
