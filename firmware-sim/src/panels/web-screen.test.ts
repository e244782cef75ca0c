import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { MemoryPort } from "../ports/memory-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { assetsOf } from "../touchscreen/touch-bench.ts";
import { startWebPanel, type WebPanel } from "./web.ts";

const REQUEST_ID = "01890000-0000-7000-8000-000000000001";

let pad: SimulatedPad;
let panel: WebPanel;
beforeEach(async () => {
  const assets = assetsOf({ "photo/1001": "jpeg", "voice/zh-CN/2": "wav", "language/bo": { secret: true } });
  pad = new SimulatedPad({ port: new MemoryPort(), profileId: "generic/touchscreen", assets });
  panel = await startWebPanel(pad, { port: 0 });
});
afterEach(async () => {
  await panel.close();
  await pad.close();
});

const get = (path: string) =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    request({ host: "127.0.0.1", port: new URL(panel.url).port, path }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    })
      .on("error", reject)
      .end();
  });

const open = async () => {
  const { host, origin } = new URL(panel.url);
  const socket = new WebSocket(`ws://${host}/pad`, { headers: { Origin: origin } });
  const views: { scene: { is: string }; look: { language: string } }[] = [];
  socket.on("message", (data) => views.push(JSON.parse(String(data))));
  await once(socket, "open");
  await vi.waitFor(() => expect(views).toHaveLength(1));
  return { socket, views, wish: (message: unknown) => socket.send(JSON.stringify(message)) };
};

describe("the page of a touchscreen", () => {
  test.each([
    "/",
    "/screen.js",
    "/steady-hand.js",
    "/elements.js",
    "/options.js",
    "/details.js",
    "/writing.js",
    "/rest.js",
    "/time.js",
    "/voice.js",
  ])("serves %s under the same strict policy", async (path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    expect(String(headers["content-security-policy"])).toMatch(/default-src 'none'(?!.*unsafe)/);
  });

  test("is the page of a tablet: what that is built from comes from here unchanged, in the same frame", async () => {
    const source = (path: string): string => readFileSync(new URL(`../citizen-page/web/${path}`, import.meta.url), "utf8");
    const frameOf = (html: string): string => /<div id="pad"[\s\S]*?<\/div>\s*<p id="sign".*<\/p>/.exec(html)?.[0] ?? "none";
    expect(frameOf((await get("/")).text)).toBe(frameOf(source("pad/index.html")));
    expect(frameOf(source("pad/index.html"))).toContain("stage");
    const wanted = [...source("pad/main.ts").matchAll(/from "\.\.\/([\w-]+\.js)"|import "\.\.\/([\w-]+\.css)"/g)].map(
      ([, js, css]) => js ?? (css as string),
    );
    expect(wanted).toEqual(expect.arrayContaining(["screen.js", "screen.css", "small.css"]));
    const sheets = (await get("/")).text.match(/[\w-]+\.css/g);
    expect(sheets).toEqual(wanted.filter((name) => name.endsWith(".css")));
    const seen = new Set<string>();
    for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      expect([name, (await get(`/${name}`)).text]).toEqual([name, source(name)]);
      for (const [, next] of source(name).matchAll(/from "\.\/([\w-]+\.js)"/g)) wanted.push(next as string);
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  test("serves the pad's pictures and recordings, and nothing else of its files", async () => {
    expect(await get("/assets/photo/1001")).toMatchObject({ status: 200, headers: { "content-type": "image/jpeg" } });
    expect(await get("/assets/voice/zh-CN/2")).toMatchObject({ status: 200, headers: { "content-type": "audio/wav" } });
    for (const path of [
      "/assets/language/bo",
      "/assets/photo/1002",
      "/assets/",
      "/assets/../web.ts",
      "/assets/%2e%2e/%2e%2e/web.ts",
      "/panel.js",
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  test("gives touches to the pad", async () => {
    const { views, wish } = await open();
    expect(views[0]).toMatchObject({ scene: { is: "idle" }, look: { language: "zh-CN" } });
    wish({ do: "touch", touch: { do: "look", look: { language: "en" } } });
    await vi.waitFor(() => expect(views.at(-1)).toMatchObject({ look: { language: "en" } }));
  });

  test.each<[string, unknown]>([
    ["a level that is none", { do: "level", requestId: REQUEST_ID, level: 6 }],
    ["a request that is none", { do: "level", requestId: "1", level: 5 }],
    ["an answer without a request", { do: "confirm", written: { words: "", name: "", phone: "" } }],
    ["more than is written", { do: "confirm", requestId: REQUEST_ID, written: { words: "", name: "", phone: "", idCard: "1" } }],
    ["more than fits", { do: "confirm", requestId: REQUEST_ID, written: { words: "x".repeat(401), name: "", phone: "" } }],
    ["two looks at once", { do: "look", look: { contrast: "high", textSize: "large" } }],
    ["an unknown touch", { do: "swipe" }],
  ])("closes on %s", async (_, touch) => {
    const { socket, wish } = await open();
    wish({ do: "touch", touch });
    expect((await once(socket, "close"))[0]).toBe(1008);
  });

  test("closes on a message that is longer than anything a citizen can write", async () => {
    const { socket } = await open();
    socket.send("x".repeat(5000));
    expect((await once(socket, "close"))[0]).toBe(1009);
  });
});
