import { readFileSync } from "node:fs";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SeededBytes } from "../../../test/seeded-bytes.ts";
import { conformanceCommand } from "../commands/conformance-command.ts";
import type { Item } from "./item.ts";
import type { Person } from "./person.ts";
import { Probe } from "./probe.ts";
import { ITEMS, makeSureItIsFree } from "./run.ts";
import { slowRobotAt } from "./test/robot.ts";
import { type Change, tried, triedInTurn } from "./test/trial.ts";
import { titleOf } from "./titles.ts";

const BUTTONS = "generic/five-button";
const GLASS = "generic/touchscreen";
const itemOf = (id: string): Item => ITEMS.find((item) => item.id === id) as Item;

test("the checklist has the items of SPEC.md, in its words", () => {
  const spec = readFileSync(new URL(import.meta.resolve("@window-rating/protocol/SPEC.md")), "utf8");
  const rows = [...spec.matchAll(/^\| (C\d+) \| (.*) \|$/gm)].map(([, id, title]) => [id, title?.replace(/\[(.*?)\]\(.*?\)/g, "$1")]);
  expect(rows.map(([id]) => [id, titleOf(id as string)])).toEqual(rows);
  const tested = new Set(ITEMS.map(({ id }) => id.replace(/[a-z]$/, "")));
  expect(rows.filter(([id]) => !tested.has(id as string))).toEqual([]);
});

describe("in a time of its own", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
  afterEach(() => void vi.useRealTimers());

  const noLines = { C30: "this port has no DTR and RTS" };
  const lacking = (capability: string, ...ids: string[]) => Object.fromEntries(ids.map((id) => [id, `the pad has no ${capability}`]));
  const leftOut: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    [BUTTONS]: {
      ...noLines,
      ...lacking("assets", "C40", "C41", "C42", "C43"),
      ...lacking("firmwareUpdate", "C44", "C45", "C58", "C59"),
      ...lacking("screen", "C46"),
      ...lacking("touch", "C47", "C48", "C49", "C50", "C51", "C52", "C53", "C54"),
      C56: "its window is 1",
    },
    [GLASS]: {
      ...noLines,
      C13: "no hand touches a key for 8 ms: only the simulated pad is tried",
      C22: "its store holds 1024 events; filling it takes as many seconds",
      C55: "the pad has touch",
      C57k: "its fields are on a screen: C57 tries them as far",
    },
  };
  /** Glass has no key that sticks. */
  const isOf = (profileId: string, { id }: Item): boolean => profileId === BUTTONS || id !== "C23";

  describe.each([BUTTONS, GLASS])("the simulated pad %s conforms", (profileId) => {
    const items = ITEMS.filter((item) => isOf(profileId, item));
    test.each(items.map((item) => [item.id, titleOf(item.id), item] as const))("%s: %s", async (id, title, item) => {
      const why = leftOut[profileId]?.[id];
      expect(await tried(item, { profileId })).toEqual(
        why === undefined ? { id, title, is: "passed" } : { id, title, is: "left-out", why },
      );
    });
  });

  test.each([BUTTONS, GLASS])("%s conforms when all items are tried on one pad in turn, as on the desk of a maker", async (profileId) => {
    const outcomes = await triedInTurn(
      ITEMS.filter((item) => isOf(profileId, item)),
      { profileId },
    );
    expect(outcomes.filter(({ is }) => is === "failed")).toEqual([]);
  });

  test("what an item that failed has left on the pad fails none of those behind it", async () => {
    let presses = 0;
    // Its first press is offered too late for C16r, which gives up before it is stored.
    const says: Change = (frame, message) => (message?.type === "rated" && presses++ < 12 ? undefined : frame);
    const outcomes = await triedInTurn(["C16r", "C14", "C17", "C20"].map(itemOf), { profileId: BUTTONS, fault: { says } });
    expect(outcomes.map(({ is }) => is)).toEqual(["failed", "passed", "passed", "passed"]);
  });

  describe("somebody who takes 2 s for each press", () => {
    test.each(["C12", "C15r", "C16r"])("passes %s with a good pad", async (id) => {
      expect(await tried(itemOf(id), { profileId: BUTTONS, person: (pad) => slowRobotAt(pad, 2000) })).toMatchObject({ id, is: "passed" });
    });
  });

  describe("DTR and RTS", () => {
    test("a pad that goes on when they change passes C30", async () => {
      expect(await tried(itemOf("C30"), { profileId: BUTTONS, onLines: () => undefined })).toMatchObject({ id: "C30", is: "passed" });
    });

    test("a pad that starts anew when they change is found out", async () => {
      const outcome = await tried(itemOf("C30"), { profileId: BUTTONS, onLines: (pad) => pad.powerCut(100) });
      expect(outcome).toMatchObject({ id: "C30", is: "failed", why: "it started anew when DTR and RTS changed" });
    });
  });
});

describe("in real time", () => {
  test("window-host conformance tries a pad behind TCP, and says what it left out and why", async () => {
    const pad = new SimulatedPad({ port: await TcpPort.open(0), profileId: GLASS, random: new SeededBytes("command").next });
    const printed: string[] = [];
    const flags = ["--port", pad.path, "--unattended", "--only", "C2,C12,C46,C56,C59", "--json"];
    const code = await conformanceCommand(flags, { print: (line: string) => printed.push(line) } as never);
    await pad.close();
    expect(JSON.parse(printed.join("\n"))).toMatchObject({
      ...{ passed: 3, failed: 0, leftOut: 2 },
      items: [
        { id: "C2", is: "passed" },
        { id: "C12", is: "left-out", why: "needs somebody at the pad (keys)" },
        { id: "C46", is: "passed" },
        { id: "C56", is: "passed" },
        { id: "C59", is: "left-out", why: expect.stringContaining("--image") },
      ],
    });
    expect(code).toBe(0);
  });

  test("a port at which nothing answers is told with a code, before any item is tried", async () => {
    const silence = { write: () => undefined, close: async () => undefined };
    const probe = new Probe({ open: async () => silence, random: new SeededBytes("silence").next, now: () => performance.now() });
    await probe.open();
    const person = {} as Person;
    const bench = { probe, person, isLong: false, tell: () => undefined, reopen: async () => undefined };
    await expect(makeSureItIsFree(bench)).rejects.toMatchObject({ code: "WR1021" });
    await probe.close();
  });
});
