import { roundTripsOf } from "./round-trips.ts";
import type { HostStatus, PadStatus } from "./status-shape.ts";

const healthyPad = (): PadStatus => ({
  connection: "ready",
  model: "generic/five-button",
  serialNumber: "PAD-0001",
  firmware: "1.0.0",
  port: "/dev/ttyUSB0",
  secured: false,
  counters: {
    frames: 1200,
    faults: { "bad-checksum": 0 },
    sent: 300,
    delivered: 900,
    resent: 1,
    repeated: 0,
    early: 0,
    unusable: 0,
    stale: 0,
    sessions: 1,
  },
  roundTripMs: roundTripsOf([2, 3, 4, 18]),
  hasGivenUp: false,
  recovery: [],
});

/** A window PC with nothing to complain about, for tests. */
export const healthyStatus = (): HostStatus => ({
  windows: [{ windowNo: "12", pad: healthyPad() }],
  database: {
    path: "/var/lib/window-rating/window.db",
    sizeBytes: 1_234_567,
    schemaVersion: 1,
    synchronous: "FULL",
    journalMode: "wal",
    lastQuickCheck: { atMs: 1_760_000_000_000, ok: true },
    lastBackup: { atMs: 1_760_000_100_000, path: "/var/lib/window-rating/backups/1.db" },
    freeBytes: 20_000_000_000,
  },
  queue: { waiting: 0, oldestMs: null, setAside: 0, setAsideNewest: [], lastSyncMs: 1_760_000_190_000, nextTryMs: null },
  identity: { windowPcId: "5f0c7a52-1111-8222-8333-444455556666", enrolled: true },
  roster: {
    version: 12,
    clerks: 40,
    items: 210,
    reasonsVersion: "2020",
    siteVersion: 2,
    region: "linxia",
    lastAnswerMs: 1_760_000_190_000,
  },
  clock: { wallMs: 1_760_000_200_000, offsetMs: 40, bootId: "boot" },
  requests: { byState: { rated: 100, "timed-out": 20 } },
  ratings: { total: 100, unbound: 0 },
});
