import { describe, expect, test } from "vitest";
import { FirmwareBench, requestsOf } from "./firmware-bench.ts";
import { PROMPTS } from "./prompts.ts";

const all = (lamp: string): string[] => [lamp, lamp, lamp, lamp, lamp];

describe("a rating", () => {
  test("lights five equal lamps and speaks the prompt; nothing is chosen before a key is pressed (I10)", () => {
    const bench = new FirmwareBench();
    expect(bench.show.lamps).toEqual(all("off"));
    const requestId = bench.open();
    expect(bench.show).toMatchObject({ lamps: all("invite"), phase: "inviting", requestId, remainingMs: 10_000 });
    expect(bench.show.spoken).toEqual({ ...PROMPTS.invite, at: bench.now });
    expect(bench.show.labels).toEqual(["非常不满意", "不满意", "基本满意", "满意", "非常满意"]);
  });

  test("goes from press to chosen, thanks and rest, and reaches the host with its request (I3)", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open();
    bench.pass(800);
    bench.press(4, 100);
    expect(bench.show.lamps).toEqual(["off", "off", "off", "chosen", "off"]);
    expect(bench.ratings).toMatchObject([{ level: 4, sinceOpenMs: 800, unixMs: 0, bootCount: 1 }]);
    expect(requestsOf(bench.ratings)).toEqual([requestId]);
    bench.pass(600);
    expect(bench.show).toMatchObject({ lamps: all("thanks"), phase: "thanks", spoken: { zh: "谢谢" } });
    bench.pass(2000);
    expect(bench.show).toMatchObject({ lamps: all("off"), phase: "idle", requestId: null, pendingEvents: 0 });
    expect(bench.statuses.map((status) => status.phase)).toEqual(["idle", "inviting", "chosen", "thanks", "idle"]);
  });

  test("takes the first key only, whatever is pressed after it or with it", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.key("keyDown", 2);
    bench.pass(1);
    bench.key("keyDown", 5);
    bench.pass(100);
    bench.key("keyUp", 2);
    bench.press(1);
    bench.pass(5000);
    expect(bench.ratings.map((rating) => rating.level)).toEqual([2]);
  });

  test("is in the store before anything of it is shown or sent (I2)", () => {
    const bench = new FirmwareBench();
    bench.open();
    const before = bench.effects.length;
    bench.press(5);
    const [first, second] = bench.effects.slice(before).filter((effect) => effect.is !== "face");
    expect(first).toMatchObject({ is: "store", change: { is: "event", event: { type: "rated", level: 5 } } });
    expect(second?.is).toBe("write");
    expect(bench.phases).toEqual(["idle", "inviting", "chosen"]);
  });

  test("carries the time of the press when the clock was set", () => {
    const bench = new FirmwareBench();
    bench.send({ type: "setTime", unixMs: 1_760_000_000_000 });
    bench.open();
    bench.pass(2500);
    bench.press(1);
    expect(bench.ratings[0]?.unixMs).toBe(1_760_000_002_500);
  });

  test("does not take a key that was down before the lamps lit", () => {
    const bench = new FirmwareBench();
    bench.key("keyDown", 5);
    bench.pass(10);
    bench.open();
    bench.pass(500);
    bench.key("keyUp", 5);
    expect(bench.ratings).toEqual([]);
    bench.press(5);
    expect(bench.ratings).toHaveLength(1);
  });

  test("shows the words of the request, and the pad's own where it gives none", () => {
    const bench = new FirmwareBench();
    bench.open(bench.newRequest(), { labels: ["很差", "", "一般"], voice: 0 });
    expect(bench.show.labels).toEqual(["很差", "不满意", "一般", "满意", "非常满意"]);
    expect(bench.show.spoken).toBeNull();
  });

  test("with a prompt that the pad does not know is shown in silence", () => {
    const bench = new FirmwareBench();
    bench.open(bench.newRequest(), { voice: 999 });
    expect(bench.show).toMatchObject({ phase: "inviting", spoken: null });
  });
});

describe("a time-out", () => {
  test("is an event and not a rating (I10)", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.pass(9999);
    expect(bench.show.phase).toBe("inviting");
    bench.pass(1);
    expect(bench.show).toMatchObject({ phase: "idle", lamps: all("off") });
    expect(bench.events.map((event) => event.type)).toEqual(["booted", "timedOut"]);
    bench.press(5);
    expect(bench.ratings).toEqual([]);
  });

  test("waits for a finger that came in time", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.pass(9990);
    bench.press(3);
    expect(bench.events.map((event) => event.type)).toEqual(["booted", "rated"]);
  });

  test("does not wait for a finger that came too late", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.pass(10_000);
    bench.press(3);
    expect(bench.events.map((event) => event.type)).toEqual(["booted", "timedOut"]);
  });

  test("lets the same request be asked again", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open();
    bench.pass(10_000);
    bench.open(requestId);
    bench.press(2);
    expect(requestsOf(bench.ratings)).toEqual([requestId]);
  });
});

describe("open rating", () => {
  test("for the request that is shown goes on and does not restart the time", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open();
    bench.pass(6000);
    bench.open(requestId, { timeoutMs: 60_000, voice: 1 });
    expect(bench.show).toMatchObject({ remainingMs: 4000, spoken: { id: PROMPTS.invite.id } });
  });

  test("for another request replaces the one shown, and a late press belongs to the new one (I3)", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.pass(1000);
    const second = bench.open();
    bench.press(4);
    expect(requestsOf(bench.ratings)).toEqual([second]);
  });

  test("never shows a request again that was rated since power came on (I4)", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open();
    bench.press(4);
    for (const wait of [0, 1000, 5000]) {
      bench.pass(wait);
      bench.open(requestId);
      expect(bench.show.phase).not.toBe("inviting");
    }
    expect(bench.refusals).toEqual([]);
  });

  test("never shows a request again whose rating is kept from before a loss of power (I4)", () => {
    const bench = new FirmwareBench();
    bench.storesEvents = false;
    const requestId = bench.open();
    bench.press(4);
    bench.powerCycle();
    bench.open(requestId);
    expect(bench.show.phase).toBe("idle");
  });

  test("while thanks are shown lights the lamps for the next citizen at once", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.press(4);
    bench.pass(700);
    const second = bench.open();
    expect(bench.show).toMatchObject({ phase: "inviting", requestId: second });
  });
});

describe("cancel and idle", () => {
  test("end the request that is shown without a rating", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open();
    bench.cancel(requestId);
    expect(bench.show.phase).toBe("idle");
    bench.open();
    bench.send({ type: "idle" });
    expect(bench.show.phase).toBe("idle");
    bench.press(5);
    expect(bench.events.map((event) => event.type)).toEqual(["booted"]);
  });

  test("of another request changes nothing", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.cancel(bench.newRequest());
    expect(bench.show.phase).toBe("inviting");
  });

  test("after the press do not undo it", () => {
    const bench = new FirmwareBench();
    bench.storesEvents = false;
    const cancelled = bench.open();
    bench.press(1);
    bench.cancel(cancelled);
    expect(bench.show.phase).toBe("chosen");
    bench.send({ type: "idle" });
    expect(bench.show).toMatchObject({ phase: "idle", pendingEvents: 1 });
  });
});

describe("settings", () => {
  test("change debounce, thanks and volume until power goes", () => {
    const bench = new FirmwareBench();
    bench.send({ type: "configure", debounceMs: 200, volume: 0, brightness: 50, thanksMs: 0, language: "zh-CN" });
    bench.open();
    expect(bench.show.spoken).toBeNull();
    bench.press(2, 199);
    expect(bench.ratings).toEqual([]);
    bench.press(2, 200);
    expect(bench.ratings).toHaveLength(1);
    bench.pass(600);
    expect(bench.show.phase).toBe("idle");
    bench.powerCycle();
    bench.pass(0);
    bench.open();
    bench.press(2, 31);
    expect(bench.ratings).toHaveLength(2);
    expect(bench.show.spoken).not.toBeNull();
  });
});

describe("identify", () => {
  test("blinks for its time, or until it is ended, while the rating goes on", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.send({ type: "identify", durationMs: 3000 });
    expect(bench.show).toMatchObject({ lamps: all("blink"), phase: "inviting" });
    bench.pass(2999);
    expect(bench.show.lamps).toEqual(all("blink"));
    bench.pass(1);
    expect(bench.show.lamps).toEqual(all("invite"));
    bench.send({ type: "identify", durationMs: 3000 });
    bench.press(3);
    expect(bench.ratings).toHaveLength(1);
    bench.send({ type: "identify", durationMs: 0 });
    expect(bench.show.lamps).toEqual(["off", "off", "chosen", "off", "off"]);
  });
});

describe("a key that was down before the lamps lit", () => {
  test("chooses nothing, even if the finger came in the same millisecond, and counts when it comes anew", () => {
    const bench = new FirmwareBench();
    bench.key("keyDown", 1);
    bench.open();
    bench.pass(1000);
    expect(bench.ratings).toEqual([]);
    bench.key("keyUp", 1);
    bench.press(1);
    expect(bench.ratings).toHaveLength(1);
  });
});

describe("a stuck key", () => {
  test("is an event, a fault in the status and a reason to refuse, until it is let go", () => {
    const bench = new FirmwareBench();
    bench.key("keyDown", 3);
    bench.pass(10_000);
    expect(bench.events.at(-1)).toMatchObject({ type: "keyStuck", key: 3 });
    expect(bench.statuses.at(-1)).toMatchObject({ faults: 4, keysDown: 4 });
    bench.open();
    expect(bench.refusals).toEqual(["keyStuck"]);
    bench.key("keyUp", 3);
    expect(bench.statuses.at(-1)).toMatchObject({ faults: 0, keysDown: 0 });
    bench.open();
    bench.press(3);
    expect(bench.ratings).toHaveLength(1);
    expect(bench.events.filter((event) => event.type === "keyStuck")).toHaveLength(1);
  });
});

describe("status", () => {
  test("is sent after ready, when asked and on every change, and no more", () => {
    const bench = new FirmwareBench();
    expect(bench.statuses).toHaveLength(1);
    bench.pass(5000);
    expect(bench.statuses).toHaveLength(1);
    bench.send({ type: "askStatus" });
    expect(bench.statuses).toHaveLength(2);
    bench.open();
    expect(bench.statuses.at(-1)?.phase).toBe("inviting");
    expect(bench.statuses.at(-1)?.uptimeMs).toBe(5000);
  });
});
