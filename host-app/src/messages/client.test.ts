import { describe, expect, test, vi } from "vitest";
import type { Carrier, CarrierListener } from "./carrier.ts";
import { ScreenClient, type Standing } from "./client.ts";

/** Time that passes when a test says so. */
const fakeTimers = () => {
  let now = 0;
  let lastId = 0;
  const waiting = new Map<number, { at: number; act: () => void }>();
  return {
    timers: {
      setTimeout: (act: () => void, ms: number) => {
        waiting.set(++lastId, { at: now + ms, act });
        return lastId;
      },
      clearTimeout: (timer: unknown) => void waiting.delete(timer as number),
    },
    pass: (ms: number) => {
      now += ms;
      for (const [id, { at, act }] of [...waiting]) if (at <= now && waiting.delete(id)) act();
    },
  };
};

const open = (options: { readonly quietMs?: number } = {}) => {
  const { timers, pass } = fakeTimers();
  const connections: { listener: CarrierListener; sent: { ask: string; id: number; body: unknown }[]; isClosed: boolean }[] = [];
  const carrier: Carrier = {
    connect: (listener) => {
      const connection = { listener, sent: [] as { ask: string; id: number; body: unknown }[], isClosed: false };
      connections.push(connection);
      return {
        send: (text) => connection.sent.push(JSON.parse(text)),
        close: () => {
          connection.isClosed = true;
        },
      };
    },
  };
  const client = new ScreenClient<"strip">({ carrier, timers, random: () => 0.5, ...options });
  const standings: Standing[] = [];
  client.watch((standing) => standings.push(standing));
  client.start();
  const last = () => {
    const connection = connections.at(-1);
    if (connection === undefined) throw new Error("no connection");
    return connection;
  };
  return { client, connections, last, pass, standings, tell: (report: unknown) => last().listener.text(JSON.stringify(report)) };
};

describe("A screen's end of its line", () => {
  test("gives each question the answer with its id, whatever the order", async () => {
    const { client, last, tell } = open();
    last().listener.opened();
    const [first, second] = [client.ask("window.resume", {}), client.ask("items.find", { text: "护照" })];
    const [one, other] = last().sent;
    tell({ is: "answer", id: other?.id, body: { items: [{ itemCode: "7", itemName: "护照" }] } });
    tell({ is: "answer", id: one?.id, body: {} });
    expect(await first).toEqual({ is: "answer", body: {} });
    expect(await second).toEqual({ is: "answer", body: { items: [{ itemCode: "7", itemName: "护照" }] } });
  });

  test("sends nothing while there is no connection, and nothing of it later: what a clerk did not see happen must not happen", async () => {
    const { client, last } = open();
    expect(await client.ask("window.pause", { text: "" })).toMatchObject({ is: "refused", error: { code: "WR5105" } });
    last().listener.opened();
    expect(last().sent).toEqual([]);
  });

  test("refuses what was under way when the connection was lost, and what is not answered in time", async () => {
    const { client, last, pass } = open();
    last().listener.opened();
    const lost = client.ask("window.resume", {});
    last().listener.closed("lost");
    expect(await lost).toMatchObject({ is: "refused", error: { code: "WR5105" } });
    pass(1000);
    last().listener.opened();
    const slow = client.ask("window.resume", {});
    pass(10_000);
    expect(await slow).toMatchObject({ is: "refused", error: { code: "WR5105" } });
  });

  test("connects again for ever, with pauses that grow to two seconds and begin anew after a success", () => {
    const { connections, last, pass, standings } = open();
    for (const pause of [100, 250, 500, 1000, 2000, 2000, 2000]) {
      const before = connections.length;
      last().listener.closed("lost");
      pass(pause - 1);
      expect(connections).toHaveLength(before);
      pass(1);
      expect(connections).toHaveLength(before + 1);
    }
    last().listener.opened();
    last().listener.closed("lost");
    pass(100);
    last().listener.opened();
    expect(standings).toEqual(["connected", "connecting", "connected"]);
  });

  test("stands as lost while a core that keeps the connection says nothing, not even when it is asked, and sends it nothing", async () => {
    const { client, last, pass, standings, tell } = open({ quietMs: 5000 });
    last().listener.opened();
    pass(4999);
    tell({ is: "answer", id: 99, body: {} });
    pass(4999);
    expect(last().sent).toEqual([]);
    pass(1);
    const [asked] = last().sent;
    expect(asked?.ask).toBe("preferences.read");
    tell({ is: "answer", id: asked?.id, body: {} });
    pass(5000);
    pass(9999);
    expect(client.standing).toBe("connected");
    pass(1);
    expect(client.standing).toBe("connecting");
    expect(await client.ask("window.resume", {})).toMatchObject({ is: "refused", error: { code: "WR5105" } });
    expect(last().sent.map(({ ask }) => ask)).toEqual(["preferences.read", "preferences.read"]);
    tell({ is: "event", name: "welcome", body: { screen: "strip", windowNo: "12", build: "abc" } });
    expect(standings).toEqual(["connected", "connecting", "connected"]);
  });

  test("asks no core that it has lost already, or that it has left", () => {
    const { client, connections, last, pass } = open({ quietMs: 5000 });
    last().listener.opened();
    last().listener.closed("lost");
    pass(5000);
    last().listener.opened();
    client.close();
    pass(20_000);
    expect(connections.flatMap(({ sent }) => sent)).toEqual([]);
    expect(client.standing).toBe("connected");
  });

  test("gives up when it was refused, and when it was closed", () => {
    const refused = open();
    refused.last().listener.closed("refused");
    refused.pass(60_000);
    expect([refused.connections.length, refused.client.standing]).toEqual([1, "refused"]);
    const closed = open();
    closed.client.close();
    closed.last().listener.closed("lost");
    closed.pass(60_000);
    expect(closed.connections).toHaveLength(1);
  });

  test("passes over what does not fit its schema, and refuses an answer that does not", async () => {
    const { client, last, tell } = open();
    const heard = vi.fn();
    client.on("desk", heard);
    last().listener.opened();
    for (const text of ["", "{", "null", '{"is":"event"}', '{"is":"event","name":"desk","body":{"event":"rating","level":5}}'])
      last().listener.text(text);
    tell({ is: "event", name: "constructor", body: {} });
    tell({ is: "answer", id: 99, body: {} });
    expect(heard).not.toHaveBeenCalled();
    const asked = client.ask("preferences.read", {});
    tell({ is: "answer", id: last().sent[0]?.id, body: { language: "fr" } });
    expect(await asked).toMatchObject({ is: "refused", error: { code: "WR5103" } });
  });

  test("tells an event to whoever listens, until they no longer do", () => {
    const { client, last, tell } = open();
    const heard = vi.fn();
    const stop = client.on("welcome", heard);
    last().listener.opened();
    const body = { screen: "strip", windowNo: "12", build: "abc" };
    tell({ is: "event", name: "welcome", body });
    stop();
    tell({ is: "event", name: "welcome", body });
    expect(heard.mock.calls).toEqual([[body]]);
  });
});
