import { describe, expect, test } from "vitest";
import { DESCRIPTIONS } from "./testing/descriptions.ts";
import { REQUEST_A, REQUEST_B, SessionBench } from "./testing/session-bench.ts";

const KEY_0 = "FF 68 03 03 68 01 11 00 12 16";
const KEY_1 = "FF 68 03 03 68 01 11 01 13 16";
const KEY_3 = "FF 68 03 03 68 01 11 03 15 16";
const CALL = "FF 68 03 03 68 01 01 0C 0E 16";
const START = "write FF 68 03 03 68 01 01 0B 0D 16";
const echo = (key: number): string => `write FF 68 03 03 68 01 01 0${key} 0${key + 2} 16`;

/** A pad that repeats a press until it is answered, alive and lit for request A, past its guard interval. */
const lit = (): SessionBench => {
  const bench = new SessionBench(DESCRIPTIONS.FF68).give({ is: "opened" }).start().wait(2000);
  expect(bench.take()).toEqual(["alive?", START, "shown a"]);
  return bench;
};

describe("a session with a pad that repeats until it is answered", () => {
  test("lights the pad, takes the press and answers it only when it is stored (I1)", () => {
    const bench = lit().bytes(KEY_3);
    expect(bench.take()).toEqual(["pressed a level 5 after 2000"]);
    expect(bench.give({ is: "stored", requestId: REQUEST_A }).take()).toEqual([echo(3)]);
  });

  test("offers the press again while it is not stored, and answers again when the answer was lost, but counts it once (I4)", () => {
    const bench = lit().bytes(KEY_3).wait(400).bytes(KEY_3);
    expect(bench.take()).toEqual(["pressed a level 5 after 2000", "pressed a level 5 after 2000 again"]);
    bench.give({ is: "stored", requestId: REQUEST_A }).wait(400).bytes(KEY_3);
    expect(bench.take()).toEqual([echo(3), "discarded 3 repeat", echo(3)]);
    expect(bench.session.counters.pressed).toBe(1);
  });

  test("takes the first key only", () => {
    const bench = lit().bytes(KEY_3).bytes(KEY_0);
    expect(bench.take()).toEqual(["pressed a level 5 after 2000", "discarded 0 already-pressed", echo(0)]);
  });

  test("binds no press to a request that was not open yet, and makes the pad stop sending it", () => {
    const bench = new SessionBench(DESCRIPTIONS.FF68).give({ is: "opened" }).bytes(KEY_3);
    expect(bench.take()).toEqual(["alive?", "discarded 3 no-request", echo(3)]);
    bench.start(REQUEST_B).wait(600).bytes(KEY_3);
    expect(bench.take()).toEqual([START, "shown b", "discarded 3 repeat", echo(3)]);
    // Sent again and again it is the same press for as long as it lasts, however long ago the guard interval ended.
    for (let count = 0; count < 5; count++) bench.wait(900).bytes(KEY_3);
    expect(bench.take().filter((effect) => effect.startsWith("pressed"))).toEqual([]);
    // When a new press counts, the pad is lit anew.
    expect(bench.wait(1000).bytes(KEY_3).take()).toEqual([START, "shown b", "pressed b level 5 after 6100"]);
  });

  test("throws away what is pressed in the guard interval after a change of case", () => {
    const bench = lit().start(REQUEST_B).wait(999).bytes(KEY_0);
    expect(bench.take()).toEqual([START, "shown b", "discarded 0 guard", echo(0)]);
    expect(bench.wait(1).bytes(KEY_3).take()).toEqual(["pressed b level 5 after 1000"]);
  });

  test("lights the pad again when a press came too early, as soon as one counts", () => {
    const bench = lit().start(REQUEST_B).wait(800).bytes(KEY_3);
    expect(bench.take()).toEqual([START, "shown b", "discarded 3 guard", echo(3)]);
    expect(bench.wait(999).take()).toEqual([]);
    expect(bench.wait(1).take()).toEqual([START, "shown b"]);
    expect(bench.bytes(KEY_3).take()).toEqual(["pressed b level 5 after 1800"]);
  });

  test("never makes a level of the 默认 key", () => {
    expect(lit().bytes(KEY_1).take()).toEqual(["discarded 1 means-nothing", echo(1)]);
  });

  test("tells what the clerk asks for, once, and answers at once", () => {
    expect(lit().bytes(CALL).wait(400).bytes(CALL).take()).toEqual([
      "callNext",
      "write FF 68 03 03 68 01 01 0C 0E 16",
      "discarded call repeat",
      "write FF 68 03 03 68 01 01 0C 0E 16",
    ]);
  });

  test("never answers a key whose answer would say something else to the pad", () => {
    const keys = DESCRIPTIONS.FF68.keys.map((key) => (key.key === "call" ? { ...key, acknowledge: false as const } : key));
    const bench = new SessionBench({ ...DESCRIPTIONS.FF68, keys }).give({ is: "opened" }).bytes(CALL).wait(400).bytes(CALL);
    expect(bench.take()).toEqual(["alive?", "callNext", "discarded call repeat"]);
  });

  test("says other things if the pad can, and nothing if it cannot", () => {
    const bench = lit();
    bench.give({ is: "ask", request: "stars", numbers: { level: 4 } }).give({ is: "ask", request: "voice", numbers: { prompt: 1 } });
    expect(bench.take()).toEqual(["write FF 68 03 03 68 01 02 04 07 16"]);
  });

  test("shows the open request again when the port is open again, with a new guard interval", () => {
    const bench = lit().give({ is: "closed" }).wait(100);
    expect(bench.take()).toEqual(["lost closed"]);
    expect(bench.bytes(KEY_3).take()).toEqual([]);
    bench.give({ is: "opened" }).bytes(KEY_3);
    expect(bench.take()).toEqual(["alive?", START, "shown a", "discarded 3 guard", echo(3)]);
  });

  test("lights nothing twice for one request, and ends only the one that is open", () => {
    const bench = lit().start(REQUEST_A).give({ is: "endRating", requestId: REQUEST_B, because: "cancelled" });
    expect(bench.take()).toEqual([]);
    bench.give({ is: "endRating", requestId: REQUEST_A, because: "cancelled" }).bytes(KEY_3);
    expect(bench.take()).toEqual(["discarded 3 no-request", echo(3)]);
  });
});

const CRC_KEYS = { 1: "02 01 10 01 EC 00 03", 5: "02 01 10 05 ED C3 03" } as const;
const ANSWER = { startRating: "02 01 A0 00 58 03", keepAlive: "02 01 B0 01 94 03" } as const;
const CRC = {
  hello: "write 02 01 70 01 C4 03",
  keepAlive: "write 02 01 30 00 34 03",
  idle: "write 02 01 22 80 39 03",
  refuse: "write 02 01 24 00 3B 03",
};

/** A pad that the host asks whether it is there, found and answered. */
const found = (): SessionBench => {
  const bench = new SessionBench(DESCRIPTIONS.CRC).give({ is: "opened" }).wait(60).bytes(ANSWER.keepAlive).wait(100);
  expect(bench.take()).toEqual([CRC.hello, CRC.keepAlive, "alive", CRC.idle]);
  return bench;
};

describe("a session with a pad that is asked whether it is there", () => {
  test("repeats a request until it is answered, with silence between frames, and says when it is shown", () => {
    const bench = found().start();
    expect(bench.take()).toEqual(["write 02 01 20 1E B9 C8 03"]);
    expect(bench.wait(200).take()).toEqual(["write 02 01 20 1E B9 C8 03"]);
    expect(bench.bytes(ANSWER.startRating).take()).toEqual(["shown a"]);
  });

  test("says so when a request is never answered, and shows the pad again what it has to show", () => {
    const bench = found().start().wait(650);
    expect(bench.take().at(-1)).toBe("unanswered startRating");
    expect(bench.bytes(ANSWER.keepAlive).wait(2100).take()).toContain("write 02 01 20 1C 38 09 03");
  });

  test("notices that the pad is gone, and lights it again when it is back", () => {
    const bench = found().start().bytes(ANSWER.startRating).wait(4000);
    const effects = bench.take();
    expect(effects).toContain("lost no-answer");
    expect(effects.filter((effect) => effect.startsWith("lost"))).toHaveLength(1);
    expect(bench.session.isAlive).toBe(false);
    expect(bench.bytes(ANSWER.keepAlive).wait(60).take()).toEqual(["alive", "write 02 01 20 1A B8 0B 03"]);
  });

  test("is dark after a press that came too early, whoever presses on and on, and lit again when a press counts", () => {
    const bench = found().start().wait(60).bytes(ANSWER.startRating).wait(60);
    bench.take();
    bench.bytes(CRC_KEYS[1]).wait(60);
    expect(bench.take()).toEqual(["discarded 1 guard", CRC.refuse, "write 02 01 21 C0 38 03"]);
    bench.bytes("02 01 A1 C1 98 03").wait(100).bytes(CRC_KEYS[1]).wait(60);
    expect(bench.take()).toEqual(["discarded 1 repeat", CRC.refuse]);
    expect(bench.wait(340).take()).toEqual(["write 02 01 20 1E B9 C8 03"]);
    expect(bench.bytes(ANSWER.startRating).bytes(CRC_KEYS[1]).wait(200).take()).toContain("pressed a level 5 after 680");
  });

  test("holds a press back, and gives it when the case did not change meanwhile", () => {
    const bench = found().start().bytes(ANSWER.startRating).wait(600).bytes(CRC_KEYS[1]);
    bench.take();
    expect(bench.wait(199).take()).toEqual([]);
    expect(bench.wait(1).take()).toEqual(["pressed a level 5 after 600"]);
  });

  test("throws the press away that was held back when the case changes, and refuses it", () => {
    const bench = found().start().bytes(ANSWER.startRating).wait(600).bytes(CRC_KEYS[1]).wait(50);
    bench.take();
    expect(bench.start(REQUEST_B).wait(60).take().slice(0, 2)).toEqual(["discarded 1 case-changed", CRC.refuse]);
    expect(
      bench
        .wait(1000)
        .take()
        .filter((effect) => effect.startsWith("pressed")),
    ).toEqual([]);
  });

  test("lets a press count that was held back when only the time is over", () => {
    const bench = found().start().bytes(ANSWER.startRating).wait(600).bytes(CRC_KEYS[5]).wait(50);
    bench.take();
    expect(bench.give({ is: "endRating", requestId: REQUEST_A, because: "timed-out" }).take()).toEqual(["pressed a level 1 after 600"]);
  });

  test("holds a press back even while the port is closed", () => {
    const bench = found().start().bytes(ANSWER.startRating).wait(600).bytes(CRC_KEYS[5]).give({ is: "closed" }).wait(300);
    expect(bench.take()).toContain("pressed a level 1 after 600");
  });

  test("counts a key that is held for one press, however long it is held over a change of case", () => {
    const bench = found().start().bytes(ANSWER.startRating).wait(600);
    bench.take();
    const seen: string[] = [];
    for (let count = 0; count < 40; count++) {
      if (count === 10) bench.start(REQUEST_B);
      bench.bytes(CRC_KEYS[1]).wait(100);
      seen.push(...bench.take());
    }
    expect(seen.filter((effect) => effect.startsWith("pressed"))).toEqual(["pressed a level 5 after 600"]);
  });

  test("makes the pad dark some time after the thanks", () => {
    const bench = found()
      .start()
      .bytes(ANSWER.startRating)
      .wait(600)
      .bytes(CRC_KEYS[1])
      .wait(200)
      .give({ is: "stored", requestId: REQUEST_A });
    expect(bench.take()).toContain("write 02 01 23 41 F9 03");
    expect(bench.wait(1900).take()).not.toContain(CRC.idle);
    expect(bench.bytes(ANSWER.keepAlive).wait(200).take()).toContain(CRC.idle);
  });

  test("replies to what the pad asks with what it said, and tells of frames that it does not know", () => {
    const bench = found().bytes("02 01 40 07 50 02 03").wait(60);
    expect(bench.take()).toEqual(["write 02 01 41 07 51 92 03"]);
    expect(bench.bytes("02 01 77 40 06 03").take()).toEqual(["unknown 02 01 77 40 06 03"]);
  });
});

describe("a session with a pad that says by itself that it is there", () => {
  test("finds it, answers it, and misses it when it falls silent", () => {
    const alive = "'$ALIVE,*7B' 0D 0A";
    const bench = new SessionBench(DESCRIPTIONS.LINES).give({ is: "opened" }).wait(1000).bytes(alive);
    expect(bench.take()).toEqual(["alive", "write 24 59 45 53 2C 2A 36 33 0D 0A", "write 24 49 44 4C 45 2C 2A 32 38 0D 0A"]);
    expect(bench.wait(9999).take()).toEqual([]);
    expect(bench.wait(1).take()).toEqual(["lost silence"]);
    expect(bench.session.deadline()).toBeUndefined();
  });
});

describe("a session with a pad that lost power without being missed", () => {
  test("shows it again what it has to show when it says that it was started", () => {
    const started = { ...DESCRIPTIONS.LINES, started: { function: "BOOT" } };
    const bench = new SessionBench(started).give({ is: "opened" }).bytes("'$ALIVE,*7B' 0D 0A").start().bytes("'$OK,RATE*2A' 0D 0A");
    bench.take();
    expect(bench.wait(500).bytes("'$BOOT,*3A' 0D 0A").take()).toEqual(["write 24 52 41 54 45 2C 33 30 2A 32 44 0D 0A"]);
    expect(bench.bytes("'$KEY,5*4E' 0D 0A").take()).toContain("discarded good guard");
  });

  test("shows it again when its keep-alive was late", () => {
    const alive = "'$ALIVE,*7B' 0D 0A";
    const bench = new SessionBench(DESCRIPTIONS.LINES).give({ is: "opened" }).bytes(alive).start().bytes("'$OK,RATE*2A' 0D 0A");
    bench.wait(5000).bytes(alive).take();
    expect(bench.wait(7600).bytes(alive).take()).toContain("write 24 52 41 54 45 2C 31 38 2A 32 37 0D 0A");
  });

  test("shows it again when it did not answer a keep-alive", () => {
    const bench = found().start().bytes(ANSWER.startRating).wait(1300);
    bench.take();
    expect(bench.bytes(ANSWER.keepAlive).wait(60).take()).toEqual([CRC.hello, "write 02 01 20 1D F9 C9 03"]);
  });
});

describe("a session with a pad to which nothing can be said", () => {
  test("lets presses count while a request is open, and no others", () => {
    const bench = new SessionBench(DESCRIPTIONS.BYTES).give({ is: "opened" }).bytes("35").start().wait(300).bytes("34 35");
    expect(bench.take()).toEqual([
      "alive?",
      "discarded 5 no-request",
      "shown a",
      "pressed a level 4 after 300",
      "discarded 5 already-pressed",
    ]);
    bench.give({ is: "stored", requestId: REQUEST_A }).give({ is: "closed" }).bytes("31");
    expect(bench.take()).toEqual(["lost closed"]);
  });
});
