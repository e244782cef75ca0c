import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodePayload } from "./codec.ts";
import { type Frame, LARGEST_MAX_FRAME } from "./frame.ts";
import { HostSession } from "./host-session.ts";
import type { Message } from "./messages.ts";
import { type PadIdentity, PadSession } from "./pad-session.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { FrameCollector } from "./testing/frame-collector.ts";
import { wireForms } from "./testing/freeze.ts";
import { fromHex, type MessageJson, messageFromJson, messageToJson } from "./testing/message-json.ts";
import { randomOf, said } from "./testing/replay.ts";
import { makeVectors } from "./testing/vectors.ts";

// Protocol version 1 is frozen. Pads that were built by it hang on counters for ten years: whatever this code becomes, it must go on
// talking to them. These files were recorded when the version was frozen; a test that fails here is mended in the code, never in them.
const FOLDER = new URL("../../frozen/version-1/", import.meta.url);
const SHA_256: Readonly<Record<string, string>> = {
  "cobs.json": "96eabf16167b9677d3816101e3dff83ad24c6c84c9fe1e2c2a9b288a6fb7d5c4",
  "crc32c.json": "a80f9c370f5999aef644b9b6ec13f3f0ee9629d4e3840d4171e7e4cad15327e6",
  "frames.json": "eaa3f37268fff6c933a3f93f2e458d83e3a598598c58599a9abc5b1ae015314c",
  "messages.json": "7260e74f6e6e17fa2bcf1730b6e33d5adf1ee968c38773f40ebf4c203c799741",
  "pairing.json": "15ff92bf2a4666501f7a282e69a4b7896ceacd11a10087b7acc26cb6dc466d40",
  "sessions.json": "19b9cfe8ba5d39f1bb9ad79f439080618f04250dbdbba9cccfebae715021d54b",
  "transfer.json": "b8a175a00ff2bd4a24cf6eec88f35d0175c16e87025a6e484447e9cba2787d6b",
};

const read = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));

test("nobody has touched the recordings of version 1", () => {
  const sums = readdirSync(FOLDER)
    .sort()
    .map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(new URL(name, FOLDER)))
        .digest("hex"),
    ]);
  expect(Object.fromEntries(sums)).toEqual(SHA_256);
});

test.each(read("messages.json").messages as { name: string }[])("$name has the wire form of version 1", (frozen) => {
  expect(JSON.parse(JSON.stringify(wireForms())).find(({ name }: { name: string }) => name === frozen.name)).toEqual(frozen);
});

// What does not depend on time must come out the same to the last byte.
test.each(["crc32c.json", "cobs.json", "pairing.json", "transfer.json"])("%s comes out as it did", (name) => {
  expect(JSON.parse(makeVectors().get(name) ?? "null")).toEqual(read(name));
});

describe("frames of version 1", () => {
  const { good, unusable, bad } = read("frames.json") as {
    good: { name: string; wire: string; session: number; message: MessageJson }[];
    unusable: { name: string; wire: string; type: number; result: string }[];
    bad: { name: string; wire: string; fault: string }[];
  };

  test.each(good)("$name", ({ wire, session, message }) => {
    const { frames } = new FrameCollector(LARGEST_MAX_FRAME).push(fromHex(wire));
    expect(frames).toMatchObject([{ session }]);
    const frame = frames[0] as Frame;
    expect(decodePayload(frame.type, frame.payload)).toEqual({ is: "message", message: messageFromJson(message) });
  });

  test.each(unusable.filter(({ result }) => result === "malformed"))("$name is still malformed", ({ wire, type }) => {
    const { frames } = new FrameCollector().push(fromHex(wire));
    expect(decodePayload(type, (frames[0] as Frame).payload)).toMatchObject({ is: "malformed" });
  });

  test.each(bad.filter(({ fault }) => fault !== "bad-version"))("$name is still thrown away", ({ wire, fault }) => {
    expect(new FrameCollector().push(fromHex(wire)).faults).toEqual([fault]);
  });
});

describe("sessions of version 1", () => {
  type Side = "host" | "pad";
  interface Step {
    readonly at: number;
    readonly side: Side;
    readonly input: { readonly is: string; readonly bytes?: string; readonly message?: MessageJson };
    readonly effects: readonly { readonly is: string; readonly bytes?: string; readonly message?: MessageJson; readonly trust?: string }[];
  }
  const { sessions } = read("sessions.json") as {
    sessions: {
      name: string;
      key?: string;
      limits?: { maxFrame: number; window: number };
      random: Record<Side, string[]>;
      steps: Step[];
    }[];
  };

  /** Plays one side's inputs to today's code at the recorded times. */
  const play = (side: Side, { key: keyText, limits, random, steps }: (typeof sessions)[number]) => {
    const key = keyText === undefined ? undefined : fromHex(keyText);
    const source = randomOf(random[side]);
    let session: HostSession | PadSession | undefined;
    let bootCount = 0;
    const told: string[] = [];
    const written: Uint8Array[] = [];
    for (const { at, input } of steps.filter((step) => step.side === side)) {
      if (input.is === "opened") session = new HostSession({ ...limits, random: source, keysOf: () => (key === undefined ? [] : [key]) });
      if (input.is === "started") {
        const identity: PadIdentity = { ...TEST_PAD, bootCount: ++bootCount, paired: key !== undefined };
        session = new PadSession({ ...limits, random: source, key: () => key }, () => identity);
      }
      const given = {
        is: input.is,
        ...(input.bytes === undefined ? {} : { bytes: fromHex(input.bytes) }),
        ...(input.message === undefined ? {} : { message: messageFromJson(input.message) }),
      };
      for (const effect of session?.step(given as never, at) ?? []) {
        if (effect.is === "write") written.push(effect.bytes);
        if (effect.is === "ready") told.push(`ready ${effect.trust}`);
        if (effect.is === "command" || effect.is === "report") told.push(JSON.stringify(messageToJson(effect.message as Message)));
      }
    }
    return { told, said: said(written) };
  };

  const recorded = (side: Side, steps: readonly Step[]) => {
    const effects = steps.filter((step) => step.side === side).flatMap((step) => step.effects);
    const told = effects.flatMap(({ is, message, trust }) => {
      if (is === "ready") return [`ready ${trust}`];
      return is === "command" || is === "report" ? [JSON.stringify(message)] : [];
    });
    return { told, said: said(effects.flatMap(({ is, bytes }) => (is === "write" && bytes !== undefined ? [fromHex(bytes)] : []))) };
  };

  test.each(sessions)("$name: today's host understands the pad of then, and says to it what it said", (session) => {
    expect(play("host", session)).toEqual(recorded("host", session.steps));
  });

  test.each(sessions)("$name: today's pad understands the host of then, and says to it what it said", (session) => {
    expect(play("pad", session)).toEqual(recorded("pad", session.steps));
  });

  test("carry ratings, a loss of power, a lost acknowledgement, a paired session and a touchscreen", () => {
    const all = JSON.stringify(sessions);
    expect(sessions.length).toBeGreaterThanOrEqual(5);
    expect(all).toContain('"ready","trust":"paired"');
    expect(all.split('"type":"rated"').length).toBeGreaterThan(4);
    expect(all).toContain('"type":"touchRated"');
  });
});
