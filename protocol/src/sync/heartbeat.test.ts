import { describe, expect, it } from "vitest";
import { heartbeatAnswerSchema, heartbeatRequestSchema } from "./index.ts";

const windowPcId = "0195a1b2-0000-8000-8000-0000000000ff";
const pad = { connection: "ready", model: "generic/five-button", serialNumber: "SIM-0001", cause: null, sinceMs: 1_772_413_100_000 };
const status = {
  version: "0.1.0",
  startedAtMs: 1_772_413_000_000,
  queue: { waiting: 2, oldestWaitingAtMs: 1_772_413_190_000, setAside: 0 },
  windows: [{ windowNo: "3", pad, clerks: [{ staffNo: "1001", clerkName: "张三样例" }] }],
};
const heartbeat = { windowPcId, sentAtMs: 1_772_413_200_000, status };

describe("a heartbeat", () => {
  it("is read as it was sent", () => {
    expect(heartbeatRequestSchema.parse(heartbeat)).toEqual(heartbeat);
  });

  it("of a later version is read without what is new in it", () => {
    const later = {
      ...heartbeat,
      mood: "good",
      status: { ...status, disk: { freeBytes: 1 }, windows: [{ ...status.windows[0], pad: { ...pad, connection: "asleep", paper: 3 } }] },
    };
    const read = heartbeatRequestSchema.parse(later);
    expect(read.status.windows[0]?.pad).toEqual({ ...pad, connection: "unknown" });
    expect([Object.keys(read), Object.keys(read.status)]).toEqual([Object.keys(heartbeat), Object.keys(status)]);
  });

  it("that tells nothing of a pad's make is read all the same", () => {
    const bare = { ...heartbeat, status: { ...status, windows: [{ windowNo: "3", pad: { connection: "absent" }, clerks: [] }] } };
    expect(heartbeatRequestSchema.parse(bare).status.windows[0]?.pad).toEqual({
      connection: "absent",
      model: null,
      serialNumber: null,
      cause: null,
      sinceMs: null,
    });
  });

  it.each([
    ["another id than that of a PC", { ...heartbeat, windowPcId: "3" }],
    ["no time", { ...heartbeat, sentAtMs: undefined }],
    ["a count below nothing", { ...heartbeat, status: { ...status, queue: { ...status.queue, waiting: -1 } } }],
    ["more windows than a PC has", { ...heartbeat, status: { ...status, windows: new Array(2001).fill(status.windows[0]) } }],
    ["control characters", { ...heartbeat, status: { ...status, version: "0.1\u0000" } }],
  ])("with %s is refused", (_, wrong) => {
    expect(heartbeatRequestSchema.safeParse(wrong).success).toBe(false);
  });

  it("is answered with central's time, whatever else later versions say", () => {
    expect(heartbeatAnswerSchema.parse({ centralTimeMs: 1, motto: "later" })).toEqual({ centralTimeMs: 1 });
  });
});
