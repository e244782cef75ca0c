import { duration } from "../quantities.ts";
import type { HostAnswer } from "../running-host.ts";
import type { HostStatus, PadStatus, RoundTrips } from "../status-shape.ts";
import { codeIn, type Finding, fail, ok, warn, withoutCode } from "./finding.ts";

/** Over these the cable, the adapter or the pad deserves a look. */
const SLOW_ROUND_TRIP_MS = 200;
const BAD_FRAMES_IN_100 = 1;
/** A queue that is older has outlived every restart of central. */
const OLD_QUEUE_MS = 3_600_000;
const WRONG_CLOCK_MS = 60_000;

/** What the running window-host, or its absence, tells. */
export const hostFindings = (answer: HostAnswer): Finding[] => {
  switch (answer.is) {
    case "not-running":
      return [warn("window-host", `is not running: ${answer.why}`, "WR8003")];
    case "rescue":
      return [fail("window-host", `process ${answer.pid} runs, and ${answer.why}`, "WR4001")];
    case "silent":
      return [
        fail(
          "window-host",
          `process ${answer.pid} does not answer: ${answer.why}`,
          "WR8003",
          "Look at its log and start it again; what was accepted is on disk",
        ),
      ];
    case "running":
      return [
        ok("window-host", `runs as process ${answer.pid}, desk API on port ${answer.deskPort}`),
        ...windowFindings(answer.status),
        settingsFinding(answer.status.database),
        ...queueFindings(answer.status),
        ratingsFinding(answer.status),
        clockFinding(answer.status.clock.offsetMs),
      ];
  }
};

/** Where there are several windows, each finding says of which it is. */
const windowFindings = ({ windows }: HostStatus): Finding[] =>
  windows.flatMap(({ windowNo, pad }) =>
    [padFinding(pad), roundTripFinding(pad.roundTripMs), framesFinding(pad.counters), ...recoveryFindings(pad)].map((finding) =>
      windows.length === 1 ? finding : { ...finding, subject: `Window ${windowNo}: ${finding.subject}` },
    ),
  );

const padFinding = (pad: PadStatus): Finding => {
  if (pad.connection === "ready") {
    return ok(
      "Pad",
      [pad.model, pad.serialNumber, pad.firmware, pad.port, pad.secured === false ? "unpaired" : undefined].filter(Boolean).join(", "),
    );
  }
  const report = pad.connection === "failed" ? fail : warn;
  return report("Pad", `${pad.connection}: ${withoutCode(pad.cause ?? "no cause is known")}`, codeIn(pad.cause) ?? "WR1005");
};

const roundTripFinding = (trips: RoundTrips | null): Finding => {
  if (trips === null) return ok("Round trip", "not measured yet");
  const { p50, p99, max, samples, histogram } = trips;
  const bars = histogram
    .filter(({ count }) => count > 0)
    .map(({ upToMs, count }) => `${upToMs === null ? "more" : `≤ ${upToMs} ms`}: ${count}`);
  const text = `${duration(p50)} half of them, ${duration(p99)} 99 of 100, longest ${duration(max)}, ${samples} measured (${bars.join(", ")})`;
  return p99 > SLOW_ROUND_TRIP_MS
    ? warn("Round trip", text, "WR1005", "Shorten the cable, plug the adapter in without a hub, and set its latency timer to 1 ms")
    : ok("Round trip", text);
};

const framesFinding = ({ frames, faults }: PadStatus["counters"]): Finding => {
  const byReason = Object.entries(faults).filter(([, count]) => count > 0);
  const bad = byReason.reduce((sum, [, count]) => sum + count, 0);
  if (bad === 0) return ok("Frames", `${frames} good, none bad`);
  const text = `${frames} good, ${bad} bad: ${byReason.map(([reason, count]) => `${reason} ${count}`).join(", ")}`;
  // One at a start is ordinary: the line is joined in the middle of a frame.
  if (bad * 100 <= (frames + bad) * BAD_FRAMES_IN_100 || bad === 1) return ok("Frames", text);
  return (faults["bad-version"] ?? 0) === bad
    ? warn("Frames", text, "WR1004")
    : warn("Frames", text, "WR3005", "Check cable, adapter and baud rate");
};

/** What no rung of the recovery ladder mends, while the pad may be ready: a faulty firmware first of all. */
const recoveryFindings = ({ connection, recovery }: PadStatus): Finding[] => {
  const last = recovery.findLast(({ rung }) => rung !== "resend" && rung !== "resync" && rung !== "well");
  if (last === undefined || last.code !== "WR3010" || connection !== "ready") return [];
  return [fail("Pad's firmware", last.text, "WR3010")];
};

const settingsFinding = ({ synchronous, journalMode, lastBackup, lastQuickCheck }: HostStatus["database"]): Finding => {
  if (lastQuickCheck?.ok === false) return fail("Database in use", lastQuickCheck.detail ?? "damaged", "WR4001");
  if (synchronous !== "FULL" || journalMode !== "wal")
    return fail("Database in use", `synchronous ${synchronous}, journal ${journalMode}`, "WR4004");
  return ok("Database in use", `synchronous FULL, journal wal, ${lastBackup === null ? "no backup yet" : `backup ${lastBackup.path}`}`);
};

const queueFindings = ({ queue, identity, clock }: HostStatus): Finding[] => {
  const findings: Finding[] = [];
  if (!identity.enrolled) findings.push(warn("Enrolment", "this window PC is not enrolled at central", "WR6003"));
  const age = queue.oldestMs === null ? 0 : clock.wallMs - queue.oldestMs;
  const text =
    queue.waiting === 0
      ? "nothing waits for central"
      : `${queue.waiting} wait for central, the oldest for ${duration(age)}${queue.cause === undefined ? "" : `: ${withoutCode(queue.cause)}`}`;
  const isHeldUp = queue.waiting > 0 && (queue.cause !== undefined || age > OLD_QUEUE_MS);
  findings.push(isHeldUp ? warn("Queue", text, codeIn(queue.cause) ?? "WR6001") : ok("Queue", text));
  if (queue.setAside > 0) findings.push(warn("Set aside", `central refused ${queue.setAside}`, "WR6004"));
  return findings;
};

const ratingsFinding = ({ ratings }: HostStatus): Finding =>
  ratings.unbound === 0
    ? ok("Ratings", `${ratings.total}`)
    : warn("Ratings", `${ratings.total}, and ${ratings.unbound} for requests that this window PC does not know`, "WR4006");

const clockFinding = (offsetMs: number | null): Finding => {
  if (offsetMs === null) return ok("Clock", "not compared with central yet");
  const text = `${duration(Math.abs(offsetMs))} ${offsetMs > 0 ? "behind" : "ahead of"} central`;
  return Math.abs(offsetMs) > WRONG_CLOCK_MS ? warn("Clock", text, "WR8007") : ok("Clock", text);
};
