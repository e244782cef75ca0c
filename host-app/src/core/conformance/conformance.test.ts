import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import {
  decodePayload,
  encodePayload,
  type Frame,
  FrameReader,
  FrameWriter,
  MESSAGES,
  type Message,
  messageName,
} from "@window-rating/protocol/pad";
import { describe, expect, test } from "vitest";
import { SeededBytes } from "../../../test/seeded-bytes.ts";
import { choosePort } from "../pads/choose-port.ts";
import type { Bench, Item, Outcome } from "./item.ts";
import type { Person, Skill } from "./person.ts";
import { Probe } from "./probe.ts";
import { ITEMS, makeSureItIsFree, tryItem } from "./run.ts";
import { titleOf } from "./titles.ts";

type KeyNo = Parameters<SimulatedPad["keyDown"]>[0];

/** Longer than any test: power that is cut stays cut until it is restored. */
const FOR_EVER_MS = 600_000;

const plugged = (pad: SimulatedPad): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (pad.face.connection === "unplugged") return;
      stop();
      resolve();
    };
    const stop = pad.onChange(look);
    look();
  });

/** Hands and eyes at a simulated pad. */
const robotAt = (pad: SimulatedPad): Person => ({
  can: new Set<Skill>(["keys", "brush", "cable", "power", "eyes", "pairing"]),
  press: (key) => pad.press(key as KeyNo),
  brush: (key) => pad.press(key as KeyNo, 8),
  down: async (key) => pad.keyDown(key as KeyNo),
  up: async (key) => pad.keyUp(key as KeyNo),
  pullCable: async () => pad.unplug(),
  async putCable() {
    pad.plug();
    await plugged(pad);
  },
  cutPower: async () => pad.powerCut(FOR_EVER_MS),
  async restorePower() {
    pad.powerCut(0);
    await pause(50);
  },
  holdPairingKey: () => pad.press(3, 5100),
  readCode: async () => (pad.face.pairing?.is === "code" ? pad.face.pairing.code : ""),
  sees: async () => new Set(pad.face.lamps.map((lamp) => JSON.stringify(lamp))).size === 1,
});

/** What a pad with a fault would have sent instead of a frame; undefined = nothing. */
type Mutation = (frame: Frame, message: Message | undefined) => Message | undefined | "as-it-is";

const mutated = (mutation: Mutation, give: (bytes: Uint8Array) => void): ((chunk: Uint8Array) => void) => {
  const writer = new FrameWriter(4096);
  const reader = new FrameReader(
    {
      frame(frame) {
        const decoded = decodePayload(frame.type, frame.payload);
        const instead = mutation(frame, decoded.is === "message" ? decoded.message : undefined);
        if (instead === undefined) return;
        if (instead === "as-it-is") give(writer.encode(frame, frame.payload));
        else give(writer.encode({ ...frame, type: MESSAGES[instead.type].id }, encodePayload(instead)));
      },
      fault: () => undefined,
    },
    4096,
  );
  return (chunk) => reader.push(chunk);
};

/** Files are for a pad that has room for them. */
const profileFor = ({ id }: Item): string => (Number.parseInt(id.slice(1), 10) >= 40 ? "generic/touchscreen" : "generic/five-button");

interface Trial {
  /** The pad's fault. */
  readonly mutation?: Mutation;
  /** What DTR and RTS do to the pad; without it the port has no such lines. */
  readonly onLines?: (pad: SimulatedPad) => void;
}

/** One item on a pad of its own. */
const tried = async (item: Item, { mutation, onLines }: Trial = {}): Promise<Outcome> => {
  const pad = new SimulatedPad({ port: await TcpPort.open(0), profileId: profileFor(item), random: new SeededBytes(item.id).next });
  const opener = choosePort(pad.path, "auto");
  const random = new SeededBytes(`host ${item.id}`).next;
  const probe = new Probe({
    async open(bytes) {
      const port = await opener({ bytes: mutation === undefined ? bytes : mutated(mutation, bytes), closed: () => undefined });
      if (onLines === undefined) return port;
      const toggleLines = async (): Promise<boolean> => {
        onLines(pad);
        return true;
      };
      return { write: (chunk) => port.write(chunk), close: () => port.close(), toggleLines };
    },
    random,
    now: () => performance.now(),
  });
  const reopen = async () => {
    await probe.close();
    await probe.open();
  };
  const bench: Bench = { probe, person: robotAt(pad), isLong: false, reopen };
  await probe.open();
  try {
    if (mutation === undefined) await makeSureItIsFree(bench);
    return await tryItem(item, bench);
  } finally {
    await probe.close();
    await pad.close();
  }
};

const itemOf = (id: string): Item => ITEMS.find((item) => item.id === id) as Item;

test("the checklist has the items of SPEC.md, in its words", () => {
  const spec = readFileSync(new URL(import.meta.resolve("@window-rating/protocol/SPEC.md")), "utf8");
  const rows = [...spec.matchAll(/^\| (C\d+) \| (.*) \|$/gm)].map(([, id, title]) => [id, title?.replace(/\[(.*?)\]\(.*?\)/g, "$1")]);
  expect(rows.map(([id]) => [id, titleOf(id as string)])).toEqual(rows);
  const tested = new Set(ITEMS.map(({ id }) => id.replace(/[a-z]$/, "")));
  expect(rows.filter(([id]) => !tested.has(id as string))).toEqual([]);
});

describe("the simulated pad conforms", () => {
  test.concurrent.each(ITEMS.map((item) => [item.id, titleOf(item.id), item] as const))("%s: %s", async (id, title, item) => {
    const outcome = await tried(item);
    if (id === "C30") expect(outcome).toMatchObject({ is: "left-out", why: "this port has no DTR and RTS" });
    else expect(outcome).toEqual({ id, title, is: "passed" });
  });
});

describe("a pad with a fault is found out", () => {
  let timedOuts = 0;
  const faults: readonly (readonly [string, string, string, Mutation])[] = [
    [
      "C2",
      "answers with another nonce",
      "another nonce",
      (_, m) => (m?.type === "helloAnswer" ? { ...m, nonce: new Uint8Array(8) } : "as-it-is"),
    ],
    ["C9", "answers no ping", "ping was not answered", (_, m) => (m?.type === "pong" ? undefined : "as-it-is")],
    ["C12", "gives level 3 for every key", "gave level 3", (_, m) => (m?.type === "rated" ? { ...m, level: 3 } : "as-it-is")],
    [
      "C14",
      "takes a time-out for a good rating",
      "no timedOut came",
      (_, m) => (m?.type === "timedOut" ? { ...m, type: "rated", level: 5, sinceOpenMs: 1, bootCount: 1 } : "as-it-is"),
    ],
    [
      "C19",
      "offers an event once only",
      "no timedOut came",
      (_, m) => (m?.type === "timedOut" && timedOuts++ > 0 ? undefined : "as-it-is"),
    ],
    ["C21", "gives every event the same number", "came after", (_, m) => (m?.type === "timedOut" ? { ...m, eventNo: 2 } : "as-it-is")],
    [
      "C33",
      "does not prove its key",
      "does not prove that it holds the key",
      (_, m) => (m?.type === "challengeAnswer" ? { ...m, proof: new Uint8Array(16) } : "as-it-is"),
    ],
    ["C1", "never knocks", "no knock came", (frame) => (messageName(frame.type) === "knock" ? undefined : "as-it-is")],
  ];
  test.concurrent.each(faults)("%s: a pad that %s", async (id, _, why, mutation) => {
    const outcome = await tried(itemOf(id), { mutation });
    expect(outcome).toMatchObject({ id, is: "failed", why: expect.stringContaining(why) });
  });
});

describe("DTR and RTS", () => {
  test("a pad that goes on when they change passes C30", async () => {
    expect(await tried(itemOf("C30"), { onLines: () => undefined })).toMatchObject({ id: "C30", is: "passed" });
  });

  test("a pad that starts anew when they change is found out", async () => {
    const outcome = await tried(itemOf("C30"), { onLines: (pad) => pad.powerCut(100) });
    expect(outcome).toMatchObject({ id: "C30", is: "failed", why: "it started anew when DTR and RTS changed" });
  });
});

test("a port at which nothing answers is told with a code, before any item is tried", async () => {
  const silence = { write: () => undefined, close: async () => undefined };
  const probe = new Probe({ open: async () => silence, random: new SeededBytes("silence").next, now: () => performance.now() });
  await probe.open();
  const person = {} as Person;
  await expect(makeSureItIsFree({ probe, person, isLong: false, reopen: async () => undefined })).rejects.toMatchObject({ code: "WR1021" });
  await probe.close();
});
