import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gatewayFileSchema } from "./gateway-file.ts";
import { httpGateway } from "./http-gateway.ts";

const MESSAGE = {
  key: "00000000-0000-8000-a000-000000000001",
  phone: "13000000001",
  text: "您办理的“居民身份证换领”已办结",
  item: "居民身份证换领",
};

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let server: Server;
let url: string;
let seen: Seen[];
let answer: { status: number; body: string; headers?: Record<string, string> } | "silence" | "hang up";

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      if (answer === "hang up") request.socket.destroy();
      else if (answer !== "silence") response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  answer = { status: 200, body: '{"code":"0","msgid":"m-77"}' };
});

const gateway = (send: object, environment: Record<string, string> = {}) =>
  httpGateway(gatewayFileSchema.parse({ send: { url, success: '"code":"0".*"msgid":"([^"]+)"', ...send } }), environment);

describe("a gateway by HTTP template", () => {
  test("fills JSON, form, address and headers, with secrets of the environment", async () => {
    const secret = { SMS_SECRET: "s3cret & more" };
    const headers = { authorization: "Key {{env:SMS_SECRET}}", "x-request-id": "{{key}}" };
    const body = { json: { to: ["{{phone}}"], params: { text: "{{text}}", n: 1 }, id: "{{key}}" } };
    expect(await gateway({ url: `${url}/v2?to={{phone}}&k={{env:SMS_SECRET}}`, headers, body }, secret).send(MESSAGE)).toEqual({
      is: "accepted",
      gatewayId: "m-77",
    });
    await gateway({ body: { form: { mobile: "{{phone}}", content: "{{text}}" } } }).send(MESSAGE);
    const [json, form] = seen as [Seen, Seen];
    expect(json.url).toBe("/v2?to=13000000001&k=s3cret%20%26%20more");
    expect(json.headers).toMatchObject({
      authorization: "Key s3cret & more",
      "x-request-id": MESSAGE.key,
      "content-type": "application/json",
    });
    expect(JSON.parse(json.body)).toEqual({ to: [MESSAGE.phone], params: { text: MESSAGE.text, n: 1 }, id: MESSAGE.key });
    expect(Object.fromEntries(new URLSearchParams(form.body))).toEqual({ mobile: MESSAGE.phone, content: MESSAGE.text });
  });

  test("no text gets out of its field, whatever is in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
        seen = [];
        await gateway({
          url: `${url}/?t={{text}}`,
          headers: { "x-t": "{{text}}" },
          body: { json: { text: "{{text}}", fixed: "yes" } },
        }).send({ ...MESSAGE, text });
        const [one] = seen as [Seen];
        expect(JSON.parse(one.body)).toEqual({ text, fixed: "yes" });
        expect(new URL(one.url ?? "", url).searchParams.size).toBe(1);
      }),
      { numRuns: 40 },
    );
  });

  test("tells a refusal for now, one for good, and not knowing apart", async () => {
    const strict = gateway({ refusedForGood: "invalid number" });
    answer = { status: 200, body: '{"code":"9","detail":"busy, 13000000001"}' };
    expect(await strict.send(MESSAGE)).toEqual({ is: "refused", again: true, detail: '200 {"code":"9","detail":"busy, …"}' });
    answer = { status: 429, body: "slow down", headers: { "retry-after": "30" } };
    expect(await strict.send(MESSAGE)).toMatchObject({ is: "refused", again: true, waitMs: 30_000 });
    answer = { status: 400, body: "invalid number" };
    expect(await strict.send(MESSAGE)).toMatchObject({ is: "refused", again: false });
    answer = { status: 502, body: "bad gateway" };
    expect(await strict.send(MESSAGE)).toMatchObject({ is: "unknown" });
    answer = "hang up";
    expect(await strict.send(MESSAGE)).toMatchObject({ is: "unknown" });
    answer = "silence";
    expect(await gateway({ timeoutMs: 200 }).send(MESSAGE)).toMatchObject({ is: "unknown" });
    answer = { status: 302, body: "", headers: { location: `${url}/elsewhere` } };
    expect(await strict.send(MESSAGE)).not.toMatchObject({ is: "accepted" });
    expect(seen.map((one) => one.url)).not.toContain("/elsewhere");
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect(await gateway({ url: `http://127.0.0.1:${port}/` }).send(MESSAGE)).toEqual({
      is: "refused",
      again: true,
      detail: "ECONNREFUSED",
    });
  });

  test("is refused with WR7036 when a secret is missing, a placeholder misspelt or an address none", () => {
    expect(() => gateway({ headers: { authorization: "{{env:NOT_SET}}" } })).toThrow(/WR7036.*NOT_SET/);
    expect(() => gateway({ body: { json: { to: "{{phnoe}}" } } })).toThrow(/WR7036.*\{\{phnoe\}\}/);
    expect(() => gateway({ url: "ftp://gateway.example" })).toThrow(/WR7036/);
    expect(gatewayFileSchema.safeParse({ send: { url, success: "(" } }).success).toBe(false);
  });
});
