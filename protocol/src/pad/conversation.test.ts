import { describe, expect, test } from "vitest";
import { Conversation } from "./testing/conversation.ts";
import { LossyWire } from "./testing/lossy-wire.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

describe("on a wire that is good but for one thing", () => {
  const good = () => {
    const random = new SeededRandom(42);
    const toPad = new LossyWire(random);
    const toHost = new LossyWire(random);
    const heard: string[] = [];
    const conversation = new Conversation({
      toPad,
      toHost,
      hostOptions: { random: random.bytes },
      padOptions: { random: random.bytes },
      onHost: ({ is }) => heard.push(`host ${is}`),
      onPad: ({ is }) => heard.push(`pad ${is}`),
    });
    const becomeReady = (within: number) => expect(conversation.run(() => conversation.areReady, within)).toBe(true);
    return { conversation, toPad, toHost, heard, becomeReady };
  };

  test("two that start together are ready after three round trips, and a knock that is under way meanwhile disturbs nothing", () => {
    const { conversation, heard, becomeReady } = good();
    conversation.startPad();
    conversation.openHost();
    becomeReady(30);
    conversation.run(() => false, 10_000);
    expect(heard.filter((what) => / (ready|lost)$/.test(what))).toEqual(["host ready", "pad ready"]);
  });

  test.each(["toPad", "toHost"] as const)("what is lost %s while they start costs one repeat", (way) => {
    const { conversation, [way]: wire, becomeReady } = good();
    wire.faults = { drop: 1 };
    conversation.startPad();
    conversation.openHost();
    conversation.run(() => false, 100);
    wire.faults = {};
    becomeReady(500);
  });

  test("a pad that starts long after the host is ready as soon as it knocks", () => {
    const { conversation, becomeReady } = good();
    conversation.openHost();
    conversation.run(() => false, 60_150);
    conversation.startPad();
    becomeReady(100);
  });

  test("a host that is replaced without a word is followed by a new session at once", () => {
    const { conversation, heard, becomeReady } = good();
    conversation.startPad();
    conversation.openHost();
    becomeReady(100);
    conversation.openHost();
    becomeReady(100);
    expect(heard).toContain("pad lost");
  });

  test("a pad that lost its power is followed by a new session at once", () => {
    const { conversation, heard, becomeReady } = good();
    conversation.startPad();
    conversation.openHost();
    becomeReady(100);
    conversation.startPad();
    becomeReady(100);
    expect(heard).toContain("host lost");
  });

  test("a pulled plug is noticed at both ends within 3 s, and a plug put back is used within 1.5 s", () => {
    const { conversation, toPad, toHost, heard, becomeReady } = good();
    conversation.startPad();
    conversation.openHost();
    becomeReady(100);
    toPad.faults = { drop: 1 };
    toHost.faults = { drop: 1 };
    conversation.run(() => heard.includes("host lost") && heard.includes("pad lost"), 3000);
    expect(heard).toEqual(expect.arrayContaining(["host lost", "pad lost"]));
    conversation.run(() => false, 20_000);
    toPad.faults = {};
    toHost.faults = {};
    becomeReady(1500);
  });
});
