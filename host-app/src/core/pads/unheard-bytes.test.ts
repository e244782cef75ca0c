import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isUnheard, UnheardBytes } from "./unheard-bytes.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
/** As a kernel told it of a connection from 10.9.9.1:40710 to 10.9.9.2:4001. */
const row = (timer: string, tries: string): string =>
  `${HEAD}\n   0: 0100007F:0FA1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n` +
  `   1: 0109090A:9F06 0209090A:0FA1 01 00000001:00000000 ${timer}:000000A0 ${tries}     0        0 2 2 0 100 0 0 10 0\n`;
const socket = { localPort: 0x9f06, remotePort: 4001, remoteAddress: "10.9.9.2" };

describe("what Linux tells of bytes that are not acknowledged", () => {
  test.each([
    ["sent four times in vain", row("01", "00000004"), true],
    ["sent again for the first time", row("01", "00000001"), false],
    ["all acknowledged", row("00", "00000000"), false],
    ["kept waiting by the other side, which is there", row("04", "00000006"), false],
    ["of a connection that is no more", HEAD, false],
    ["nothing that can be read", "", false],
  ])("%s", (_what, table, unheard) => expect(isUnheard(table, socket)).toBe(unheard));

  test("is looked up for this very connection, also where its address is written in the second family", () => {
    const table = row("01", "00000005");
    expect(isUnheard(table, { ...socket, remoteAddress: "::ffff:10.9.9.2" })).toBe(true);
    expect(isUnheard(table, { ...socket, remoteAddress: "10.9.9.3" })).toBe(false);
    expect(isUnheard(table, { ...socket, localPort: 0x9f07 })).toBe(false);
    expect(isUnheard(table, { ...socket, remoteAddress: "fd00::2" })).toBe(false);
  });
});

describe("a connection to a serial server", () => {
  const ends: (() => unknown)[] = [];
  let here: Socket;
  let there: Socket;
  beforeEach(async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    here = connect((server.address() as AddressInfo).port, "127.0.0.1");
    [there] = (await once(server, "connection")) as [Socket];
    ends.push(() => server.close());
    for (const one of [here, there]) one.on("error", () => {});
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
    for (const one of [here, there]) one.destroy();
    for (const end of ends.splice(0)) end();
  });

  test("ends when what is written does not arrive, once that is known", async () => {
    const looks = [false, true];
    const failed = once(here, "error");
    new UnheardBytes(here, () => looks.shift() ?? false).written();
    vi.advanceTimersByTime(3900);
    expect(looks).toEqual([true]);
    vi.advanceTimersByTime(200);
    expect(here.destroyed).toBe(true);
    await expect(failed).resolves.toMatchObject([{ message: "what is sent does not arrive" }]);
  });

  test("is looked at no more when the other side says something, nor for ever", async () => {
    let looks = 0;
    const unheard = new UnheardBytes(here, () => {
      looks++;
      return false;
    });
    unheard.written();
    const heard = once(here, "data");
    there.write("!");
    await heard;
    vi.advanceTimersByTime(60_000);
    expect(looks).toBe(0);
    unheard.written();
    vi.advanceTimersByTime(60_000);
    expect(looks).toBe(10);
    expect(here.destroyed).toBe(false);
  });
});
