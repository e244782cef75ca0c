import { CAPABILITIES, keyIdOf } from "@window-rating/protocol/pad";
import { describe, expect, test } from "vitest";
import type { KeyNo } from "../face.ts";
import { CODE_CYCLE_MS } from "./code-lamps.ts";
import { FirmwareBench } from "./firmware-bench.ts";

const KEY = new Uint8Array(32).fill(9);

/** What is lit now, as a person writes it down: the keys' numbers, or "" for none. */
const lit = (bench: FirmwareBench): string => bench.show.lamps.map((lamp, index) => (lamp === "off" ? "" : index + 1)).join("");

/** Reads the code from the lamps alone, as a person does who knows that it begins after all five were lit. */
const readLamps = (bench: FirmwareBench): string => {
  const seen: string[] = [];
  for (let ms = 0; ms < 2 * CODE_CYCLE_MS + 1000; ms += 100) {
    const now = lit(bench);
    if (now !== seen.at(-1)) seen.push(now);
    bench.pass(100);
  }
  const text = seen.filter((lamps) => lamps !== "").join(" ");
  return /12345 ([1-5](?: [1-5]){7}) 12345/.exec(text)?.[1]?.replaceAll(" ", "") ?? text;
};

const paired = () => new FirmwareBench({ key: KEY });

describe("a person who holds key 3 for 5 s", () => {
  test("makes an offer that nobody sees until the host takes it", () => {
    const bench = new FirmwareBench();
    bench.holdPairingKey();
    expect(bench.reports.at(-1)?.type).toBe("pairingOffer");
    expect(bench.show).toMatchObject({ phase: "idle", pairing: { is: "nothing" } });
    bench.atHost({ is: "asked" });
    expect(bench.pairings).toEqual(["ask"]);
    expect(bench.show).toMatchObject({ phase: "pairing", pairing: { is: "code" } });
    expect(bench.statuses.at(-1)?.phase).toBe("pairing");
  });

  test.each([
    ["a little less", (bench: FirmwareBench) => bench.press(3, 4990)],
    ["so long that the key is stuck", (bench: FirmwareBench) => bench.press(3, 10_100)],
    [
      "with another finger on the pad",
      (bench: FirmwareBench) => {
        bench.key("keyDown", 5);
        bench.press(3, 6000);
        bench.key("keyUp", 5);
      },
    ],
    [
      "and another key beside it",
      (bench: FirmwareBench) => {
        bench.key("keyDown", 3);
        bench.pass(2000);
        bench.press(1);
        bench.pass(4000);
        bench.key("keyUp", 3);
      },
    ],
    [
      "while a rating is asked for",
      (bench: FirmwareBench) => {
        bench.open(undefined, { timeoutMs: 60_000 });
        bench.press(3, 6000);
      },
    ],
    [
      "and is asked for a rating meanwhile",
      (bench: FirmwareBench) => {
        bench.key("keyDown", 3);
        bench.pass(3000);
        bench.cancel(bench.open());
        bench.pass(3000);
        bench.key("keyUp", 3);
      },
    ],
  ])("%s, makes none", (_, hold) => {
    const bench = new FirmwareBench();
    hold(bench);
    expect(bench.reports.map(({ type }) => type)).not.toContain("pairingOffer");
  });

  test.each([1, 2, 4, 5] as const)("but it is key %i, makes none", (key: KeyNo) => {
    const bench = new FirmwareBench();
    bench.press(key, 6000);
    expect(bench.reports.map(({ type }) => type)).not.toContain("pairingOffer");
  });
});

describe("the lamps", () => {
  test("blink the code: all five, then one for each digit, again and again", () => {
    const bench = new FirmwareBench();
    bench.atHost({ is: "asked" });
    bench.holdPairingKey();
    const { pairing } = bench.show;
    const code = readLamps(bench);
    expect(code).toMatch(/^[1-5]{8}$/);
    expect(pairing).toEqual({ is: "code", code });
    bench.atHost({ is: "typed", code });
    expect(bench.pairings).toEqual(["invite", "ask", "press"]);
  });

  test("ask for a press of key 3 by lighting it alone, and go out when it is over", () => {
    const bench = new FirmwareBench();
    bench.atHost({ is: "asked" });
    bench.holdPairingKey();
    const { pairing } = bench.show;
    bench.atHost({ is: "typed", code: pairing.is === "code" ? pairing.code : "" });
    expect([lit(bench), bench.show.pairing.is]).toEqual(["3", "press"]);
    bench.press(1);
    expect(bench.show.pairing.is).toBe("press");
    bench.press(3);
    expect([lit(bench), bench.show.phase]).toEqual(["", "idle"]);
  });
});

describe("pairing", () => {
  test("says in hello that the pad has it, and whether it holds a key", () => {
    const bench = new FirmwareBench();
    expect(bench.identity).toMatchObject({ paired: false });
    expect((bench.identity?.capabilities ?? 0) & CAPABILITIES.pairing).not.toBe(0);
    bench.pair();
    expect(bench.pairings.at(-1)).toBe("paired");
    expect(bench.identity).toMatchObject({ paired: true });
    expect(bench.trust).toBe("paired");
    expect(bench.keys).toEqual({ confirmed: bench.store.contents.pairingKey });
  });

  test("lives through a loss of power", () => {
    const bench = new FirmwareBench();
    bench.pair();
    bench.powerCycle();
    bench.pass(2000);
    expect(bench.trust).toBe("paired");
  });

  test("refuses a rating while something of it is shown, and takes it afterwards", () => {
    const bench = new FirmwareBench();
    bench.atHost({ is: "asked" });
    bench.holdPairingKey();
    bench.open();
    expect(bench.refusals).toEqual(["notReady"]);
    expect(bench.show.phase).toBe("pairing");
    bench.atHost({ is: "cancelled" });
    expect(bench.statuses.at(-1)?.phase).toBe("idle");
    bench.open();
    expect(bench.show.phase).toBe("inviting");
  });

  test("gives way to a rating while nobody has taken the offer", () => {
    const bench = new FirmwareBench();
    bench.holdPairingKey();
    bench.open();
    expect(bench.show.phase).toBe("inviting");
    expect(bench.reports.at(-2)).toEqual({ type: "pairingEnded", cause: "cancelled" });
    bench.atHost({ is: "asked" });
    expect(bench.pairings).toEqual(["invite"]);
  });

  test("ends by itself after 120 s", () => {
    const bench = new FirmwareBench();
    bench.atHost({ is: "asked" });
    bench.holdPairingKey();
    bench.pass(120_000);
    expect(bench.show).toMatchObject({ phase: "idle", pairing: { is: "nothing" } });
    expect(bench.pairings.at(-1)).toBe("timeout");
  });

  test("takes the place of an older key, over a secured session", () => {
    const bench = paired();
    expect(bench.trust).toBe("paired");
    bench.pair();
    expect(bench.trust).toBe("paired");
    expect(bench.store.contents.pairingKey).not.toEqual(KEY);
  });

  test("does nothing without a session", () => {
    const bench = new FirmwareBench();
    bench.isPlugged = false;
    bench.pass(5000);
    bench.holdPairingKey();
    bench.isPlugged = true;
    bench.pass(5000);
    expect(bench.reports.map(({ type }) => type)).not.toContain("pairingOffer");
  });
});

describe("a paired pad", () => {
  test("offers its events in a paired session only, and takes no rating request of a host without its key", () => {
    const bench = paired();
    bench.storesEvents = false;
    bench.open();
    bench.press(4);
    expect(bench.ratings).toHaveLength(1);
    bench.keys = {};
    bench.hostCalls();
    bench.reports.length = 0;
    bench.open();
    bench.pass(10_000);
    expect(bench.trust).toBe("key-missing-here");
    expect(bench.reports).toEqual([]);
    expect(bench.show.phase).toBe("idle");
    bench.storesEvents = true;
    bench.pair();
    bench.pass(3000);
    expect(bench.trust).toBe("paired");
    expect(bench.ratings).toHaveLength(1);
    expect(bench.show.pendingEvents).toBe(0);
  });

  test("erases its key when it is unpaired, and its events stay", () => {
    const bench = paired();
    bench.pair();
    const key = bench.store.contents.pairingKey as Uint8Array;
    bench.storesEvents = false;
    bench.open();
    bench.press(2);
    bench.send({ type: "unpair", keyId: keyIdOf(KEY) });
    bench.pass(3000);
    expect(bench.trust).toBe("paired");
    bench.send({ type: "unpair", keyId: keyIdOf(key) });
    bench.pass(3000);
    expect(bench.trust).toBe("key-missing-there");
    expect(bench.identity?.paired).toBe(false);
    expect(bench.store.contents.pairingKey).toBeUndefined();
    expect(bench.store.contents.pending.map(({ type }) => type)).toContain("rated");
  });
});
