import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { dateTime, duration, size } from "./quantities.ts";
import { statusOfRunningHost } from "./running-host.ts";
import type { HostStatus, PadStatus } from "./status-shape.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host status [--set-aside] --data <dir> [--json]

Shows what the window-host that runs on this data folder is doing: windows and their pads, database, what waits for central, ratings.

  --set-aside   list the entries that central refused, with its reasons; none of them is lost
  --data <dir>  the data folder; or set WINDOW_RATING_DATA
  --json        print JSON

Exit codes: 0 shown, 1 none is running (WR8003), 2 bad usage.

Examples:
  window-host status --data /var/lib/window-rating/window
  window-host status --data /var/lib/window-rating/window --json | jq .queue.waiting`;

export const statusCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, { ...COMMON_FLAGS, "set-aside": { type: "boolean", default: false } });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const status = await statusOfRunningHost(dataDirOf(flags.data, env));
  if (flags["set-aside"]) {
    const { setAside, setAsideNewest } = status.queue;
    print(flags.json ? JSON.stringify({ setAside, newest: setAsideNewest }, null, 2) : setAsideList(status));
  } else {
    print(flags.json ? JSON.stringify(status, null, 2) : summary(status));
  }
  return 0;
};

const summary = (status: HostStatus): string => {
  const { windows, database, queue, identity, roster, clock, requests, ratings } = status;
  const inState = Object.entries(requests.byState).map(([state, count]) => `${state} ${count}`);
  const waiting =
    queue.oldestMs === null ? "nothing waits" : `${queue.waiting} wait, the oldest for ${duration(clock.wallMs - queue.oldestMs)}`;
  return table([
    ["Window PC", identity.enrolled ? `enrolled as ${identity.windowPcId}` : "not enrolled at central"],
    ...windows.flatMap(windowRows),
    ["Requests", inState.length === 0 ? "none yet" : inState.join(", ")],
    ["Ratings", `${ratings.total}${ratings.unbound === 0 ? "" : `, and ${ratings.unbound} for unknown requests`}`],
    ["Central", `${waiting}, ${queue.setAside} refused and set aside`],
    ["  last answer", queue.lastSyncMs === null ? "none since the start" : `${duration(clock.wallMs - queue.lastSyncMs)} ago`],
    ...(queue.nextTryMs === null ? [] : [["  next try", `in ${duration(queue.nextTryMs - clock.wallMs)}`]]),
    ...(queue.cause === undefined ? [] : [["  because", queue.cause]]),
    ["Roster", rosterText(roster)],
    ...(roster.cause === undefined ? [] : [["  because", roster.cause]]),
    [
      "Database",
      `${database.path}, ${size(database.sizeBytes)}, schema ${database.schemaVersion}, ${database.journalMode}, synchronous ${database.synchronous}`,
    ],
    [
      "  checked",
      database.lastQuickCheck === null
        ? "not yet"
        : `${dateTime(database.lastQuickCheck.atMs)}: ${database.lastQuickCheck.ok ? "sound" : "damaged"}`,
    ],
    [
      "  backup",
      database.lastBackup === null ? "none since the start" : `${dateTime(database.lastBackup.atMs)}, ${database.lastBackup.path}`,
    ],
    ["  free on disk", database.freeBytes === null ? "unknown" : size(database.freeBytes)],
    [
      "Clock",
      `${dateTime(clock.wallMs)}, ${clock.offsetMs === null ? "not compared with central yet" : `central is ${offset(clock.offsetMs)}`}`,
    ],
  ]);
};

const rosterText = ({ version, clerks, items, reasonsVersion, siteVersion, region }: HostStatus["roster"]): string =>
  siteVersion === null
    ? "central has told nothing yet"
    : `version ${version}: ${clerks} clerks, ${items} items; reasons ${reasonsVersion ?? "none"}; site policy ${siteVersion}${region === null ? "" : ` (${region})`}`;

const windowRows = ({ windowNo, pad }: HostStatus["windows"][number]): string[][] => {
  const { counters, roundTripMs: trips } = pad;
  const bad = Object.values(counters.faults).reduce((sum, count) => sum + count, 0);
  const trust = pad.trust ?? (pad.secured === false ? "unpaired" : undefined);
  const last = pad.recovery.at(-1);
  return [
    ["Window", windowNo],
    ["  pad", [pad.connection, pad.model, pad.serialNumber, pad.firmware, pad.port, trust, pad.cause].filter(Boolean).join(", ")],
    ["  frames", `${counters.frames} good, ${bad} bad, ${counters.resent} sent again, ${counters.sessions} sessions`],
    [
      "  round trip",
      trips === null
        ? "not measured yet"
        : `${duration(trips.p50)} half of them, ${duration(trips.p99)} 99 of 100, longest ${duration(trips.max)}`,
    ],
    ...(pad.keypad === undefined ? [] : [["  presses", pressesText(pad.keypad)]]),
    ...(last === undefined
      ? []
      : [
          [
            "  recovery",
            `${dateTime(last.atMs)} ${last.rung}${last.side === null ? "" : ` (${last.side})`}: ${withCode(last.code, last.text)}`,
          ],
        ]),
    ...(pad.hasGivenUp ? [["", "given up for now; tried again every half minute"]] : []),
  ];
};

const pressesText = ({ proven, taken, discarded }: NonNullable<PadStatus["keypad"]>): string => {
  const reasons = Object.entries(discarded).filter(([, times]) => times > 0);
  const thrownAway =
    reasons.length === 0 ? "none thrown away" : `thrown away: ${reasons.map(([reason, times]) => `${reason} ${times}`).join(", ")}`;
  return `${taken} taken, ${thrownAway}${proven ? "" : "; the pad was not heard of yet"}`;
};

const withCode = (code: string | null, text: string): string => (code === null ? text : `${code} ${text}`);

const offset = (ms: number): string =>
  Math.abs(ms) < 1000 ? "within a second" : `${duration(Math.abs(ms))} ${ms > 0 ? "ahead" : "behind"}`;

const setAsideList = ({ queue: { setAside, setAsideNewest } }: HostStatus): string => {
  if (setAside === 0) return "Central refused nothing.";
  const more = setAside - setAsideNewest.length;
  const rows = setAsideNewest.map(({ number, kind, code, detail, atMs }) => [String(number), kind, dateTime(atMs), code, detail]);
  return `${table([["no.", "kind", "refused at", "code", "why"], ...rows])}${more > 0 ? `\nand ${more} older ones` : ""}`;
};
