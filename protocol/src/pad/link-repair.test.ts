import { describe, expect, test } from "vitest";
import type { Frame } from "./frame.ts";
import type { Link, LinkEffect } from "./link.ts";
import { ACK, frame, keyStuck, linkOf, ping, sent, stored } from "./testing/link-words.ts";

/** An ack of the other side: what it expects, which of those behind it have come, and whether it asks. */
const ackOf = (expected: number, early = 0, asks = false): Frame => frame(ACK, (asks ? 0x80 : 0) | early, expected);

describe("a lost message", () => {
  const sending = (count: number): Link => {
    const host = linkOf("host", 8);
    for (let eventNo = 1; eventNo <= count; eventNo++) host.step({ is: "send", message: stored(eventNo) }, 0);
    return host;
  };
  const heard = (host: Link, ack: Frame, now = 1): string[] => sent(host.step({ is: "frame", frame: ack }, now));

  test("is sent again at once when something behind it has come, and what has come is not", () => {
    const host = sending(4);
    expect(heard(host, ackOf(1, 0b10))).toEqual(["stored 1/0", "stored 2/0"]);
    expect(host.counters.resent).toBe(2);
  });

  test("is not sent again for the same reason twice, but when something behind its repeat has come", () => {
    const host = sending(3);
    expect(heard(host, ackOf(0, 0b1))).toEqual(["stored 0/0"]);
    expect(heard(host, ackOf(0, 0b11))).toEqual([]);
    // Numbers 1 and 2 have come; 0 was lost twice if 3, which was sent after its repeat, comes before it.
    expect(sent(host.step({ is: "send", message: stored(4) }, 2))).toEqual(["stored 3/0"]);
    expect(heard(host, ackOf(0, 0b111), 3)).toEqual(["stored 0/0"]);
  });

  test("what has come early is not sent again by the timeout", () => {
    const host = sending(3);
    heard(host, ackOf(0, 0b10), 10);
    expect(sent(host.step({ is: "time" }, host.deadline()))).toEqual(["stored 0/0", "stored 1/0"]);
  });

  test("that was sent again on a guess proves nothing by an acknowledgement that comes too soon", () => {
    const host = sending(1);
    heard(host, ackOf(1), 20);
    for (const eventNo of [2, 3]) host.step({ is: "send", message: stored(eventNo) }, 30);
    const timeout = host.deadline();
    expect(sent(host.step({ is: "time" }, timeout))).toEqual(["stored 1/0", "stored 2/0"]);
    host.step({ is: "send", message: stored(4) }, timeout + 1);
    // Number 2 as it was sent first, 5 ms after its repeat on a line of 20 ms: nothing is known of the repeat of 1.
    expect(heard(host, ackOf(1, 0b1), timeout + 5)).toEqual([]);
    expect(heard(host, ackOf(1, 0b11), timeout + 25)).toEqual(["stored 1/0"]);
  });

  test("early bits for what is not under way change nothing", () => {
    const host = sending(2);
    expect(heard(host, ackOf(1, 0x7f))).toEqual([]);
    expect(host.unacknowledged).toBe(1);
    expect(heard(host, ackOf(77, 0x7f))).toEqual([]);
    expect(host.unacknowledged).toBe(1);
  });

  test("a peer that reports nothing early, as a small pad may, gets the whole window after the timeout", () => {
    const host = sending(3);
    expect(heard(host, ackOf(0))).toEqual([]);
    expect(sent(host.step({ is: "time" }, host.deadline()))).toEqual(["stored 0/0", "stored 1/0", "stored 2/0"]);
  });
});

describe("a damaged frame", () => {
  const damage = (link: Link, now = 0): string[] => [...sent(link.step({ is: "damaged" }, now)), ...sent(link.step({ is: "settle" }, now))];

  test("is asked for at once", () => {
    expect(damage(linkOf("pad"))).toEqual(["ack 128/0"]);
  });

  test("is not asked for when what came behind it shows what is missing", () => {
    const pad = linkOf("pad", 8);
    pad.step({ is: "damaged" }, 0);
    pad.step({ is: "frame", frame: frame(stored(2), 1) }, 0);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 1/0"]);
  });

  test("asked for, the only message under way is sent again at once", () => {
    const host = linkOf("host");
    host.step({ is: "send", message: stored(1) }, 0);
    expect(sent(host.step({ is: "frame", frame: ackOf(0, 0, true) }, 3))).toEqual(["stored 0/0"]);
  });

  test("asked for, messages are sent again when as many were asked for as are missing, and what arrives meanwhile starts the count anew", () => {
    const host = linkOf("host", 8);
    for (const eventNo of [1, 2, 3, 4]) host.step({ is: "send", message: stored(eventNo) }, 0);
    const ask = (expected: number): string[] => sent(host.step({ is: "frame", frame: ackOf(expected, 0, true) }, 3));
    expect([ask(0), ask(0)]).toEqual([[], []]);
    expect(ask(1)).toEqual([]);
    expect(ask(1)).toEqual([]);
    expect(ask(1)).toEqual(["stored 1/0", "stored 2/0", "stored 3/0"]);
    expect(ask(1)).toEqual([]);
  });

  test("where an answer was due is taken for a request: the other side does nothing but answer", () => {
    const host = linkOf("host");
    host.step({ is: "send", message: stored(1) }, 0);
    expect(damage(host, 3)).toEqual(["stored 0/0"]);
  });

  test("of a side that has just spoken of its own is asked for, even while an answer is due", () => {
    const host = linkOf("host");
    host.step({ is: "frame", frame: frame(keyStuck(1)) }, 0);
    host.step({ is: "settle" }, 0);
    host.step({ is: "send", message: stored(1) }, 0);
    expect(damage(host, 3)).toEqual(["ack 128/1"]);
  });

  test("is answered eight times and no more while nothing right is heard, and again after that", () => {
    const pad = linkOf("pad");
    const count = (): number => Array.from({ length: 100 }, () => damage(pad)).flat().length;
    expect(count()).toBe(8);
    pad.step({ is: "frame", frame: frame(ping(1)) }, 1);
    expect(count()).toBe(8);
  });

  test("a peer that asks for ever and acknowledges nothing is given up after the last repeat of the timeout", () => {
    const host = linkOf("host");
    host.step({ is: "send", message: stored(1) }, 0);
    let now = 0;
    let broken: LinkEffect | undefined;
    while (broken === undefined && now < 60_000) {
      now += 10;
      host.step({ is: "frame", frame: ackOf(0, 0, true) }, now);
      if (host.deadline() <= now) broken = host.step({ is: "time" }, now).find(({ is }) => is === "broken");
    }
    expect(broken).toEqual({ is: "broken", cause: "no-acknowledgement" });
    expect(now).toBeLessThan(10_000);
  });
});
