import type { DeskState } from "@window-rating/protocol/desk";

/** A window at which all is well, and nobody is served yet. For tests only. */
export const wellState: DeskState = {
  windowNo: "12",
  clerk: { staffNo: "1001", name: "张三样例" },
  clerks: [{ staffNo: "1001", name: "张三样例" }],
  signOutInMs: null,
  allows: { manualTrigger: true, ownTotals: false },
  openCase: null,
  pause: null,
  request: null,
  pad: { connection: "ready" },
  queue: { waiting: 0, oldestMs: null, setAside: 0, lastSyncMs: null },
};
