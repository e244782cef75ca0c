import { loadProfiles } from "@window-rating/device-profiles";
import { CAPABILITIES, type Capability, type Message } from "@window-rating/protocol/pad";
import { describe, expect, test, vi } from "vitest";
import { MemoryPort } from "../ports/memory-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { WindowPc } from "../test/window-pc.ts";
import { FirmwareBench } from "./firmware-bench.ts";
import { PadLog } from "./pad-log.ts";

const pages = (bench: FirmwareBench): Message<"logLines">[] => bench.reports.filter((report) => report.type === "logLines");

/** All lines from that number on, asked page by page as a host does. */
const read = (bench: FirmwareBench, from = 0): { readonly from: number; readonly lines: readonly string[] } => {
  const lines: string[] = [];
  let first: number | undefined;
  for (let next = from; ; ) {
    bench.send({ type: "readLog", from: next });
    const page = pages(bench).at(-1);
    if (page === undefined || page.count === 0) return { from: first ?? 0, lines };
    first ??= page.from;
    expect(page.text.split("\n")).toHaveLength(page.count + 1);
    lines.push(...page.text.split("\n").slice(0, -1));
    next = page.from + page.count;
  }
};

describe("the log of a pad", () => {
  test("tells of the start, of sessions and of what the pad refused, in pages, with the time that the pad knows", () => {
    const bench = new FirmwareBench();
    bench.send({ type: "setTime", unixMs: Date.UTC(2026, 2, 2, 1, 30) });
    bench.send({ type: "notice", text: "通知", durationMs: 0 });
    const { from, lines } = read(bench);
    expect(from).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^\+0\.0s start 1, power, firmware 1\.0\.0$/),
      expect.stringMatching(/^\+\d\.\ds session ready, unpaired$/),
      expect.stringMatching(/^2026-03-02T01:30:0\dZ refused notice, unsupported$/),
    ]);
    expect(read(bench, 3).lines).toEqual(lines.slice(2));
    expect(read(bench, 99).lines).toEqual([]);
    expect(pages(bench).at(-1)).toEqual({ type: "logLines", from: 4, count: 0, text: "" });
  });

  test("has nothing of a citizen: no level, no key, no request, no case", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open();
    bench.press(4);
    expect(bench.ratings).toHaveLength(1);
    const before = read(bench).lines;
    bench.open();
    bench.pass(600_000);
    const after = read(bench).lines;
    expect(before).toHaveLength(2);
    expect(after.slice(0, 2)).toEqual(before);
    expect(after.join("\n")).not.toMatch(/rated|level|key \d|timedOut/);
    expect(after.join("\n")).not.toContain(requestId);
  });

  test("goes with the power, and no line of a store ever has the number of another", () => {
    const bench = new FirmwareBench();
    const before = read(bench);
    bench.powerCycle();
    bench.pass(5000);
    const after = read(bench);
    expect(after.lines[0]).toContain("start 2, power");
    expect(after.from).toBeGreaterThanOrEqual(before.from + before.lines.length);
  });

  test("is bounded: the oldest lines give way, a host that asks for them gets the oldest there are, and each page fits its message", () => {
    const log = new PadLog({}, { unixMs: () => 0 });
    log.kept({ is: "booted", bootCount: 1 }, 0);
    for (let at = 0; at < 1000; at++)
      log.kept({ is: "event", event: { type: "fault", eventNo: 1, code: 256, detail: "x".repeat(64) } }, at);
    const page = log.page(1);
    expect(page).toMatchObject({ from: 1001 - 127, count: 2 });
    for (let from = page.from; from < 1002; from++) expect(log.page(from).text.length).toBeLessThanOrEqual(200);
    expect(log.page(1001)).toMatchObject({ from: 1001, count: 1 });
    expect(log.page(2 ** 32 - 1)).toMatchObject({ from: 1002, count: 0, text: "" });
  });

  test("says no more when the numbers of a start are used up, or there are none left for a start", () => {
    const log = new PadLog({}, { unixMs: () => 0 });
    log.kept({ is: "booted", bootCount: 1 }, 0);
    for (let line = 0; line < 2 ** 16 + 10; line++) log.notKept(0);
    expect(log.page(2 ** 16)).toMatchObject({ from: 2 ** 16, count: 1 });
    expect(log.page(2 ** 16 + 1)).toMatchObject({ from: 2 ** 16 + 1, count: 0 });
    const worn = new PadLog({}, { unixMs: () => 0 });
    worn.kept({ is: "booted", bootCount: 2 ** 16 + 1 }, 0);
    expect(worn.page(0)).toMatchObject({ count: 0 });
  });
});

const PADS = loadProfiles().filter((profile) => profile.protocol === "window-rating/1");

test.each(PADS)(
  "the hello of the simulated $id says the capabilities that its profile says, and no others",
  async ({ id, capabilities }) => {
    const port = new MemoryPort();
    const pad = new SimulatedPad({ port, profileId: id });
    const pc = new WindowPc();
    port.host.listen({ bytes: (bytes) => pc.take(bytes) });
    pc.connect((bytes) => port.host.write(bytes));
    try {
      const hello = await vi.waitUntil(() => pc.hello);
      const told = (Object.keys(CAPABILITIES) as Capability[]).filter((name) => (hello.capabilities & CAPABILITIES[name]) !== 0);
      expect(told.sort()).toEqual([...capabilities].sort());
    } finally {
      pc.disconnect();
      await pad.close();
    }
  },
);
