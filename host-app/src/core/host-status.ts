import { statSync } from "node:fs";
import type { Clock } from "./clock.ts";
import { roundTripsOf } from "./commands/round-trips.ts";
import type { HostStatus, PadStatus } from "./commands/status-shape.ts";
import type { Identity } from "./identity/identity.ts";
import { KeypadLine } from "./pads/keypad-line.ts";
import type { PadLine } from "./pads/pad-line.ts";
import type { Roster } from "./roster/roster.ts";
import type { Ballast } from "./store/ballast.ts";
import type { Sqlite } from "./store/database.ts";
import type { RequestBook } from "./store/request-book.ts";
import type { Outbox } from "./sync/outbox.ts";
import type { Sender } from "./sync/sender.ts";
import type { WindowUnit } from "./window-unit.ts";

/** Names of SQLite's numbers for `synchronous`. */
const SYNCHRONOUS = ["OFF", "NORMAL", "FULL", "EXTRA"];
const SET_ASIDE_SHOWN = 100;

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
};

/** What the running host says of itself to IT staff. Holds no level and no name. */
export const hostStatus = (parts: {
  database: Sqlite;
  ballast: Ballast;
  clock: Clock;
  units: readonly WindowUnit[];
  outbox: Outbox;
  requests: RequestBook;
  sender: Sender | null;
  identity: Identity;
  roster: Roster;
  checkedAtMs: number;
  backup: { atMs: number; path: string } | null;
}): HostStatus => {
  const { database, units, sender, clock, outbox } = parts;
  const path = database.name;
  const simple = (pragma: string): unknown => database.pragma(pragma, { simple: true });
  const count = (sql: string): number => database.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  const sending = sender?.state();
  return {
    windows: units.map(({ window, line }) => ({ windowNo: window.windowNo, pad: padStatus(line) })),
    database: {
      path,
      sizeBytes: sizeOf(path) + sizeOf(`${path}-wal`),
      schemaVersion: simple("user_version") as number,
      synchronous: SYNCHRONOUS[simple("synchronous") as number] ?? "unknown",
      journalMode: simple("journal_mode") as string,
      lastQuickCheck: { atMs: parts.checkedAtMs, ok: true },
      lastBackup: parts.backup,
      freeBytes: parts.ballast.freeBytes(),
    },
    queue: {
      ...outbox.counts(),
      setAsideNewest: outbox
        .listSetAside()
        .slice(-SET_ASIDE_SHOWN)
        .reverse()
        .map(({ entry, code, detail, atMs }) => ({ number: entry.number, kind: kindOf(entry.body), code, detail, atMs })),
      lastSyncMs: sending?.lastSyncMs ?? null,
      nextTryMs: sending?.nextTryMs ?? null,
      ...(sending?.cause == null ? {} : { cause: sending.cause.text }),
    },
    identity: { windowPcId: parts.identity.windowPcId, enrolled: parts.identity.enrolment() !== null },
    roster: parts.roster.status(),
    clock: { wallMs: clock.wallMs(), offsetMs: sending?.offsetMs ?? null, bootId: clock.bootId },
    requests: { byState: parts.requests.countByState() },
    ratings: {
      total: count("SELECT count(*) AS n FROM ratings"),
      unbound: count("SELECT count(*) AS n FROM entries WHERE kind = 'unbound'"),
    },
  };
};

/** What a window's line has to tell of its pad. */
export const padStatus = (line: WindowUnit["line"]): PadStatus => ({
  ...(line instanceof KeypadLine ? keypadStatus(line) : protocolStatus(line)),
  hasGivenUp: line.life.hasGivenUp,
  recovery: [...line.life.events],
});

type LineStatus = Omit<PadStatus, "hasGivenUp" | "recovery">;

const protocolStatus = (line: PadLine): LineStatus => ({
  ...line.state,
  ...(line.firmware === undefined ? {} : { firmware: line.firmware }),
  counters: line.counters,
  roundTripMs: roundTripsOf(line.roundTrips),
});

const keypadStatus = (line: KeypadLine): LineStatus => {
  const { frames, pressed, actions, unknown, unanswered, discarded } = line.counters;
  return {
    ...line.state,
    counters: {
      frames,
      faults: { ...line.faults },
      sent: line.sent.frames,
      delivered: pressed + actions,
      resent: unanswered,
      repeated: discarded.repeat,
      early: 0,
      unusable: unknown,
      stale: 0,
      sessions: line.sessions,
    },
    roundTripMs: null,
    keypad: {
      proven: line.isProven,
      guardMs: line.profile.keypad.guard.afterMs,
      taken: pressed,
      discarded: { ...discarded },
      actions,
      unanswered,
    },
  };
};

const kindOf = (body: string): string => (JSON.parse(body) as { kind: string }).kind;
