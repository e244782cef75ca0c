import { describe, expect, test } from "vitest";
import { needsOf } from "./needs.ts";

type Health = Parameters<typeof needsOf>[0];

const NOW = 1_790_000_000_000;
const well = {
  windows: [{ windowNo: "12", pad: { connection: "ready" } }],
  queue: { waiting: 0, oldestMs: null, setAside: 0 },
  identity: { enrolled: true },
  database: { freeBytes: 50_000_000_000 },
  clock: { wallMs: NOW, offsetMs: 400 },
  centralUrl: "https://central.example/",
  newestBackupMs: NOW - 3_600_000,
};
const needs = (change: object): unknown[] =>
  needsOf({ ...well, ...change } as unknown as Health).map(({ tone, text, page }) => [tone, text, page]);

describe("What needs a hand", () => {
  test("is nothing where all is well", () => expect(needs({})).toEqual([]));

  test("begins with what keeps people from rating, and names the page that helps", () => {
    const lost = [{ windowNo: "12", pad: { connection: "failed", cause: "WR3001 x" } }];
    expect(
      needs({ windows: lost, queue: { waiting: 9, oldestMs: NOW, setAside: 2, cause: "WR6001 x" }, database: { freeBytes: 90_000_000 } }),
    ).toEqual([
      ["stop", "overview.needPad", "pads"],
      ["stop", "overview.needDisk", "database"],
      ["look", "overview.needQueue", "queue"],
      ["look", "overview.needAside", "queue"],
    ]);
  });

  test.each([
    ["no central", { centralUrl: null }, "overview.needCentral"],
    ["no enrolment", { identity: { enrolled: false } }, "overview.needEnrol"],
    ["an entry of an hour ago", { queue: { waiting: 1, oldestMs: NOW - 3_600_001, setAside: 0 } }, "overview.needQueue"],
    ["no backup", { newestBackupMs: null }, "overview.needBackup"],
    ["an old backup", { newestBackupMs: NOW - 86_400_001 }, "overview.needOldBackup"],
    ["a wrong clock", { clock: { wallMs: NOW, offsetMs: -61_000 } }, "overview.needClock"],
  ])("is %s", (_, change, text) => expect(needs(change)).toMatchObject([["look", text, expect.any(String)]]));
});
