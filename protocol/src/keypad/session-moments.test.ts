import { describe, expect, test } from "vitest";
import type { KeypadDescription } from "./description.ts";
import { asked } from "./testing/asked.ts";
import { DESCRIPTIONS } from "./testing/descriptions.ts";
import { bytesOf } from "./testing/hex.ts";
import { REQUEST_A, REQUEST_B, SessionBench } from "./testing/session-bench.ts";

const ALIVE = "'$ALIVE,*7B' 0D 0A";
const LIT = "'$OK,RATE*2A' 0D 0A";
const GOOD = "'$KEY,5*4E' 0D 0A";
const DID = "'$DID,*65' 0D 0A";

/** What the host said and what came of it, lines as they are read. */
const said = (bench: SessionBench): string[] =>
  bench.take().map((effect) => {
    if (!effect.startsWith("write ")) return effect;
    const line = Buffer.from(bytesOf(effect.slice(6))).toString("latin1");
    return line.slice(1, line.indexOf("*"));
  });

/** A pad that speaks lines, is there and lit for request A, with what is asked of it. */
const lit = (description: KeypadDescription): SessionBench => {
  const bench = new SessionBench(description).give({ is: "opened" }).bytes(ALIVE).bytes(DID).bytes(DID).wait(5000).bytes(ALIVE);
  bench.take();
  return bench.start().bytes(LIT);
};

const LINES = DESCRIPTIONS.LINES;
const SPEAKING: KeypadDescription = { ...LINES, moments: { invited: { voice: 2 }, stored: { voice: 3 } } };
const ASKED = asked(LINES);

describe("a pad that is asked to do something beside ratings", () => {
  test("speaks its invitation when a press counts, and its thanks when the rating is on disk, behind the answer to the press", () => {
    const bench = lit(SPEAKING).wait(299);
    expect(said(bench)).toEqual(["RATE,30", "shown a"]);
    expect(said(bench.wait(1))).toEqual(["SAY,002"]);
    expect(said(bench.wait(4000).bytes(GOOD))).toEqual(["pressed a level 5 after 4300"]);
    expect(said(bench.give({ is: "stored", requestId: REQUEST_A }).wait(5000))).toEqual(["THANKS,5", "SAY,003"]);
  });

  test("is not told to invite who has pressed already, nor one whose rating is over", () => {
    const pressed = lit({ ...SPEAKING, guard: { beforeMs: 500, afterMs: 300 } }).wait(290);
    pressed.take();
    expect(said(pressed.give({ is: "endRating", requestId: REQUEST_A, because: "cancelled" }).wait(5000))).toEqual(["IDLE,"]);
  });

  test("is told to invite once, however often the keys are lit for one request, and only when they are", () => {
    const bench = new SessionBench({ ...DESCRIPTIONS.FF68, moments: { invited: { beep: 1 } } }).give({ is: "opened" }).start();
    const early = bench.wait(800).bytes("FF 68 03 03 68 01 11 03 15 16").take();
    expect(early.at(-2)).toBe("discarded 3 guard");
    expect(bench.wait(999).take()).toEqual([]);
    expect(bench.wait(1).take()).toEqual(["write FF 68 03 03 68 01 01 0B 0D 16", "shown a", "write FF 68 02 02 68 01 03 04 16"]);
    expect(bench.wait(1000).bytes("FF 68 03 03 68 01 11 01 13 16").wait(5000).take().join()).not.toContain("FF 68 02 02 68 01 03 04 16");
  });

  test("is invited anew after it was without power", () => {
    const bench = lit({ ...SPEAKING, started: { function: "BOOT" } }).wait(1000);
    bench.take();
    expect(said(bench.bytes("'$BOOT,*3A' 0D 0A").bytes(LIT).wait(1000))).toEqual(["RATE,29", "shown a", "SAY,002"]);
  });

  test("never keeps a rating waiting by not answering, and is not gone by it", () => {
    const bench = lit(ASKED).wait(300);
    expect(said(bench)).toEqual(["RATE,30", "shown a", "LAMP,31"]);
    expect(said(bench.wait(10).start(REQUEST_B))).toEqual(["RATE,30"]);
    expect(said(bench.bytes(LIT).wait(4900))).toEqual([
      "shown b",
      ...["LAMP,31", "LAMP,31", "LAMP,31", "unanswered lamps"],
      "BEEP,1",
      "BEEP,1",
    ]);
    expect(said(bench.bytes(GOOD).give({ is: "stored", requestId: REQUEST_B }))).toEqual(["pressed b level 5 after 4900", "THANKS,5"]);
    expect(bench.session.isAlive).toBe(true);
  });

  test("does the next thing when it has answered the one before", () => {
    const bench = lit(ASKED).wait(300).bytes(DID).bytes(DID);
    expect(said(bench)).toEqual(["RATE,30", "shown a", "LAMP,31", "BEEP,1", "SAY,2"]);
  });

  test("shows the clerk's stars at rest only: when another clerk sits down, and behind the thanks", () => {
    const bench = new SessionBench({ ...ASKED, moments: { atRest: { stars: "clerk" } } }).give({ is: "opened" }).bytes(ALIVE).bytes(DID);
    expect(said(bench)).toEqual(["alive", "YES,", "IDLE,", "STAR,0"]);
    expect(said(bench.give({ is: "clerk", stars: 4 }).bytes(DID))).toEqual(["STAR,4"]);
    bench.start().bytes(LIT).give({ is: "clerk", stars: 3 });
    expect(said(bench)).toEqual(["RATE,30", "shown a"]);
    bench.wait(1000).bytes(GOOD).give({ is: "stored", requestId: REQUEST_A });
    expect(said(bench)).toEqual(["pressed a level 5 after 1000", "THANKS,5"]);
    expect(said(bench.wait(3000))).toEqual(["STAR,3"]);
  });
});

describe("a pad that can show that the window pauses", () => {
  const PAUSING: KeypadDescription = { ...ASKED, moments: {} };
  const paused = (): SessionBench => {
    const bench = new SessionBench(PAUSING).give({ is: "opened" }).bytes(ALIVE);
    bench.take();
    return bench.give({ is: "pause" }).bytes(DID);
  };

  test("shows it at rest, once, and no more when the window goes on", () => {
    const bench = paused().give({ is: "pause" });
    expect(said(bench)).toEqual(["PAUSE,"]);
    expect(said(bench.give({ is: "resume" }).bytes(DID).give({ is: "resume" }))).toEqual(["GOON,"]);
  });

  test("is told that the pause is over ahead of a rating, in the same breath, and of the pause again behind the thanks", () => {
    const bench = paused();
    bench.take();
    expect(said(bench.start().bytes(LIT))).toEqual(["GOON,", "RATE,30", "shown a"]);
    expect(said(bench.wait(1000).bytes(GOOD).give({ is: "stored", requestId: REQUEST_A }).wait(2999))).toEqual([
      "pressed a level 5 after 1000",
      "THANKS,5",
    ]);
    expect(said(bench.wait(1))).toEqual(["PAUSE,"]);
  });

  test("does not show a pause that ended while somebody rated, and shows one that began then", () => {
    const bench = lit(PAUSING).give({ is: "pause" });
    expect(said(bench)).toEqual(["RATE,30", "shown a"]);
    bench.give({ is: "endRating", requestId: REQUEST_A, because: "timed-out" }).bytes(DID);
    expect(said(bench)).toEqual(["IDLE,", "PAUSE,"]);
    bench.start(REQUEST_B).bytes(LIT).give({ is: "resume" });
    bench.take();
    expect(said(bench.give({ is: "endRating", requestId: REQUEST_B, because: "timed-out" }).wait(5000))).toEqual(["IDLE,"]);
  });

  test("is told again when it was away", () => {
    const bench = paused().give({ is: "closed" }).give({ is: "opened" });
    bench.take();
    expect(said(bench.bytes(ALIVE))).toEqual(["alive", "YES,", "IDLE,", "PAUSE,"]);
  });

  test("is lit for whoever tries its keys, again and again, and nothing that is pressed counts; then it is dark, and shows its pause again", () => {
    const bench = new SessionBench(ASKED).give({ is: "opened" }).bytes(ALIVE).bytes(DID).bytes(DID).give({ is: "pause" }).bytes(DID);
    bench.take();
    expect(said(bench.give({ is: "light", seconds: 60 }).bytes(LIT))).toEqual(["GOON,", "RATE,60"]);
    expect(said(bench.bytes(GOOD).give({ is: "light", seconds: 50 }).bytes(LIT))).toEqual(["discarded good no-request", "RATE,50"]);
    expect(said(bench.give({ is: "darken" }).bytes(DID).bytes(DID).bytes(DID))).toEqual(["IDLE,", "LAMP,0", "STAR,0", "PAUSE,"]);
    expect(bench.session.counters.pressed).toBe(0);
  });

  test("is lit for nobody's trial while a citizen rates, and afterwards tells of no request that is over", () => {
    const bench = lit(SPEAKING).wait(1000);
    bench.take();
    expect(said(bench.give({ is: "light", seconds: 60 }).give({ is: "darken" }))).toEqual([]);
    expect(said(bench.bytes(GOOD).give({ is: "stored", requestId: REQUEST_A }).wait(3100))).toContain("pressed a level 5 after 1000");
    expect(said(bench.give({ is: "light", seconds: 60 }).bytes(LIT))).toEqual(["RATE,60"]);
    // The press of a trial is not taken for the next citizen's: the guard interval begins with the case.
    bench.give({ is: "startRating", requestId: REQUEST_B, timeoutMs: 30_000 }).bytes(GOOD);
    expect(said(bench)).toEqual(["RATE,30", "discarded good guard"]);
  });
});
