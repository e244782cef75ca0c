import { execFileSync } from "node:child_process";
import { mkdtempSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProfile, type ListedPort, type Profile } from "@window-rating/device-profiles";
import { PtyPort, SimulatedPad } from "@window-rating/firmware-sim";
import type { PadState } from "@window-rating/protocol/desk";
import pino from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { windowPort } from "./choose-port.ts";
import { PadFinder, type SerialOpener, type WantedPad } from "./pad-finder.ts";
import { PadLine } from "./pad-line.ts";
import type { OpenPort, PortEvents } from "./pad-port.ts";
import { openSerialPort } from "./serial-port.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "window-rating-find-"));
  undo.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const CLAIMED = { vendorId: "1a86", productId: "7523" };
const ANY: WantedPad = { serialNumber: null, profile: null, named: null };
const NO_EVENTS: PortEvents = { bytes: () => {}, closed: () => {} };

const padAt = (path: string, serialNumber: string): SimulatedPad => {
  const pad = new SimulatedPad({ port: new PtyPort(path), serialNumber });
  undo.push(() => pad.close());
  return pad;
};

/** A tty with nobody at its far end but this test, which writes down what comes. */
const recordedPort = (path: string): { heard: () => number } => {
  const port = new PtyPort(path);
  undo.push(() => port.close());
  let bytes = 0;
  port.listen({
    bytes: (chunk) => {
      bytes += chunk.length;
    },
  });
  return { heard: () => bytes };
};

/** A finder that writes down what it opens; its clock stands still until it is moved. */
const startFinder = (
  list: () => readonly ListedPort[],
  more: { spokenFor?: string[]; open?: SerialOpener; profiles?: readonly Profile[] } = {},
) => {
  const opened: string[] = [];
  const clock = { ms: 0, monotonicMs: () => clock.ms };
  const open: SerialOpener = (path, settings, events) => {
    opened.push(path);
    return (more.open ?? openSerialPort)(path, settings, events);
  };
  const { profiles } = more;
  const finder = new PadFinder({
    clock,
    random,
    spokenFor: more.spokenFor ?? [],
    list: async () => list(),
    open,
    patienceMs: 400,
    ...(profiles === undefined ? {} : { profiles: () => profiles }),
  });
  const find = async (wanted: Partial<WantedPad> = {}): Promise<OpenPort> => {
    const port = await finder.find({ ...ANY, ...wanted }, NO_EVENTS);
    undo.push(() => port.close());
    return port;
  };
  return { finder, find, opened, clock };
};

describe("the finder of pads", () => {
  test("writes no byte to a port that no profile claims, and does not even open it", async () => {
    const home = folder();
    const [claimed, foreign, builtIn] = ["claimed", "foreign", "built-in"].map((name) => join(home, name)) as [string, string, string];
    const ports = [recordedPort(claimed), recordedPort(foreign), recordedPort(builtIn)] as const;
    const { find, opened } = startFinder(() => [
      { path: claimed, ...CLAIMED },
      { path: foreign, vendorId: "2341", productId: "0043" },
      { path: builtIn },
    ]);
    await expect(find()).rejects.toMatchObject({ code: "WR1005" });
    expect(opened).toEqual([claimed]);
    expect(ports[0].heard()).toBeGreaterThan(0);
    expect([ports[1].heard(), ports[2].heard()]).toEqual([0, 0]);
  });

  test("writes nothing to the port of a pad that answers no hello: only its keys tell what it is", async () => {
    const path = join(folder(), "keypad");
    const port = recordedPort(path);
    const keypad = { ...findProfile("generic/five-button"), id: "acme/keypad", protocol: "acme" } as unknown as Profile;
    const { find, opened } = startFinder(() => [{ path, ...CLAIMED }], { profiles: [keypad] });
    await expect(find()).rejects.toMatchObject({ code: "WR3001" });
    expect([opened, port.heard()]).toEqual([[], 0]);
  });

  test("asks at all claimed ports at once, and gives the port on open as it is", async () => {
    const home = folder();
    const paths = ["a", "b", "c"].map((name) => join(home, name));
    for (const path of paths.slice(0, 2)) recordedPort(path);
    padAt(paths[2] as string, "FIND-3");
    let together = 0;
    let most = 0;
    const { find, opened } = startFinder(() => paths.map((path) => ({ path, ...CLAIMED })), {
      open: async (path, settings, events) => {
        most = Math.max(most, ++together);
        const port = await openSerialPort(path, settings, events);
        return {
          ...port,
          close: () => {
            together--;
            return port.close();
          },
        };
      },
    });
    const port = await find();
    expect(port.name).toBe(paths[2]);
    expect(most).toBe(3);
    expect(opened.filter((path) => path === paths[2])).toHaveLength(1);
  });

  test("serves several windows by one sweep, each with its own pad", async () => {
    const home = folder();
    for (const [name, serial] of [
      ["a", "FIND-1"],
      ["b", "FIND-2"],
    ] as const)
      padAt(join(home, name), serial);
    const { find, opened } = startFinder(() => ["a", "b"].map((name) => ({ path: join(home, name), ...CLAIMED })));
    const [two, one] = await Promise.all([find({ serialNumber: "FIND-2" }), find({ serialNumber: "FIND-1" })]);
    expect([one.name, two.name]).toEqual([join(home, "a"), join(home, "b")]);
    expect(opened).toHaveLength(2);
  });

  test("takes no pad for a window that takes any, if another window waits for that very one", async () => {
    const path = join(folder(), "a");
    padAt(path, "FIND-1");
    const { find } = startFinder(() => [{ path, ...CLAIMED }], { spokenFor: ["FIND-1"] });
    await expect(find()).rejects.toMatchObject({ code: "WR3004", detail: expect.stringContaining("FIND-1") });
  });

  test("leaves a port alone for a while where nobody answered, and asks again at once when it was plugged in anew", async () => {
    const path = join(folder(), "a");
    const port = new PtyPort(path);
    undo.push(() => port.close());
    const { find, opened, clock } = startFinder(() => [{ path, ...CLAIMED }]);
    await expect(find()).rejects.toMatchObject({ code: "WR1005" });
    await expect(find()).rejects.toMatchObject({ code: "WR1005" });
    expect(opened).toHaveLength(1);
    clock.ms += 2000;
    await expect(find()).rejects.toMatchObject({ code: "WR1005" });
    expect(opened).toHaveLength(2);
    // Another tty is made before the old one goes, so that it is another device.
    const other = new PtyPort(`${path}-other`);
    undo.push(() => other.close());
    renameSync(`${path}-other`, path);
    await expect(find()).rejects.toMatchObject({ code: "WR1005" });
    expect(opened).toHaveLength(3);
  });

  test("says that there is none, and what stands in the way of one that there is", async () => {
    await expect(startFinder(() => []).find()).rejects.toMatchObject({ code: "WR3001" });
    const path = join(folder(), "a");
    padAt(path, "FIND-1");
    const { find } = startFinder(() => [{ path, ...CLAIMED }]);
    await find();
    const second = startFinder(() => [{ path, ...CLAIMED }]);
    await expect(second.find({ serialNumber: "FIND-9" })).rejects.toMatchObject({
      code: "WR3003",
      detail: expect.stringContaining("pad FIND-9 was looked for"),
    });
    const unlisted = new PadFinder({
      clock: systemClock(),
      random,
      spokenFor: [],
      list: () => Promise.reject(new Error("spawn udevadm ENOENT")),
    });
    await expect(unlisted.find(ANY, NO_EVENTS)).rejects.toMatchObject({ code: "WR3001", detail: expect.stringContaining("udevadm") });
  });
});

describe("a pad that is known by its serial number", () => {
  /** Two windows with two pads; each window has its line, and a way to wait for the pad that it has. */
  const openHall = (settings: (home: string) => readonly [string, string]) => {
    const home = folder();
    const links = [join(home, "ttyUSB0"), join(home, "ttyUSB1")] as const;
    for (const [index, serial] of ["SWAP-1", "SWAP-2"].entries()) {
      padAt(join(home, `real-${index}`), serial);
      symlinkSync(readlinkSync(join(home, `real-${index}`)), links[index] as string);
    }
    const finder = new PadFinder({
      clock: systemClock(),
      random,
      spokenFor: ["SWAP-1", "SWAP-2"],
      list: async () => links.map((path) => ({ path, ...CLAIMED })),
    });
    const ports = settings(home);
    const lines = ["SWAP-1", "SWAP-2"].map((serialNumber, index) => {
      const listeners = new Set<() => void>();
      const line: PadLine = new PadLine({
        open: windowPort({ port: ports[index] as string, serialNumber }, null, finder, systemClock()),
        clock: systemClock(),
        random,
        logger: pino({ level: "silent" }),
        serialNumber,
        listener: {
          ready: () => {},
          report: () => {},
          lost: () => {},
          recovered: () => {},
          stateChanged: () => {
            for (const listener of listeners) listener();
          },
        },
      });
      line.start();
      undo.push(() => line.stop());
      const state = (fits: (state: PadState) => boolean): Promise<PadState> =>
        new Promise((resolve) => {
          const look = (): void => {
            if (fits(line.state)) resolve(line.state);
          };
          listeners.add(look);
          look();
        });
      return { line, at: (path: string) => state(({ connection, port }) => connection === "ready" && port === path) };
    });
    /** What a reboot may do: each name leads to the other device. */
    const swap = (): void => {
      const targets = links.map((link) => readlinkSync(link));
      for (const [index, link] of links.entries()) {
        symlinkSync(targets[1 - index] as string, `${link}.new`);
        renameSync(`${link}.new`, link);
      }
    };
    return { lines, links, swap };
  };

  test.each([
    ["found by searching", () => ["auto", "auto"] as const],
    ["named by their ports", (home: string) => [join(home, "ttyUSB0"), join(home, "ttyUSB1")] as const],
  ])("is found again under another name, when the names of two pads %s are swapped", async (_, settings) => {
    const { lines, links, swap } = openHall(settings);
    const [one, two] = lines;
    expect(await one?.at(links[0])).toMatchObject({ serialNumber: "SWAP-1" });
    expect(await two?.at(links[1])).toMatchObject({ serialNumber: "SWAP-2" });
    swap();
    expect(await one?.at(links[1])).toMatchObject({ serialNumber: "SWAP-1" });
    expect(await two?.at(links[0])).toMatchObject({ serialNumber: "SWAP-2" });
  });
});

describe.skipIf(process.platform !== "linux")("a serial port of Linux", () => {
  test("keeps its modem lines when it is closed, whatever the port's flag was before", async () => {
    const path = join(folder(), "a");
    recordedPort(path);
    const flag = (): string => /-?hupcl/.exec(execFileSync("stty", ["-F", path, "-a"], { encoding: "utf8" }))?.[0] ?? "";
    execFileSync("stty", ["-F", path, "hupcl"]);
    expect(flag()).toBe("hupcl");
    const line = { baudRate: 115_200, dataBits: 8, stopBits: 1, parity: "none", flowControl: "none" } as const;
    const port = await openSerialPort(path, { line, dtr: "leave", rts: "leave", softReset: null }, NO_EVENTS);
    expect(flag()).toBe("-hupcl");
    await port.close();
  });
});
