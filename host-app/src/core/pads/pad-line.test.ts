import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryPort, PtyPort, SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import type { PadState } from "@window-rating/protocol/desk";
import { declarationOf, encodePayload, FrameReader, FrameWriter, type Message } from "@window-rating/protocol/pad";
import pino from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { choosePort } from "./choose-port.ts";
import { PadLine } from "./pad-line.ts";
import type { PortOpener } from "./pad-port.ts";
import { serialError } from "./serial-port.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A line that is started, and a way to wait for its next state that fits. */
const startLine = (open: PortOpener, serialNumber: string | null = null) => {
  const listeners = new Set<() => void>();
  const reports: string[] = [];
  const line: PadLine = new PadLine({
    open,
    clock: systemClock(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    logger: pino({ level: "silent" }),
    serialNumber,
    listener: {
      ready: () => {},
      report: (_pad, message) => reports.push(message.type),
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
        if (!fits(line.state)) return;
        listeners.delete(look);
        resolve(line.state);
      };
      listeners.add(look);
      look();
    });
  return { line, reports, state };
};

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-line-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A peer on TCP that is no pad of ours. */
const peer = async (greet: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    greet(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  undo.push(() => server.close());
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const ready = ({ connection }: PadState): boolean => connection === "ready";

describe("a line to a pad", () => {
  test("becomes ready and says which pad is there and that it is not paired", async () => {
    const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "LINE-0001" });
    undo.push(() => pad.close());
    const { state } = startLine(choosePort(pad.path, "auto"));
    expect(await state(ready)).toMatchObject({ model: "generic/five-button", serialNumber: "LINE-0001", secured: false, port: pad.path });
  });

  test("takes a pad up again that was unplugged and came back as another tty", async () => {
    const pad = new SimulatedPad({ port: new PtyPort(join(temporaryFolder(), "pad")), serialNumber: "LINE-0001" });
    undo.push(() => pad.close());
    const { state } = startLine(choosePort(pad.path, "generic/five-button"));
    await state(ready);
    pad.unplug();
    expect(await state(({ connection }) => connection === "absent")).toMatchObject({ cause: expect.stringContaining("WR3001") });
    pad.plug();
    await state(ready);
  });

  test("says that a port is missing, and that nobody answers at an address", async () => {
    const { state } = startLine(choosePort(join(temporaryFolder(), "nothing"), "auto"));
    expect(await state(({ connection }) => connection === "absent")).toMatchObject({ cause: expect.stringContaining("WR3001") });
    const address = await peer(() => {});
    await undo.pop()?.();
    const other = startLine(choosePort(address, "auto"));
    expect(await other.state(({ connection }) => connection === "absent")).toMatchObject({ cause: expect.stringContaining("WR3001") });
  });

  test("says that another program holds the port, and takes it over when that lets go", async () => {
    const pad = new SimulatedPad({ port: new PtyPort(join(temporaryFolder(), "pad")), serialNumber: "LINE-0001" });
    undo.push(() => pad.close());
    const first = startLine(choosePort(pad.path, "auto"));
    await first.state(ready);
    const second = startLine(choosePort(pad.path, "auto"));
    expect((await second.state(({ connection }) => connection === "failed")).cause).toContain("WR3003");
    await first.line.stop();
    await second.state(ready);
  });

  test("tells a device that sends something else from one that sends nothing", async () => {
    const chatter = await peer((socket) => {
      const timer = setInterval(() => socket.write("$GPGGA,123519,4807.038,N*47\r\n\0"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    const mute = await peer((socket) => socket.resume());
    const [foreign, silent] = [startLine(choosePort(chatter, "auto")), startLine(choosePort(mute, "auto"))];
    const failed = ({ connection }: PadState): boolean => connection === "failed";
    expect((await foreign.state(failed)).cause).toContain("WR3004");
    expect((await silent.state(failed)).cause).toContain("WR1005");
  });

  test("names both versions when the pad speaks none of ours", async () => {
    const writer = new FrameWriter();
    const address = await peer((socket) => {
      const reader = new FrameReader({
        frame: ({ session, payload }) => {
          const answer: Message<"helloAnswer"> = {
            ...{ type: "helloAnswer", nonce: payload.slice(0, 8), version: 0, minVersion: 7, maxVersion: 9 },
            ...{ model: "generic/of-tomorrow", serialNumber: "T-1", firmware: "9.0", storeId: 1, bootCount: 1, capabilities: 0 },
            ...{ maxFrame: 254, window: 1, eventCapacity: 1, paired: false },
          };
          const header = { flags: 0, type: declarationOf("helloAnswer").id, session, sequence: 0, acknowledgement: 0 };
          socket.write(writer.encode(header, encodePayload(answer)));
        },
        fault: () => {},
      });
      socket.on("data", (chunk) => reader.push(chunk));
    });
    const { state } = startLine(choosePort(address, "auto"));
    const { cause } = await state(({ connection }) => connection === "failed");
    expect(cause).toContain("WR1004");
    expect(cause).toContain("speaks versions 7 to 9 of the pad protocol, this program 1 to 1");
  });

  test("refuses the pad of another window, takes nothing from it, and takes its own when that comes", async () => {
    const own = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "LINE-0001" });
    const other = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "LINE-0002" });
    undo.push(
      () => own.close(),
      () => other.close(),
    );
    let path = other.path;
    const { line, reports, state } = startLine((events) => choosePort(path, "auto")(events), "LINE-0001");
    const { cause } = await state(({ connection }) => connection === "failed");
    expect(cause).toContain("WR3004");
    expect(cause).toContain("LINE-0002");
    expect(line.send({ type: "askStatus" })).toBe(false);
    expect(reports).toEqual([]);
    expect(other.face.pendingEvents).toBeGreaterThan(0);
    path = own.path;
    expect(await state(ready)).toMatchObject({ serialNumber: "LINE-0001" });
  });

  test("uses no pad without a serial number: its ratings could not be told from those of another", async () => {
    const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "" });
    undo.push(() => pad.close());
    const { state } = startLine(choosePort(pad.path, "auto"));
    const { cause } = await state(({ connection }) => connection === "failed");
    expect(cause).toContain("WR3004");
    expect(cause).toContain("serialNumber");
  });

  test("says goodbye when it stops, so that the pad knocks at once", async () => {
    const port = new MemoryPort();
    const pad = new SimulatedPad({ port, serialNumber: "LINE-0001" });
    undo.push(() => pad.close());
    const { line, state } = startLine(async (events) => {
      port.host.listen({ bytes: (chunk) => events.bytes(chunk) });
      return { name: "memory", kind: "memory", write: (bytes) => port.host.write(bytes), close: async () => {} };
    });
    await state(ready);
    const waiting = new Promise<void>((resolve) => {
      pad.onChange(() => pad.face.connection === "waiting" && resolve());
    });
    await line.stop();
    await waiting;
  });
});

describe("what the system says of a port", () => {
  test.each([
    ["Error: No such file or directory, cannot open /dev/ttyUSB9", "WR3001"],
    ["Error: Permission denied, cannot open /dev/ttyUSB0", "WR3002"],
    ["Opening COM3: Access denied", "WR3002"],
    ["Error Resource temporarily unavailable Cannot lock port", "WR3003"],
    ["Error: Input/output error setting custom baud rate", "WR3005"],
  ])("%s is %s, with what to do", (said, code) => {
    const error = serialError("/dev/ttyUSB0", new Error(said));
    expect(error.code).toBe(code);
    expect(error.message).toContain(error.advice);
  });
});
