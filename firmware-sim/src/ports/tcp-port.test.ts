import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { seededRandom } from "../faults/seeded-random.ts";
import type { PadPort } from "./pad-port.ts";
import { SplittingPort } from "./splitting-port.ts";
import { TcpPort } from "./tcp-port.ts";

const open: (PadPort | Socket)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    if ("destroy" in one) one.destroy();
    else await one.close();
  }
});

const openPad = async (): Promise<TcpPort> => {
  const port = await TcpPort.open(0);
  open.push(port);
  return port;
};
const call = async (port: PadPort): Promise<Socket> => {
  const { hostname, port: number } = new URL(port.path);
  const socket = connect(Number(number), hostname);
  open.push(socket);
  await once(socket, "connect");
  return socket;
};
const collect = (socket: Socket): (() => Buffer) => {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
  socket.on("error", () => {});
  return () => Buffer.concat(chunks);
};

const stream = Uint8Array.from({ length: 4000 }, (_, index) => (index * 13) & 0xff);

describe("a pad behind TCP", () => {
  test("carries both directions unchanged, split and merged at random", async () => {
    const port = new SplittingPort(await openPad(), seededRandom(9));
    const pieces: Uint8Array[] = [];
    port.listen({ bytes: (chunk) => void pieces.push(Uint8Array.from(chunk)) });
    const socket = await call(port);
    const atHost = collect(socket);
    // The pad knows of the connection when its first bytes are there.
    socket.write(stream.subarray(0, 1));
    await vi.waitFor(() => expect(pieces.length).toBe(1));
    socket.write(stream.subarray(1));
    for (let start = 0; start < stream.length; start += 100) port.write(stream.subarray(start, start + 100));
    await vi.waitFor(() => expect([Buffer.concat(pieces).length, atHost().length]).toEqual([4000, 4000]), { timeout: 20_000 });
    expect(Buffer.concat(pieces).equals(stream)).toBe(true);
    expect(atHost().equals(stream)).toBe(true);
    expect(pieces.length).toBeGreaterThan(50);
  });

  test("serves the newest connection and ends the one before", async () => {
    const port = await openPad();
    const heard: string[] = [];
    port.listen({ bytes: (chunk) => void heard.push(Buffer.from(chunk).toString()) });
    const first = await call(port);
    first.write("one");
    await vi.waitFor(() => expect(heard).toEqual(["one"]));
    const firstClosed = once(first, "close");
    const second = await call(port);
    await firstClosed;
    const atSecond = collect(second);
    port.write(Buffer.from("hello"));
    await vi.waitFor(() => expect(atSecond().toString()).toBe("hello"));
  });

  test("ends the connection when the cable is pulled, refuses new ones, and is back under the same address", async () => {
    const port = await openPad();
    const address = port.path;
    const socket = await call(port);
    const closed = once(socket, "close");
    port.unplug();
    await closed;
    await expect(call(port)).rejects.toThrow(/ECONNREFUSED/);
    await port.plug();
    expect(port.path).toBe(address);
    await call(port);
  });

  test("stays out when it is pulled while it is being put back", async () => {
    const port = await openPad();
    port.unplug();
    const plugging = port.plug();
    port.unplug();
    await plugging;
    expect(port.isPlugged).toBe(false);
    await expect(call(port)).rejects.toThrow(/ECONNREFUSED/);
  });

  test("says who is in the way when the port is taken", async () => {
    const port = await openPad();
    await expect(TcpPort.open(Number(new URL(port.path).port))).rejects.toThrow(/WR8004/);
  });

  test("hoards no more than its backlog for a host that does not read", async () => {
    const port = await openPad();
    const heard: Uint8Array[] = [];
    port.listen({ bytes: (chunk) => void heard.push(chunk) });
    const socket = await call(port);
    socket.pause();
    socket.write("x");
    await vi.waitFor(() => expect(heard.length).toBe(1));
    const chunk = new Uint8Array(1000);
    const before = process.memoryUsage.rss();
    for (let count = 0; count < 100_000; count++) port.write(chunk);
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 2 ** 20);
  });
});
