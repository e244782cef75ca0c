import { once } from "node:events";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import WebSocket from "ws";
import { MemoryPort } from "../ports/memory-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { FACES, FakePad } from "./test/fake-pad.ts";
import { startWebPanel, type WebPanel } from "./web.ts";

let pad: FakePad;
let panel: WebPanel;
beforeEach(async () => {
  pad = new FakePad();
  panel = await startWebPanel(pad, { port: 0 });
});
afterEach(() => panel.close());

const own = (): { host: string; origin: string } => ({ host: new URL(panel.url).host, origin: new URL(panel.url).origin });

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { port } = new URL(panel.url);
    request({ host: "127.0.0.1", port, path, method, headers }, async (answer) => {
      const chunks = await answer.toArray();
      resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() });
    })
      .on("error", reject)
      .end();
  });

const connect = (headers: Record<string, string> = { Origin: own().origin }) => new WebSocket(`ws://${own().host}/pad`, { headers });

/** A page: what it was sent, and a wait for the next. */
const open = async () => {
  const socket = connect();
  const views: { look: string; keys: { lamp: string }[] }[] = [];
  socket.on("message", (data) => views.push(JSON.parse(String(data))));
  await once(socket, "open");
  await vi.waitFor(() => expect(views).toHaveLength(1));
  return { socket, views, wish: (message: unknown) => socket.send(JSON.stringify(message)) };
};

const refusal = async (headers: Record<string, string>): Promise<number> => {
  const socket = connect(headers);
  const [, answer] = await once(socket, "unexpected-response");
  socket.on("error", () => {});
  socket.terminate();
  return answer.statusCode;
};

describe("the web panel", () => {
  it.each(["/", "/panel.js", "/drawing.js", "/fingers.js", "/panel.css", "/keys.css", "/icon.svg"])(
    "serves %s to the browser of this machine, under a strict policy",
    async (path) => {
      const { status, headers } = await get(path);
      expect(status).toBe(200);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors http://127.0.0.1:* http://localhost:*");
      expect(policy).not.toMatch(/unsafe|\*(?!;|\s|$)|data:/);
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
    },
  );

  it("serves nothing else", async () => {
    for (const path of ["/../web.ts", "/%2e%2e/web.ts", "/web/index.html", "/index.html", "//etc/passwd", "/pad"]) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await get("/", {}, "POST")).status).toBe(404);
  });

  it("has no script, style or handler inside its page, so that the policy takes nothing from it", async () => {
    const { body } = await get("/");
    expect(body).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/i);
  });

  it.each(["stranger.test", "127.0.0.1.stranger.test", "localhost.stranger.test", "10.0.0.7", "127.0.0.1@stranger.test"])(
    "refuses the host %s: a name that a stranger points to this machine",
    async (host) => {
      expect((await get("/", { host })).status).toBe(403);
      expect(await refusal({ Host: host, Origin: `http://${host}` })).toBe(403);
    },
  );

  it("lets only its own page at the pad", async () => {
    const { host, origin } = own();
    for (const stranger of [
      "http://stranger.test",
      "null",
      origin.replace("http", "https"),
      "http://127.0.0.1:1",
      `${origin}.stranger.test`,
    ]) {
      expect(await refusal({ Origin: stranger })).toBe(403);
    }
    expect(await refusal({})).toBe(403);
    expect((await get("/", { host, origin: "http://stranger.test" })).status).toBe(403);
    expect(pad.listeners).toBe(0);
  });

  it("shows the pad at once and after every change", async () => {
    const { views } = await open();
    expect(views[0]).toMatchObject({ look: "idle", connection: { is: "ready" } });
    pad.show(FACES.inviting);
    await vi.waitFor(() => expect(views).toHaveLength(2));
    expect(views[1]).toMatchObject({ look: "inviting", remainingMs: 18_000, spoken: { zh: "请您对我们的服务进行评价" } });
  });

  it("tells a page nothing that a citizen may not see: no request id", async () => {
    pad.show({ ...FACES.inviting, requestId: "01890000-0000-7000-8000-000000000001" });
    const { views } = await open();
    expect(JSON.stringify(views)).not.toContain("01890000");
  });

  it("does what a page may ask for", async () => {
    const { wish } = await open();
    for (const key of [1, 5]) {
      wish({ do: "keyDown", key });
      wish({ do: "keyUp", key });
      await vi.waitFor(() => expect(pad.done.slice(-2)).toEqual([`down ${key}`, `up ${key}`]));
    }
    wish({ do: "unplug" });
    wish({ do: "plug" });
    wish({ do: "powerCut" });
    await vi.waitFor(() => expect(pad.done).toEqual(["down 1", "up 1", "down 5", "up 5", "unplug", "plug", "power cut 3000"]));
  });

  it.each<[string, string | Buffer, number]>([
    ["no JSON", "{", 1008],
    ["no object", "5", 1008],
    ["an unknown wish", '{"do":"format"}', 1008],
    ["a key that does not exist", '{"do":"keyDown","key":6}', 1008],
    ["a key in another type", '{"do":"keyDown","key":"5"}', 1008],
    ["no key", '{"do":"keyDown"}', 1008],
    ["more than is asked for", '{"do":"powerCut","offMs":1e9}', 1008],
    ["__proto__", '{"do":"plug","__proto__":{}}', 1008],
    ["bytes", Buffer.from('{"do":"unplug"}'), 1008],
    ["a long message", JSON.stringify({ do: "plug", more: "x".repeat(1000) }), 1009],
  ])("closes on %s and does nothing to the pad", async (_, message, code) => {
    const { socket } = await open();
    socket.send(message);
    expect((await once(socket, "close"))[0]).toBe(code);
    expect(pad.done).toEqual([]);
    await open();
  });

  it("lets go of a key when its page is closed with a finger on it", async () => {
    const { socket, wish } = await open();
    wish({ do: "keyDown", key: 3 });
    wish({ do: "keyDown", key: 3 });
    await vi.waitFor(() => expect(pad.done).toEqual(["down 3"]));
    socket.terminate();
    await vi.waitFor(() => expect(pad.done).toEqual(["down 3", "up 3"]));
    expect(pad.listeners).toBe(0);
  });

  it("lets no page lift the finger of another", async () => {
    const [one, other] = [await open(), await open()];
    one.wish({ do: "keyDown", key: 2 });
    await vi.waitFor(() => expect(pad.done).toEqual(["down 2"]));
    other.wish({ do: "keyUp", key: 2 });
    other.wish({ do: "unplug" });
    await vi.waitFor(() => expect(pad.done).toEqual(["down 2", "unplug"]));
  });

  it("lets a page go that takes nothing any more, and keeps serving the others", async () => {
    const [stuck, lively] = [await open(), await open()];
    stuck.socket.pause();
    for (let change = 0; change < 100_000 && pad.listeners === 2; change++) {
      pad.show({ pendingEvents: change });
      if (change % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pad.listeners).toBe(1);
    pad.show(FACES.thanks);
    await vi.waitFor(() => expect(lively.views.at(-1)).toMatchObject({ look: "thanks" }));
    stuck.socket.terminate();
  });

  it("works on a simulated pad as on any other", async () => {
    await using undo = new AsyncDisposableStack();
    const real = new SimulatedPad({ port: new MemoryPort() });
    undo.defer(() => real.close());
    await panel.close();
    panel = await startWebPanel(real, { port: 0 });
    const { views, wish } = await open();
    expect(views[0]).toMatchObject({ look: "idle", model: "generic/five-button", connection: { zh: "正在连接" } });
    wish({ do: "keyDown", key: 5 });
    await vi.waitFor(() => expect(views.at(-1)?.keys[4]).toMatchObject({ zh: "非常满意", isDown: true }));
    wish({ do: "keyUp", key: 5 });
    wish({ do: "unplug" });
    await vi.waitFor(() => expect(views.at(-1)).toMatchObject({ connection: { is: "unplugged" } }));
    wish({ do: "powerCut" });
    await vi.waitFor(() => expect(views.at(-1)).toMatchObject({ look: "dark" }));
  });

  it("says which port it could not have", async () => {
    const { port } = new URL(panel.url);
    await expect(startWebPanel(pad, { port: Number(port) })).rejects.toMatchObject({
      code: "WR8004",
      detail: expect.stringContaining(port),
    });
  });

  it("ends with its pages still open", async () => {
    const { socket } = await open();
    const closed = once(socket, "close");
    await panel.close();
    await closed;
    await vi.waitFor(() => expect(pad.listeners).toBe(0));
  });
});
