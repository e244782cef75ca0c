import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER, openBrowser } from "../screens/test/screen-browser.ts";
import { openTestDesk, type TestDesk } from "./test-desk-api.ts";

/** A page of a business system, or of a stranger, on an origin of its own. */
const servePage = async (): Promise<{ server: Server; origin: string }> => {
  const server = createServer((_request, answer) =>
    answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>page</title>"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe.skipIf(BROWSER === undefined)("In a real browser (needs one; WINDOW_RATING_BROWSER names it)", () => {
  let browser: Browser;
  let host: TestDesk;
  let own: { server: Server; origin: string };
  let stranger: { server: Server; origin: string };
  let token: string;

  beforeAll(async () => {
    host = await openTestDesk();
    own = await servePage();
    stranger = await servePage();
    token = host.pairings.add("page", [own.origin], 0).token;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const { server } of [own, stranger]) server.close();
    await host.close();
  });

  const pageAt = async (origin: string): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(origin);
    return page;
  };
  /** What a script of the page gets: HTTP status and body, or the name of the error that stopped it. */
  const callFrom = (
    page: Page,
    init: { method: string; headers?: Record<string, string>; body?: string; mode?: "no-cors" },
    path: string,
  ): Promise<string> =>
    page.evaluate(
      ([url, options]) =>
        fetch(url as string, options as RequestInit).then(
          async (answer) => `${answer.status} ${await answer.text()}`,
          (error: Error) => error.name,
        ),
      [`http://localhost:${host.api.port}${path}`, init],
    );

  const SIGN_IN = "/desk/v1/clerk/sign-in";
  const BODY = JSON.stringify({ staffNo: "1001", name: "李四样例" });
  const headers = (): Record<string, string> => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });

  test("the page of a paired business system uses the verbs and reads their answers, errors too", async () => {
    const page = await pageAt(own.origin);
    expect(await callFrom(page, { method: "POST", headers: headers(), body: BODY }, SIGN_IN)).toBe("200 {}");
    expect(await callFrom(page, { method: "GET", headers: headers() }, "/desk/v1/state")).toMatch(/^200 .*李四样例/);
    expect(await callFrom(page, { method: "POST", headers: headers(), body: "{}" }, "/desk/v1/cases/1/end")).toMatch(/^409 .*WR5005/);
    expect(host.desk.asked.map(({ verb, caller }) => `${verb} ${caller}`)).toEqual(["signIn page", "endCase page"]);
  });

  test("it hears events by the token it offers as a subprotocol", async () => {
    const page = await pageAt(own.origin);
    const first = page.evaluate(
      ([url, secret]) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(url as string, ["window-rating.desk.v1", `bearer.${secret}`]);
          socket.onmessage = ({ data }) => resolve(data as string);
          socket.onclose = ({ code }) => resolve(`closed ${code}`);
        }),
      [`ws://localhost:${host.api.port}/desk/v1/events`, token],
    );
    expect(await first).toContain('"event":"state"');
  });

  test("the page of a stranger who knows the token changes nothing and reads nothing", async () => {
    const page = await pageAt(stranger.origin);
    const before = host.desk.asked.length;
    expect(await callFrom(page, { method: "POST", headers: headers(), body: BODY }, SIGN_IN)).toBe("TypeError");
    expect(await callFrom(page, { method: "GET", headers: headers() }, "/desk/v1/state")).toBe("TypeError");
    expect(await callFrom(page, { method: "GET" }, "/desk/v1/openapi.json")).toBe("TypeError");
    // What a form can send, without asking first.
    await callFrom(page, { method: "POST", headers: { "content-type": "text/plain" }, body: BODY, mode: "no-cors" }, SIGN_IN);
    const closed = await page.evaluate(
      ([url, secret]) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(url as string, [`bearer.${secret}`]);
          socket.onopen = () => resolve("open");
          socket.onclose = ({ code }) => resolve(`closed ${code}`);
        }),
      [`ws://localhost:${host.api.port}/desk/v1/events`, token],
    );
    expect(closed).toBe("closed 1006");
    expect(host.desk.asked).toHaveLength(before);
  });

  test("nobody reads the state by opening its address", async () => {
    const page = await browser.newPage();
    const answer = await page.goto(`http://127.0.0.1:${host.api.port}/desk/v1/openapi.json`);
    expect(answer?.status()).toBe(403);
  });
});
