import type { ClerkOnDuty, PadState } from "@window-rating/protocol/desk";
import { windowPcStatusSchema } from "@window-rating/protocol/sync";
import { expect, it } from "vitest";
import { TestClock } from "../../test/window-rig.ts";
import { PcStatus } from "./pc-status.ts";

const open = () => {
  const clock = new TestClock();
  const pad: { state: PadState } = { state: { connection: "ready", model: "generic/five-button", serialNumber: "SIM-1" } };
  const clerks: ClerkOnDuty[] = [];
  const status = new PcStatus({
    version: "0.1.0",
    clock,
    windows: [{ window: { windowNo: "3", clerksOnDuty: clerks }, line: pad }],
    queue: () => ({ waiting: 2, oldestMs: 5_000, setAside: 1, lastSyncMs: null }),
  });
  return { clock, pad, clerks, status };
};

it("tells of queue, pads and clerks in the words of the protocol", () => {
  const { clock, clerks, status } = open();
  clerks.push({ staffNo: "1001", name: "张三样例" }, { staffNo: "1002", name: "李四样例" });
  const told = status.read();
  expect(windowPcStatusSchema.parse(told)).toEqual(told);
  expect(told).toMatchObject({
    startedAtMs: clock.wallMs(),
    queue: { waiting: 2, oldestWaitingAtMs: clock.wallMs() - 5_000, setAside: 1 },
    windows: [
      {
        windowNo: "3",
        pad: { connection: "ready", model: "generic/five-button", serialNumber: "SIM-1", cause: null },
        clerks: [{ staffNo: "1002" }, { staffNo: "1001" }],
      },
    ],
  });
});

it("keeps since when a pad is what it is, and says why it is not ready", () => {
  const { clock, pad, status } = open();
  const readyMs = clock.wallMs();
  status.mark();
  clock.advance(60_000);
  expect(status.read().windows[0]?.pad.sinceMs).toBe(readyMs);
  pad.state = { connection: "failed", cause: "WR3002 No permission\nto open /dev/ttyUSB0" };
  status.mark();
  clock.advance(1_000);
  expect(status.read().windows[0]?.pad).toMatchObject({
    connection: "failed",
    sinceMs: readyMs + 60_000,
    model: null,
    cause: "WR3002 No permission to open /dev/ttyUSB0",
  });
});

it("has another mark when a pad or a clerk came or went, and the same one otherwise", () => {
  const { clock, pad, clerks, status } = open();
  const marks = [status.mark()];
  clock.advance(1_000);
  expect(status.mark()).toBe(marks[0]);
  pad.state = { connection: "absent" };
  marks.push(status.mark());
  clerks.push({ staffNo: "1001", name: "张三样例" });
  marks.push(status.mark());
  expect(new Set(marks).size).toBe(3);
});
