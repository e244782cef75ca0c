import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import type { RecoveryEvent } from "@window-rating/protocol/desk";
import { declarationOf, FrameReader, FrameWriter } from "@window-rating/protocol/pad";
import pino from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { choosePort } from "./choose-port.ts";
import { PadLine } from "./pad-line.ts";
import type { PortOpener } from "./pad-port.ts";
import { UnusableMessages } from "./unusable-messages.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** The port of a pad whose firmware leaves the last byte of one message out; its frames are right. */
const shortening = (open: PortOpener, message: "booted"): PortOpener => {
  const { id } = declarationOf(message);
  return (events) => {
    const writer = new FrameWriter();
    const reader = new FrameReader({
      frame: ({ payload, ...header }) => events.bytes(writer.encode(header, header.type === id ? payload.slice(0, -1) : payload).slice()),
      fault: () => {},
    });
    return open({ ...events, bytes: (chunk) => reader.push(chunk) });
  };
};

const startLine = (open: PortOpener) => {
  const events: RecoveryEvent[] = [];
  const line = new PadLine({
    open,
    clock: systemClock(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    logger: pino({ level: "silent" }),
    listener: {
      ready: () => {},
      report: () => {},
      lost: () => {},
      recovered: (event) => void events.push(event),
      stateChanged: () => {},
    },
  });
  line.start();
  undo.push(() => line.stop());
  return { line, events };
};

describe("a pad whose firmware sends an event that cannot be used", () => {
  test("is told with a code when it offers it again and again, while the line stays ready", async () => {
    const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "FAULTY-1" });
    undo.push(() => pad.close());
    const { line, events } = startLine(shortening(choosePort(pad.path, "auto"), "booted"));
    const faults = (): RecoveryEvent[] => events.filter(({ code }) => code === "WR3010");
    await vi.waitFor(() => expect(faults()).toHaveLength(1), { timeout: 20_000 });
    expect(faults()[0]).toMatchObject({ rung: "give-up", side: "firmware", text: expect.stringMatching(/FAULTY-1.*booted/) });
    expect(line.state.connection).toBe("ready");
    expect(line.life.hasGivenUp).toBe(false);
    // It keeps what was not stored: nothing of it is lost.
    expect(pad.face.pendingEvents).toBeGreaterThan(0);
  });
});

describe("the unusable messages of a pad", () => {
  const decoded = (why: string) => ({ is: "malformed", id: declarationOf("rated").id, why }) as const;

  test("tell when the same one comes the third time, and once", () => {
    const messages = new UnusableMessages();
    const tells = Array.from({ length: 5 }, () => messages.note(decoded("level 9 is not in 1..5")).tells);
    expect(tells).toEqual([false, false, true, false, false]);
    expect(messages.reoffered).toContain("level 9");
  });

  test("do not tell of different ones that come once each, and cost no memory however many there are", () => {
    const messages = new UnusableMessages();
    for (let count = 0; count < 10_000; count++) expect(messages.note(decoded(`nonsense ${count}`)).tells).toBe(false);
    expect(messages.reoffered).toBeUndefined();
  });

  test("are forgotten when another pad may be on the line", () => {
    const messages = new UnusableMessages();
    for (let count = 0; count < 3; count++) messages.note(decoded("level 9"));
    messages.forget();
    expect(messages.reoffered).toBeUndefined();
    expect(messages.note(decoded("level 9")).times).toBe(1);
  });
});
