import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PtyPort, SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import type { PadState, RecoveryEvent } from "@window-rating/protocol/desk";
import { isEvent, type Report } from "@window-rating/protocol/pad";
import pino from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { findSer2net, ser2netLacking } from "../../../test/ser2net.ts";
import { systemClock } from "../clock.ts";
import { choosePort } from "./choose-port.ts";
import { networkAddress } from "./network-address.ts";
import { PadLine } from "./pad-line.ts";
import { DEFAULT_SETTINGS } from "./port-settings.ts";
import { openRfc2217Port } from "./rfc2217-port.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A line that is started, and ways to wait for its next state, report or event that fits. */
const startLine = (port: string) => {
  const listeners = new Set<() => void>();
  const reports: Report[] = [];
  const events: RecoveryEvent[] = [];
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const line: PadLine = new PadLine({
    open: choosePort(port, "generic/five-button"),
    clock: systemClock(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    logger: pino({ level: "silent" }),
    listener: {
      ready: () => {},
      report: (_pad, message) => {
        reports.push(message);
        if (isEvent(message)) line.send({ type: "stored", eventNo: message.eventNo });
        changed();
      },
      lost: () => {},
      recovered: (event) => {
        events.push(event);
        changed();
      },
      stateChanged: changed,
    },
  });
  line.start();
  undo.push(() => line.stop());
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const listener = (): void => {
        const found = look();
        if (found === undefined) return;
        listeners.delete(listener);
        resolve(found);
      };
      listeners.add(listener);
      listener();
    });
  const state = (fits: (state: PadState) => boolean): Promise<PadState> => until(() => (fits(line.state) ? line.state : undefined));
  return { line, reports, events, until, state };
};

const ready = ({ connection }: PadState): boolean => connection === "ready";

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

const SER2NET = findSer2net();

describe.skipIf(SER2NET === undefined)(`a pad behind ser2net${ser2netLacking(SER2NET)}`, () => {
  /** ser2net with a configuration and a port of its own, a kernel tty behind it, and a simulated pad at that. */
  const startServer = async (accepter: string) => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-ser2net-"));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const pty = new PtyPort(join(folder, "pad"));
    const pad = new SimulatedPad({ port: pty, serialNumber: "SERVER-1" });
    undo.push(() => pad.close());
    const port = await freePort();
    const config = join(folder, "ser2net.yaml");
    // The speed is wrong on purpose: whoever speaks RFC 2217 sets the right one.
    writeFileSync(
      config,
      `%YAML 1.1\n---\nconnection: &pad\n  accepter: ${accepter},127.0.0.1,${port}\n  connector: serialdev,${pty.path},9600n81,local\n`,
    );
    const child: ChildProcess = spawn(SER2NET as string, ["-n", "-d", "-u", "-c", config, "-P", join(folder, "pid")], { stdio: "ignore" });
    undo.push(async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, "exit");
    });
    return { pad, pty, port };
  };

  test("is set as its profile says and used through RFC 2217, with every byte value in both directions", async () => {
    const { pad, pty, port } = await startServer("telnet(rfc2217),tcp");
    const { state, until, reports, line } = startLine(`rfc2217://127.0.0.1:${port}`);
    expect(await state(ready)).toMatchObject({ serialNumber: "SERVER-1", port: `rfc2217://127.0.0.1:${port}` });
    expect(execFileSync("stty", ["-F", pty.path, "speed"], { encoding: "utf8" }).trim()).toBe("115200");
    // An id of 0xff and 0x0d bytes: what telnet would double, and what it would change without its binary mode.
    const requestId = Uint8Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? 0xff : 0x0d));
    line.send({ type: "openRating", requestId, timeoutMs: 20_000, voice: 0, labels: [] });
    const shown = await until(() => reports.find((report) => report.type === "status" && report.phase === "inviting"));
    expect(shown).toMatchObject({ requestId });
    await pad.press(4);
    expect(await until(() => reports.find((report) => report.type === "rated"))).toMatchObject({ requestId, level: 4 });
  });

  test("is told from a port that another client holds", async () => {
    const { port } = await startServer("telnet(rfc2217),tcp");
    const first = startLine(`rfc2217://127.0.0.1:${port}`);
    await first.state(ready);
    const second = startLine(`rfc2217://127.0.0.1:${port}`);
    expect((await second.state(({ connection }) => connection === "failed")).cause).toContain("WR3003");
    await first.line.stop();
    await second.state(ready);
  });

  test("comes back when its plug was pulled at the server", async () => {
    const { pad, port } = await startServer("telnet(rfc2217),tcp");
    const { state } = startLine(`rfc2217://127.0.0.1:${port}`);
    await state(ready);
    pad.unplug();
    await state(({ connection }) => connection !== "ready");
    pad.plug();
    await state(ready);
  });

  test("is used through plain TCP at the speed that the server has", async () => {
    const { port } = await startServer("tcp");
    await startLine(`tcp://127.0.0.1:${port}`).state(ready);
  });

  test("that does not speak RFC 2217 is told so in words", async () => {
    const { port } = await startServer("tcp");
    const { state } = startLine(`rfc2217://127.0.0.1:${port}`);
    expect((await state(({ cause }) => cause?.includes("WR3008") === true)).cause).toContain("write tcp://");
  });
});

describe("a serial server", () => {
  /** Passes bytes between a host and a pad, until it falls silent on the connections that stand: nothing is said, nothing is closed. */
  const startRelay = async (pad: TcpPort) => {
    const { hostname, port } = new URL(pad.path);
    let connections = 0;
    let falls = (): void => {};
    const server = createServer((host: Socket) => {
      connections++;
      const far = connect(Number(port), hostname);
      for (const socket of [host, far]) socket.on("error", () => {});
      host.pipe(far);
      far.pipe(host);
      undo.push(
        () => host.destroy(),
        () => far.destroy(),
      );
      falls = () => {
        host.unpipe(far);
        far.unpipe(host);
        host.pause();
        far.destroy();
      };
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    undo.push(() => server.close());
    return { port: (server.address() as AddressInfo).port, fallSilent: () => falls(), connections: () => connections };
  };

  test("that drops a connection without a word is noticed by its silence, and connected to anew", async () => {
    const tcp = await TcpPort.open(0);
    const pad = new SimulatedPad({ port: tcp, serialNumber: "RELAY-1" });
    undo.push(() => pad.close());
    const relay = await startRelay(tcp);
    const { state, events } = startLine(`tcp://127.0.0.1:${relay.port}`);
    await state(ready);
    relay.fallSilent();
    await state((now) => !ready(now));
    await state(ready);
    expect(relay.connections()).toBe(2);
    expect(events.map(({ rung }) => rung).filter((rung) => rung !== "resync" && rung !== "resend")).toEqual([
      "new-session",
      "reopen",
      "well",
    ]);
  });

  test.skipIf(process.platform !== "linux")("is watched by keep-alive probes of the kernel while it says nothing", async () => {
    const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
    await once(server, "listening");
    undo.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const open = await choosePort(`tcp://127.0.0.1:${port}`, "auto")({ bytes: () => {}, closed: () => {} });
    undo.push(() => open.close());
    // /proc/net/tcp: remote address, then state, queues, and the timer that is set; 02 is keep-alive.
    const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
    const row = readFileSync("/proc/net/tcp", "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .find(([, , to]) => to === remote);
    expect(row?.[5]?.slice(0, 2)).toBe("02");
  });

  test("that closes in the middle of the negotiation, and one that is not there, are told apart", async () => {
    const server = createServer((socket) => socket.end("busy, come back later\r\n")).listen(0, "127.0.0.1");
    await once(server, "listening");
    undo.push(() => server.close());
    const open = (port: number): Promise<unknown> => {
      const address = networkAddress(`rfc2217://127.0.0.1:${port}`);
      if (address === undefined) throw new Error("no address");
      return openRfc2217Port(address, DEFAULT_SETTINGS, { bytes: () => {}, closed: () => {} }, systemClock());
    };
    await expect(open((server.address() as AddressInfo).port)).rejects.toMatchObject({ code: "WR3003" });
    await expect(open(await freePort())).rejects.toMatchObject({ code: "WR3001" });
  });

  test.each([
    ["tcp://10.0.0.5:4001", { protocol: "tcp", host: "10.0.0.5", port: 4001 }],
    ["rfc2217://moxa.example:4001", { protocol: "rfc2217", host: "moxa.example", port: 4001 }],
    ["tcp://[fe80::1]:4001", { protocol: "tcp", host: "fe80::1", port: 4001 }],
  ])("is named by its address %s", (text, parts) => {
    expect(networkAddress(text)).toMatchObject({ name: text, ...parts });
  });

  test.each(["/dev/ttyUSB0", "tcp://host", "tcp://host:70000", "http://host:1", "tcp://:1"])("is not named by %s", (text) => {
    expect(networkAddress(text)).toBeUndefined();
  });
});
