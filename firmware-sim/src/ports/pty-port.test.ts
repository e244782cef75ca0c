import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { seededRandom } from "../faults/seeded-random.ts";
import { PtyPort } from "./pty-port.ts";
import { SplittingPort } from "./splitting-port.ts";

let folder: string;
let link: string;
const hosts: SerialPort[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-pty-"));
  link = join(folder, "pad");
});
afterEach(async () => {
  for (const host of hosts.splice(0)) if (host.isOpen) await new Promise<void>((resolve) => host.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
});

const openHost = async (path: string): Promise<SerialPort> => {
  const host = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  host.on("error", () => {});
  await new Promise<void>((resolve, reject) => host.open((error) => (error === null ? resolve() : reject(error))));
  hosts.push(host);
  return host;
};

/** Collects what arrives; `until(n)` waits for n bytes. */
const collect = () => {
  const chunks: Uint8Array[] = [];
  const bytes = () => Buffer.concat(chunks);
  return {
    take: (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk)),
    bytes,
    until: (count: number) => vi.waitFor(() => expect(bytes().length).toBeGreaterThanOrEqual(count), { timeout: 20_000, interval: 5 }),
  };
};

const everyByte = Uint8Array.from({ length: 256 * 8 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
const openTtys = () =>
  readdirSync("/proc/self/fd").filter((name) => {
    try {
      return /\/dev\/(pts\/|ptmx)/.test(readlinkSync(`/proc/self/fd/${name}`));
    } catch {
      return false;
    }
  }).length;

describe("a pad behind a kernel tty", () => {
  test.each([false, true])("carries every byte value unchanged in both directions (split and merged at random: %s)", async (isSplit) => {
    const pty = new PtyPort(link);
    const port = isSplit ? new SplittingPort(pty, seededRandom(5)) : pty;
    const [atPad, atHost] = [collect(), collect()];
    port.listen({ bytes: atPad.take });
    const host = await openHost(port.path);
    host.on("data", atHost.take);
    for (let start = 0; start < everyByte.length; start += 64) {
      host.write(everyByte.subarray(start, start + 64));
      port.write(everyByte.subarray(start, start + 64));
    }
    await Promise.all([atPad.until(everyByte.length), atHost.until(everyByte.length)]);
    expect(atPad.bytes().equals(everyByte)).toBe(true);
    expect(atHost.bytes().equals(everyByte)).toBe(true);
    await port.close();
  });

  test("keeps its path over a replug, and is not to be found while the cable is out", async () => {
    const port = new PtyPort(link);
    const atPad = collect();
    port.listen({ bytes: atPad.take });
    port.unplug();
    expect(existsSync(link)).toBe(false);
    await port.plug();
    const host = await openHost(link);
    host.write(Buffer.from("back"));
    await atPad.until(4);
    await port.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("survives hosts that come and go, and hears each of them", async () => {
    const port = new PtyPort(link);
    const atPad = collect();
    port.listen({ bytes: atPad.take });
    for (let round = 1; round <= 5; round++) {
      const host = await openHost(link);
      host.write(Buffer.from("hi"));
      await atPad.until(2 * round);
      await new Promise<void>((resolve) => host.close(() => resolve()));
    }
    expect(port.isPlugged).toBe(true);
    await port.close();
  });

  test("hangs up on the host when the cable is pulled", async () => {
    const port = new PtyPort(link);
    const host = await openHost(link);
    port.unplug();
    // On Linux a hang-up may show only at the next write, as an error of the port.
    const hungUp = new Promise<void>((resolve) => {
      host.once("close", () => resolve());
      host.once("error", () => resolve());
    });
    host.write(Buffer.from("anybody there?"));
    await hungUp;
  });

  test("neither blocks nor hoards when nobody reads", async () => {
    const port = new PtyPort(link);
    const chunk = new Uint8Array(1000).fill(0x55);
    const before = process.memoryUsage.rss();
    for (let count = 0; count < 20_000; count++) port.write(chunk);
    expect(process.memoryUsage.rss() - before).toBeLessThan(16 * 2 ** 20);
    expect(port.isPlugged).toBe(true);
    await port.close();
  });

  test("leaves no descriptor open over a thousand replugs", async () => {
    const before = openTtys();
    const port = new PtyPort(link);
    for (let count = 0; count < 1000; count++) {
      port.unplug();
      await port.plug();
    }
    expect(openTtys()).toBeLessThanOrEqual(before + 2);
    await port.close();
    expect(openTtys()).toBe(before);
  });

  test("takes the place of a link that a killed pad left behind", async () => {
    symlinkSync("/dev/pts/does-not-exist", link);
    const port = new PtyPort(link);
    expect(lstatSync(readlinkSync(link)).isCharacterDevice()).toBe(true);
    await port.close();
  });

  test("leaves the link of another pad alone that took the same path", async () => {
    const first = new PtyPort(link);
    const second = new PtyPort(link);
    await first.close();
    const host = await openHost(link);
    const atPad = collect();
    second.listen({ bytes: atPad.take });
    host.write(Buffer.from("second"));
    await atPad.until(6);
    await second.close();
  });

  test("refuses a path where a file stands, and leaves the file as it is", () => {
    writeFileSync(link, "precious");
    const before = openTtys();
    expect(() => new PtyPort(link)).toThrow(/WR9003/);
    expect(readFileSync(link, "utf8")).toBe("precious");
    expect(openTtys()).toBe(before);
  });
});
