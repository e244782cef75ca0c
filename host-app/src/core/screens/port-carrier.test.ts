import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Carrier } from "../../messages/carrier.ts";
import { ScreenClient } from "../../messages/client.ts";
import type { EventOf } from "../../messages/events.ts";
import { type ServedScreens, serveScreens } from "./test/served-screens.ts";

let served: ServedScreens;
beforeEach(async () => {
  served = await serveScreens(["3", "4"]);
});
afterEach(() => served.close());

/** A strip over a message port, as Electron's preload would carry it. */
const openStrip = async (windowNo: string, screen: "strip" | "console" = "strip") => {
  const { port1: core, port2: page } = new MessageChannel();
  const carrier: Carrier = {
    connect: (listener) => {
      page.on("message", (text: string) => listener.text(text));
      page.on("close", () => listener.closed("lost"));
      listener.opened();
      return { send: (text) => page.postMessage(text), close: () => page.close() };
    },
  };
  const client = new ScreenClient<"strip">({ carrier, timers: globalThis as never, random: () => 0.5 });
  const events: EventOf<"desk">[] = [];
  client.on("desk", (event) => events.push(event));
  client.start();
  await served.screens.connectPort(core, { screen, windowNo });
  return { client, events, core, page };
};

describe("A screen over a message port", () => {
  test("is told the state, asks and is answered, exactly as over a WebSocket, and no port of the PC is opened for it", async () => {
    const { client, events } = await openStrip("3");
    await vi.waitUntil(() => events.length > 0);
    expect(events[0]).toMatchObject({ event: "state", state: { windowNo: "3" } });
    expect(await client.ask("window.pause", { text: "午休" })).toEqual({ is: "answer", body: {} });
    await vi.waitUntil(() => events.length > 1);
    expect(served.desks.map(({ asked }) => asked.length)).toEqual([1, 0]);
    expect(await served.screens.list()).toMatchObject({ port: null, connected: 1, sessions: [] });
    client.close();
    await vi.waitFor(async () => expect((await served.screens.list()).connected).toBe(0));
  });

  test("is who it was opened as, whatever it sends, and what is no text is passed over", async () => {
    const { client, page, events } = await openStrip("4", "console");
    page.postMessage({ ask: "window.pause", id: 1, body: {} });
    page.postMessage(new Uint8Array(5));
    await vi.waitUntil(() => events.length > 0);
    expect(await client.ask("window.pause", { text: "" })).toMatchObject({ is: "refused", error: { code: "WR5104" } });
    expect(served.desks.map(({ asked }) => asked.length)).toEqual([0, 0]);
    client.close();
  });

  test("is refused for a window that this PC does not serve", async () => {
    const { port1 } = new MessageChannel();
    await expect(served.screens.connectPort(port1, { screen: "strip", windowNo: "9" })).rejects.toMatchObject({ code: "WR5017" });
    port1.close();
  });
});
