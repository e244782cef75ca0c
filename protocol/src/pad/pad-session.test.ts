import { beforeEach, describe, expect, test } from "vitest";
import { MESSAGES, type Message } from "./messages.ts";
import { PadSession, type PadSessionEffect } from "./pad-session.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { framed, framedRaw, type Numbers, written, writtenNames } from "./testing/framed.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

const SESSION = 0x4711;
const NONCE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
let pad: PadSession;
let now: number;

const bytes = (...chunks: Uint8Array[]): PadSessionEffect[] => pad.step({ is: "bytes", bytes: Buffer.concat(chunks) }, now);
const time = (at: number): PadSessionEffect[] => {
  now = at;
  return pad.step({ is: "time" }, now);
};
const besidesWrites = (effects: readonly PadSessionEffect[]): PadSessionEffect[] => effects.filter(({ is }) => is !== "write");
const messages = (effects: readonly PadSessionEffect[]): Message[] => written(effects).map(({ message }) => message);

const hello = (change: Partial<Message<"hello">> = {}, session = SESSION): Uint8Array =>
  framed({ type: "hello", nonce: NONCE, minVersion: 1, maxVersion: 1, maxFrame: 254, window: 1, ...change }, { session });
const inSession = (message: Message, numbers: Numbers = {}): Uint8Array => framed(message, { session: SESSION, ...numbers });
const CHALLENGE = { type: "challenge", nonce: new Uint8Array(16) } as const;
const READY = { type: "ready", secured: false, proof: new Uint8Array(16) } as const;
const report = { is: "send", message: { type: "keyStuck", eventNo: 1, key: 1 } } as const;

const start = (): PadSessionEffect[] => pad.step({ is: "started" }, now);
const makeReady = (): void => {
  start();
  bytes(hello());
  bytes(inSession(CHALLENGE), inSession(READY, { sequence: 1, acknowledgement: 1 }));
  pad.step({ is: "settle" }, now);
  expect(pad.isReady).toBe(true);
};

beforeEach(() => {
  pad = new PadSession({ random: new SeededRandom(61).bytes }, () => TEST_PAD);
  now = 1000;
});

describe("without a session", () => {
  test("a pad without power says and hears nothing", () => {
    expect(bytes(hello())).toEqual([]);
    expect(time(5000)).toEqual([]);
    expect(pad.step(report, now)).toEqual([]);
    expect(pad.deadline()).toBeUndefined();
  });

  test("it knocks at once and every second", () => {
    expect(written(start())).toEqual([{ session: 0, sequence: 0, acknowledgement: 0, message: { type: "knock", cause: "power" } }]);
    for (const at of [2000, 3000, 4000]) {
      expect(pad.deadline()).toBe(at);
      expect(messages(time(at))).toEqual([{ type: "knock", cause: "power" }]);
    }
  });

  test("a frame of a session that is gone is answered with a knock at once, once", () => {
    start();
    now += 100;
    const frame = inSession({ type: "stored", eventNo: 1 }, { sequence: 9 });
    expect(messages(bytes(frame, frame, frame))).toEqual([{ type: "knock", cause: "unknownSession" }]);
    expect(bytes(frame)).toEqual([]);
    expect(pad.counters.stale).toBe(4);
    expect(messages(time(2100))).toEqual([{ type: "knock", cause: "unknownSession" }]);
  });

  test("what it is told to send is dropped", () => {
    start();
    expect(pad.step(report, now)).toEqual([]);
    bytes(hello());
    expect(pad.step(report, now)).toEqual([]);
    expect(pad.unacknowledged).toBe(0);
  });
});

describe("hello", () => {
  test("is answered with what the pad is and what it takes, in the session of the hello", () => {
    pad = new PadSession({ random: new SeededRandom(61).bytes, maxFrame: 512, window: 4 }, () => TEST_PAD);
    start();
    expect(written(bytes(hello()))).toEqual([
      {
        session: SESSION,
        sequence: 0,
        acknowledgement: 0,
        message: { ...TEST_PAD, type: "helloAnswer", nonce: NONCE, version: 1, minVersion: 1, maxVersion: 1, maxFrame: 512, window: 4 },
      },
    ]);
  });

  test("that is repeated is answered again and changes nothing, before and after ready", () => {
    start();
    const answer = messages(bytes(hello()));
    expect(messages(bytes(hello()))).toEqual(answer);
    bytes(inSession(CHALLENGE), inSession(READY, { sequence: 1, acknowledgement: 1 }));
    const effects = bytes(hello());
    expect(messages(effects)).toEqual(answer);
    expect(besidesWrites(effects)).toEqual([]);
    expect(bytes(inSession({ type: "idle" }, { sequence: 2 }))).toEqual([{ is: "command", message: { type: "idle" } }]);
    expect(pad.counters.sessions).toBe(1);
  });

  test("with the same number and another nonce is another host: a new session", () => {
    makeReady();
    const effects = bytes(hello({ nonce: new Uint8Array(8) }));
    expect(besidesWrites(effects)).toEqual([{ is: "lost", cause: "new-session" }]);
    expect(writtenNames(effects)).toEqual(["helloAnswer"]);
    expect(pad.isReady).toBe(false);
    expect(writtenNames(bytes(inSession(CHALLENGE)))).toEqual(["challengeAnswer"]);
  });

  test("with another number ends the session; what the old host still says is stale", () => {
    makeReady();
    expect(besidesWrites(bytes(hello({}, 0x0815)))).toEqual([{ is: "lost", cause: "new-session" }]);
    expect(
      bytes(
        inSession({ type: "idle" }, { sequence: 0 }),
        inSession({ type: "bye", cause: "shutdown" }),
        inSession({ type: "ping", token: 1 }),
      ),
    ).toEqual([]);
    expect(pad.counters).toMatchObject({ stale: 3, sessions: 2 });
  });

  test("without a session number is stale", () => {
    start();
    expect(bytes(hello({}, 0))).toEqual([]);
    expect(pad.counters.stale).toBe(1);
  });

  test("that cannot be read is reported and not answered", () => {
    start();
    expect(bytes(framedRaw(MESSAGES.hello.id, new Uint8Array(13), { session: SESSION }))).toMatchObject([
      { is: "unusable", decoded: { is: "malformed", why: "hello.minVersion: 0 is not in 1..255" } },
    ]);
    expect(pad.counters).toMatchObject({ unusable: 1, sessions: 0 });
  });

  test.each([
    [2, 3],
    [2, 255],
    [3, 1],
  ])("of versions %i to %i is answered with version 0 and our versions, and there is no session", (minVersion, maxVersion) => {
    start();
    expect(messages(bytes(hello({ minVersion, maxVersion })))).toMatchObject([
      { type: "helloAnswer", version: 0, minVersion: 1, maxVersion: 1 },
    ]);
    expect(messages(bytes(inSession(CHALLENGE)))).toEqual([{ type: "knock", cause: "unknownSession" }]);
    expect(pad.counters.sessions).toBe(0);
  });

  test("of versions 1 to 9 is answered with version 1", () => {
    start();
    expect(messages(bytes(hello({ maxVersion: 9 })))).toMatchObject([{ version: 1 }]);
  });
});

describe("the handshake", () => {
  test("goes challenge, answer, ready; none of it is secured without a key", () => {
    start();
    bytes(hello());
    expect(written(bytes(inSession(CHALLENGE)))).toMatchObject([
      {
        session: SESSION,
        sequence: 0,
        acknowledgement: 1,
        message: { type: "challengeAnswer", proof: new Uint8Array(16), secured: false },
      },
    ]);
    expect(bytes(inSession(READY, { sequence: 1, acknowledgement: 1 }))).toEqual([{ is: "ready", trust: "unpaired" }]);
    expect(written(pad.step({ is: "settle" }, now))).toMatchObject([{ acknowledgement: 2, message: { type: "ack" } }]);
  });

  test("a second ready changes nothing", () => {
    makeReady();
    expect(bytes(inSession(READY, { sequence: 2, acknowledgement: 1 }))).toEqual([]);
    expect(pad.isReady).toBe(true);
  });

  test("a command before ready ends it with a bye: no retry would mend that", () => {
    start();
    bytes(hello());
    const effects = bytes(inSession({ type: "idle" }), inSession({ type: "ping", token: 1 }));
    expect(messages(effects)).toEqual([
      { type: "bye", cause: "protocol" },
      { type: "knock", cause: "broken" },
      { type: "knock", cause: "unknownSession" },
    ]);
    expect(besidesWrites(effects)).toEqual([]);
  });

  test("nothing of a session reaches the wire behind its end", () => {
    start();
    bytes(hello());
    // The answer to the second challenge waits for the first to be acknowledged, which the command does.
    bytes(inSession(CHALLENGE), inSession(CHALLENGE, { sequence: 1 }));
    expect(writtenNames(bytes(inSession({ type: "idle" }, { sequence: 2, acknowledgement: 1 })))).toEqual(["bye", "knock"]);
  });

  test("a host that says no more than hello is given up within 3 s", () => {
    start();
    bytes(hello());
    expect(messages(time(pad.deadline() as number))).toEqual([{ type: "knock", cause: "silence" }]);
    expect(now - 1000).toBeLessThan(3000);
  });

  test("a host that pings and goes no further is given up 3 s after its last hello", () => {
    start();
    bytes(hello());
    now += 1000;
    bytes(hello());
    const effects: PadSessionEffect[] = [];
    while (effects.length === 0) {
      bytes(inSession({ type: "ping", token: 1 }));
      effects.push(...time(Math.min(now + 900, pad.deadline() as number)));
    }
    expect([now, messages(effects)]).toEqual([5000, [{ type: "knock", cause: "broken" }]]);
  });

  test("the lower window and the lower frame size hold", () => {
    pad = new PadSession({ random: new SeededRandom(61).bytes, window: 8 }, () => TEST_PAD);
    start();
    bytes(hello({ window: 3 }));
    bytes(inSession(CHALLENGE), inSession(READY, { sequence: 1, acknowledgement: 1 }));
    expect(written([1, 2, 3, 4, 5].flatMap(() => pad.step(report, now)))).toHaveLength(3);
    expect(pad.unacknowledged).toBe(5);
  });
});

describe("a session that is ready", () => {
  test("passes reports and commands", () => {
    makeReady();
    expect(written(pad.step(report, now))).toMatchObject([{ session: SESSION, sequence: 1, acknowledgement: 2, message: { eventNo: 1 } }]);
    expect(pad.unacknowledged).toBe(1);
    expect(bytes(inSession({ type: "stored", eventNo: 1 }, { sequence: 2, acknowledgement: 2 }))).toEqual([
      { is: "command", message: { type: "stored", eventNo: 1 } },
    ]);
    expect(pad.unacknowledged).toBe(0);
  });

  test.each([
    { name: "a bye", frame: inSession({ type: "bye", cause: "shutdown" }) },
    { name: "a bye with a cause of a later version", frame: framedRaw(MESSAGES.bye.id, Uint8Array.of(200), { session: SESSION }) },
  ])("ends with $name; the pad knocks", ({ frame }) => {
    makeReady();
    const effects = bytes(frame);
    expect(besidesWrites(effects)).toEqual([{ is: "lost", cause: "bye" }]);
    expect(messages(effects)).toEqual([{ type: "knock", cause: "silence" }]);
  });

  test("ends within 3 s of silence; the pad knocks and forgets what was under way", () => {
    makeReady();
    pad.step(report, now);
    const effects: PadSessionEffect[] = [];
    while (pad.isReady) effects.push(...time(pad.deadline() as number));
    expect(now - 1000).toBeLessThan(3000);
    expect(besidesWrites(effects)).toEqual([{ is: "lost", cause: "silence" }]);
    expect(messages(effects).at(-1)).toEqual({ type: "knock", cause: "silence" });
    expect(pad.unacknowledged).toBe(0);
  });

  test("ends when the host answers everything but one report", () => {
    makeReady();
    pad.step(report, now);
    const lost: PadSessionEffect[] = [];
    while (pad.isReady) {
      bytes(inSession({ type: "ping", token: 1 }, { acknowledgement: 1 }));
      lost.push(...besidesWrites(time(pad.deadline() as number)));
    }
    expect(lost).toEqual([{ is: "lost", cause: "no-acknowledgement" }]);
  });

  test("frames of another session are stale and not answered", () => {
    makeReady();
    expect(bytes(framed({ type: "stored", eventNo: 1 }, { session: SESSION ^ 1, sequence: 2 }))).toEqual([]);
    expect(pad.step({ is: "settle" }, now)).toEqual([]);
    expect(pad.counters.stale).toBe(1);
  });

  test("an unknown message, a malformed one and one in the wrong direction are reported, and the next is taken", () => {
    makeReady();
    const effects = bytes(
      framedRaw(0x1e, Uint8Array.of(1, 2), { session: SESSION, sequence: 2 }),
      framedRaw(MESSAGES.stored.id, new Uint8Array(4), { session: SESSION, sequence: 3 }),
      inSession({ type: "keyStuck", eventNo: 1, key: 1 }, { sequence: 4 }),
      framedRaw(0x0f, new Uint8Array(0), { session: SESSION }),
      inSession({ type: "idle" }, { sequence: 5 }),
    );
    expect(effects).toMatchObject([
      { is: "unusable", decoded: { is: "unknown", id: 0x1e } },
      { is: "unusable", decoded: { is: "malformed", why: "stored.eventNo: 0 is not in 1..4294967295" } },
      { is: "unusable", decoded: { is: "malformed", why: "keyStuck in the wrong direction" } },
      { is: "unusable", decoded: { is: "unknown", id: 0x0f } },
      { is: "command", message: { type: "idle" } },
    ]);
    expect(written(pad.step({ is: "settle" }, now))).toMatchObject([{ acknowledgement: 6 }]);
  });
});

test("power that comes back makes a new start: it knocks, and the old session is unknown", () => {
  makeReady();
  expect(messages(start())).toEqual([{ type: "knock", cause: "power" }]);
  expect(messages(bytes(inSession({ type: "idle" }, { sequence: 2 })))).toEqual([{ type: "knock", cause: "unknownSession" }]);
});

test("its counts hold what its links counted, over all sessions", () => {
  makeReady();
  expect(pad.counters).toMatchObject({ sent: 1, delivered: 2, sessions: 1 });
  bytes(hello({}, 0x0815));
  expect(pad.counters).toMatchObject({ sent: 1, delivered: 2, sessions: 2 });
});

test.each([{ maxFrame: 100 }, { window: 12 }])("limits that the answer cannot carry are refused at once: %o", (limits) => {
  expect(() => new PadSession({ random: new SeededRandom(1).bytes, ...limits }, () => TEST_PAD)).toThrow(/WR1002/);
});
