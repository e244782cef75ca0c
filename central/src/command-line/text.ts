import type { EnrolmentCode } from "../enrolment.ts";
import type { EntryFileReport } from "../entry-files/take-file.ts";
import type { Incidents, SetAside, Summary } from "./administration.ts";

/** A clock that is wrong is wrong by minutes, or by years; nobody reads 31536000.0 s. */
const offsetText = (ms: number): string => {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 120) return `${(ms / 1000).toFixed(1)} s`;
  const [length, unit] = seconds < 7200 ? [60, "min"] : seconds < 172_800 ? [3600, "h"] : [86_400, "d"];
  return `${Math.round(ms / 1000 / (length as number))} ${unit}`;
};

/** Unix milliseconds → local time as people read it, to the second. */
export const timeText = (ms: number | null): string => {
  if (ms === null) return "never";
  const time = new Date(ms);
  if (Number.isNaN(time.getTime())) return "unknown";
  const two = (number: number): string => String(number).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
};

/** Columns set under their headings. */
export const table = (headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const cells = [headings, ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return cells.map((row) => `${line(row).trimEnd()}\n`).join("");
};

export const codeText = ({ code, windowNo, expiresAtMs }: EnrolmentCode): string =>
  `Code for window ${windowNo}: ${code}\nIt works once, until ${timeText(expiresAtMs)}. On the window PC: window-host --enrol ${code}\n`;

export const statusText = ({ total, windowPcs }: Summary): string => {
  const lines = [
    `ratings ${total.ratings}, not rated ${total.notRated - total.ratedLater}, unbound ${total.unbound}, set aside ${total.setAside}`,
    `incidents ${total.incidents}, holes ${total.holes}, window PCs ${total.windowPcs}`,
    "",
  ].join("\n");
  if (windowPcs.length === 0) return `${lines}No window PC is enrolled; window-central enrol makes a code for one.\n`;
  const rows = windowPcs.map((pc) => [
    pc.windowNo,
    pc.windowPcId,
    pc.entries,
    pc.highestGapless,
    pc.highest ?? "-",
    pc.ratings,
    pc.notRated,
    pc.unbound,
    pc.setAside,
    pc.incidents,
    pc.clockOffsetMs === null ? "-" : offsetText(pc.clockOffsetMs),
    timeText(pc.lastSeenAtMs),
  ]);
  const headings = [
    "window",
    "window PC",
    "entries",
    "gapless",
    "highest",
    "ratings",
    "not rated",
    "unbound",
    "set aside",
    "incidents",
    "clock",
    "seen",
  ];
  return `${lines}\n${table(headings, rows)}`;
};

export const incidentsText = ({ incidents, holes }: Incidents): string => {
  const missing = holes.map(({ windowNo, firstMissing, lastMissing, sinceMs }) => {
    const numbers = firstMissing === lastMissing ? `entry ${firstMissing}` : `entries ${firstMissing} to ${lastMissing}`;
    return [timeText(sinceMs), windowNo, "hole", "", `${numbers} missing until now`];
  });
  const noted = incidents.map((one) => [timeText(one.noticedAtMs), one.windowNo, one.kind, one.code ?? "", one.detail]);
  if (missing.length + noted.length === 0) return "No incidents.\n";
  return table(["time", "window", "incident", "code", "what"], [...missing, ...noted]);
};

export const entryFileText = ({ windowPcId, windowNo, entries, taken, known, setAside }: EntryFileReport): string => {
  const aside = Object.entries(setAside).map(([code, count]) => `${count} set aside with ${code}\n`);
  const advice =
    aside.length === 0 ? "" : "What was set aside waits in the console (搁置与异常), where a supervisor decides whether it counts.\n";
  return `${entries} entries of window PC ${windowPcId}, window ${windowNo}: ${taken} taken, ${known} known\n${aside.join("")}${advice}`;
};

const takenText = (takenAtMs: number | null): string => (takenAtMs === null ? "" : timeText(takenAtMs));

export const setAsideText = ({ setAside }: SetAside): string => {
  if (setAside.length === 0) return "Nothing is set aside.\n";
  const rows = setAside.map((one) => [
    timeText(one.receivedAtMs),
    one.windowNo,
    one.number,
    one.entryId,
    one.code,
    one.detail,
    takenText(one.takenAtMs),
  ]);
  return `${table(["time", "window", "number", "entry", "code", "why", "taken since"], rows)}The entries themselves: --json\n`;
};
