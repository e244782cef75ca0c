import { beforeEach, describe, expect, test } from "vitest";
import { WindowRatingError } from "../errors/index.ts";
import { HostSession, type HostSessionEffect } from "./host-session.ts";
import { MESSAGES, type Message } from "./messages.ts";
import { type HelloAnswer, versionRefusal } from "./session.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { checksummed, framed, framedRaw, type Numbers, type Written, written, writtenNames } from "./testing/framed.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

let host: HostSession;
let now: number;

const bytes = (...chunks: Uint8Array[]): HostSessionEffect[] => host.step({ is: "bytes", bytes: Buffer.concat(chunks) }, now);
const time = (at: number): HostSessionEffect[] => {
  now = at;
  return host.step({ is: "time" }, now);
};
const only = (effects: readonly HostSessionEffect[]): Written => {
  const all = written(effects);
  if (all.length !== 1 || all[0] === undefined) throw new Error(`Expected one frame, not ${all.length}`);
  return all[0];
};
const besidesWrites = (effects: readonly HostSessionEffect[]): HostSessionEffect[] => effects.filter(({ is }) => is !== "write");

const answerTo = (hello: Written, change: Partial<HelloAnswer> = {}): Uint8Array =>
  framed(
    {
      ...TEST_PAD,
      type: "helloAnswer",
      nonce: (hello.message as Message<"hello">).nonce,
      version: 1,
      minVersion: 1,
      maxVersion: 1,
      maxFrame: 254,
      window: 1,
      ...change,
    },
    { session: hello.session },
  );
const proof = (numbers: Numbers): Uint8Array =>
  framed(
    { type: "challengeAnswer", nonce: new Uint8Array(16), proof: new Uint8Array(16), secured: false },
    { sequence: 0, acknowledgement: 1, ...numbers },
  );
const KNOCK = framed({ type: "knock", cause: "power" });
const keyStuck = (eventNo: number, numbers: Numbers): Uint8Array => framed({ type: "keyStuck", eventNo, key: 2 }, numbers);
const askStatus = { is: "send", message: { type: "askStatus" } } as const;

const open = (): Written => only(host.step({ is: "opened" }, now));
/** Opens and goes through the handshake; gives the number of the session. */
const makeReady = (): number => {
  const hello = open();
  bytes(answerTo(hello));
  bytes(proof({ session: hello.session }));
  host.step({ is: "settle" }, now);
  bytes(framed({ type: "ack" }, { session: hello.session, acknowledgement: 2 }));
  expect(host.isReady).toBe(true);
  return hello.session;
};

beforeEach(() => {
  host = new HostSession({ random: new SeededRandom(51).bytes });
  now = 1000;
});

describe("calling", () => {
  test("an opened port gets a hello with a session number, a nonce and the limits of this side", () => {
    host = new HostSession({ random: new SeededRandom(51).bytes, maxFrame: 1024, window: 8 });
    const { session, sequence, acknowledgement, message } = open();
    expect(session).toBeGreaterThan(0);
    expect([sequence, acknowledgement]).toEqual([0, 0]);
    expect(message).toMatchObject({ type: "hello", minVersion: 1, maxVersion: 1, maxFrame: 1024, window: 8 });
  });

  test("a hello that is lost is repeated every 400 ms with the same session and nonce, for ever", () => {
    const first = open();
    for (let round = 1; round <= 20; round++) {
      expect(host.deadline()).toBe(1000 + round * 400);
      expect(only(time(1000 + round * 400))).toEqual(first);
    }
    expect(writtenNames(bytes(answerTo(first)))).toEqual(["challenge"]);
  });

  test("a knock brings the hello forward", () => {
    const first = open();
    now += 200;
    expect(only(bytes(KNOCK))).toEqual(first);
    expect(host.deadline()).toBe(now + 400);
  });

  test("a line that knocks without end is answered every 50 ms and not for every knock", () => {
    open();
    let hellos = 0;
    for (let ms = 1; ms <= 1000; ms++) {
      now = 1000 + ms;
      hellos += written(bytes(KNOCK, KNOCK, KNOCK)).length;
    }
    expect(hellos).toBe(20);
  });

  test("an answer with another nonce or another session is stale and opens nothing", () => {
    const hello = open();
    expect(bytes(answerTo(hello, { nonce: new Uint8Array(8) }))).toEqual([]);
    expect(bytes(answerTo({ ...hello, session: hello.session ^ 1 }))).toEqual([]);
    expect(host.counters).toMatchObject({ stale: 2, sessions: 0 });
  });

  test("an answer that cannot be read is reported and opens nothing", () => {
    const { session } = open();
    expect(bytes(framedRaw(MESSAGES.helloAnswer.id, new Uint8Array(10), { session }))).toMatchObject([
      { is: "unusable", decoded: { is: "malformed" } },
    ]);
    expect(bytes(framedRaw(MESSAGES.knock.id, Uint8Array.of(99)))).toMatchObject([{ is: "unusable", decoded: { is: "malformed" } }]);
    expect(host.counters).toMatchObject({ unusable: 2, sessions: 0 });
  });

  test("a plug that sends everything back is not taken for a pad", () => {
    const effects = host.step({ is: "opened" }, now);
    for (const effect of effects) if (effect.is === "write") expect(bytes(effect.bytes)).toEqual([]);
    expect(host.counters.stale).toBe(1);
  });

  test("what a pad still says in an older session is stale, whatever it is, and changes nothing", () => {
    const hello = open();
    const session = hello.session ^ 0xff;
    expect(
      bytes(
        keyStuck(1, { session }),
        framed({ type: "bye", cause: "shutdown" }, { session }),
        framedRaw(0x7f, Uint8Array.of(1), { session }),
      ),
    ).toEqual([]);
    expect(host.counters).toMatchObject({ stale: 3, unusable: 0 });
    expect(only(time(1400))).toEqual(hello);
  });

  test("session numbers are never 0 and never the last one, even from a source of numbers that is broken", () => {
    host = new HostSession({ random: (length) => new Uint8Array(length) });
    const numbers = Array.from({ length: 5 }, () => {
      const { session } = open();
      host.step({ is: "close" }, now);
      return session;
    });
    for (const [index, number] of numbers.entries()) {
      expect(number).not.toBe(0);
      expect(number).not.toBe(numbers[index - 1]);
    }
  });
});

describe("the handshake", () => {
  test("goes hello, answer, challenge, answer, ready", () => {
    const hello = open();
    const challenge = only(bytes(answerTo(hello)));
    expect(challenge).toMatchObject({ session: hello.session, sequence: 0, acknowledgement: 0, message: { type: "challenge" } });
    expect(host.isReady).toBe(false);
    const effects = bytes(proof({ session: hello.session }));
    expect(only(effects)).toEqual({
      session: hello.session,
      sequence: 1,
      acknowledgement: 1,
      message: { type: "ready", secured: false, proof: new Uint8Array(16) },
    });
    expect(besidesWrites(effects)).toMatchObject([{ is: "ready", trust: "unpaired", pad: { serialNumber: TEST_PAD.serialNumber } }]);
    expect(host.isReady).toBe(true);
  });

  test("a repeated answer changes nothing, before and after ready", () => {
    const hello = open();
    bytes(answerTo(hello));
    expect(bytes(answerTo(hello))).toEqual([]);
    bytes(proof({ session: hello.session }));
    expect(bytes(answerTo(hello))).toEqual([]);
    expect(host.counters).toMatchObject({ sessions: 1 });
  });

  test("begins anew with another session when no proof comes within 3 s, however lively the pad is", () => {
    const hello = open();
    bytes(answerTo(hello));
    const effects: HostSessionEffect[] = [];
    while (now < 4000 && effects.length === 0) {
      now = Math.min(host.deadline() ?? Infinity, now + 300);
      // It acknowledges and answers pings, and goes no further.
      bytes(framed({ type: "pong", token: 1 }, { session: hello.session, acknowledgement: 1 }));
      effects.push(...time(now).filter(({ is }) => is === "lost"));
    }
    expect([now, effects]).toEqual([4000, [{ is: "lost", cause: "protocol" }]]);
    expect(only(time(4400))).toMatchObject({ message: { type: "hello" } });
    expect(only(time(4800)).session).not.toBe(hello.session);
  });

  test("a report before the proof is not passed on but reported as unusable", () => {
    const hello = open();
    bytes(answerTo(hello));
    expect(besidesWrites(bytes(keyStuck(1, { session: hello.session })))).toEqual([
      { is: "unusable", decoded: { is: "malformed", id: MESSAGES.keyStuck.id, why: "keyStuck before the pad's proof" } },
    ]);
    expect(host.isReady).toBe(false);
  });

  test("the lower window and the lower frame size hold", () => {
    host = new HostSession({ random: new SeededRandom(51).bytes, maxFrame: 1024, window: 8 });
    const hello = open();
    bytes(answerTo(hello, { maxFrame: 512, window: 2 }));
    bytes(proof({ session: hello.session }));
    // The message `ready` is under way; one more fits.
    expect(writtenNames([1, 2, 3].flatMap(() => host.step(askStatus, now)))).toEqual(["askStatus"]);
  });
});

describe("a pad of another version", () => {
  const strange = { version: 0, minVersion: 2, maxVersion: 3 };

  test("is refused with both versions named, and left alone until it knocks", () => {
    const [refusal] = bytes(answerTo(open(), strange));
    expect(refusal).toMatchObject({ is: "version-refused", pad: { minVersion: 2, maxVersion: 3 } });
    expect(host.deadline()).toBeUndefined();
    if (refusal?.is !== "version-refused") throw new Error("not refused");
    const error = versionRefusal(refusal.pad);
    expect(error).toBeInstanceOf(WindowRatingError);
    expect(error.message).toMatch(/^WR1004 .*speaks versions 2 to 3 .*this program 1 to 1\. Update the side with the lower version$/);
  });

  test("is asked again when it knocks, and told of once", () => {
    bytes(answerTo(open(), strange));
    now += 1000;
    const again = only(bytes(KNOCK));
    expect(again.message.type).toBe("hello");
    expect(bytes(answerTo(again, strange))).toEqual([]);
    expect(host.deadline()).toBeUndefined();
  });

  test("is told of again when it is another pad or another firmware", () => {
    bytes(answerTo(open(), strange));
    expect(bytes(answerTo(only(bytes(KNOCK)), { ...strange, firmware: "2.0.0" }))).toMatchObject([{ is: "version-refused" }]);
    expect(bytes(answerTo(only(bytes(KNOCK)), { ...strange, serialNumber: "other" }))).toMatchObject([{ is: "version-refused" }]);
  });

  test("is used as soon as it speaks ours", () => {
    bytes(answerTo(open(), strange));
    expect(writtenNames(bytes(answerTo(only(bytes(KNOCK)))))).toEqual(["challenge"]);
  });

  test("that chooses a version which was not offered is refused too", () => {
    expect(bytes(answerTo(open(), { version: 2, minVersion: 1, maxVersion: 2 }))).toMatchObject([{ is: "version-refused" }]);
  });

  test("whose frames have another layout is counted with the version it named", () => {
    open();
    expect(bytes(checksummed(Uint8Array.of(0x02, MESSAGES.knock.id, 0, 0, 0, 0, 1)))).toEqual([
      { is: "rejected", fault: "bad-version", version: 2 },
    ]);
  });
});

describe("a session that is ready", () => {
  test("passes commands and reports", () => {
    const session = makeReady();
    expect(only(host.step(askStatus, now))).toMatchObject({ session, sequence: 2, acknowledgement: 1, message: { type: "askStatus" } });
    expect(bytes(keyStuck(7, { session, sequence: 1, acknowledgement: 3 }))).toEqual([
      { is: "report", message: { type: "keyStuck", eventNo: 7, key: 2 } },
    ]);
    expect(only(host.step({ is: "settle" }, now))).toMatchObject({ acknowledgement: 2, message: { type: "ack" } });
  });

  test("a proof that nobody asked for is not passed on", () => {
    const session = makeReady();
    expect(bytes(proof({ session, sequence: 1 }))).toMatchObject([
      { is: "unusable", decoded: { why: "challengeAnswer was not asked for" } },
    ]);
  });

  test("frames of another session are stale and answered with nothing", () => {
    const session = makeReady();
    expect(
      bytes(keyStuck(1, { session: session ^ 1, sequence: 1 }), framed({ type: "bye", cause: "refused" }, { session: session ^ 1 })),
    ).toEqual([]);
    expect(host.step({ is: "settle" }, now)).toEqual([]);
    expect(host.counters.stale).toBe(2);
    expect(host.isReady).toBe(true);
  });

  test.each([
    { name: "a knock: the pad has none any more", frame: () => KNOCK, cause: "new-session" },
    { name: "a bye", frame: (session: number) => framed({ type: "bye", cause: "protocol" }, { session }), cause: "bye" },
    {
      name: "a bye with a cause of a later version",
      frame: (session: number) => framedRaw(MESSAGES.bye.id, Uint8Array.of(77, 1), { session }),
      cause: "bye",
    },
  ])("ends with $name; the next hello has another number", ({ frame, cause }) => {
    const session = makeReady();
    const effects = bytes(frame(session));
    expect(besidesWrites(effects)).toEqual([{ is: "lost", cause }]);
    const hello = only(effects);
    expect(hello.message.type).toBe("hello");
    expect(hello.session).not.toBe(session);
    expect(host.isReady).toBe(false);
  });

  test("ends within 3 s of silence", () => {
    makeReady();
    const effects: HostSessionEffect[] = [];
    while (host.isReady) effects.push(...time(host.deadline() as number));
    expect(now - 1000).toBeLessThan(3000);
    expect(effects).toContainEqual({ is: "lost", cause: "silence" });
    expect(writtenNames(effects)).toEqual(["ping", "ping", "ping", "hello"]);
  });

  test("what lies behind its end in the same chunk is not of it any more", () => {
    const session = makeReady();
    const effects = bytes(KNOCK, keyStuck(1, { session, sequence: 1 }));
    expect(besidesWrites(effects)).toEqual([{ is: "lost", cause: "new-session" }]);
    expect(host.counters.stale).toBe(1);
  });

  test("a port that is opened again without having been closed starts anew", () => {
    makeReady();
    const effects = host.step({ is: "opened" }, now);
    expect(besidesWrites(effects)).toEqual([{ is: "lost", cause: "new-session" }]);
    expect(writtenNames(effects)).toEqual(["hello"]);
  });

  test("says bye when it is closed, and then nothing more", () => {
    const session = makeReady();
    const effects = host.step({ is: "close" }, now);
    expect(only(effects)).toMatchObject({ session, message: { type: "bye", cause: "shutdown" } });
    expect(besidesWrites(effects)).toEqual([{ is: "lost", cause: "closed" }]);
    expect(host.deadline()).toBeUndefined();
    expect(bytes(KNOCK, keyStuck(1, { session, sequence: 1 }))).toEqual([]);
    expect(host.step({ is: "close" }, now)).toEqual([]);
  });
});

test("a command without a session is dropped: whoever gave it says it again when there is one", () => {
  expect(host.step(askStatus, now)).toEqual([]);
  const hello = open();
  expect(host.step(askStatus, now)).toEqual([]);
  bytes(answerTo(hello));
  expect(host.step(askStatus, now)).toEqual([]);
  expect(writtenNames(bytes(proof({ session: hello.session })))).toEqual(["ready"]);
});

test("bytes that are no frame are counted by reason and reported", () => {
  open();
  const broken = framed({ type: "knock", cause: "power" });
  broken[3] = (broken[3] as number) ^ 2;
  expect(bytes(broken, Uint8Array.of(1, 0), new Uint8Array(400).fill(1), Uint8Array.of(0))).toEqual([
    { is: "rejected", fault: "bad-checksum" },
    { is: "rejected", fault: "too-short" },
    { is: "rejected", fault: "too-long" },
  ]);
  expect(host.counters.faults).toEqual({
    "too-long": 1,
    "too-short": 1,
    "bad-stuffing": 0,
    "bad-checksum": 1,
    "bad-version": 0,
    "bad-flags": 0,
    "not-authentic": 0,
  });
});

test("counts and round trips go on over all sessions", () => {
  const session = makeReady();
  bytes(keyStuck(1, { session, sequence: 1, acknowledgement: 2 }));
  const { sent, delivered } = host.counters;
  expect([sent, delivered]).toEqual([2, 2]);
  bytes(KNOCK);
  expect(host.counters).toMatchObject({ sent: 2, delivered: 2, sessions: 1 });
  expect(host.roundTrips).toHaveLength(2);
});

test.each([{ maxFrame: 253 }, { maxFrame: 4097 }, { window: 0 }, { window: 9 }, { window: 1.5 }])(
  "limits that hello cannot carry are refused at once: %o",
  (limits) => {
    expect(() => new HostSession({ random: new SeededRandom(1).bytes, ...limits })).toThrow(/WR1002.*whole number in/);
  },
);
