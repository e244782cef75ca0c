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
      return [warn("hostAway", "WR8003", { detail: answer.why })];
    case "rescue":
      return [fail("hostInRescue", "WR4001", { pid: answer.pid, detail: answer.why })];
    case "silent":
      return [fail("hostSilent", "WR8003", { pid: answer.pid, detail: answer.why })];
    case "running":
      return [
        ok("hostFine", { pid: answer.pid, port: answer.deskPort }),
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
      windows.length === 1 ? finding : { ...finding, windowNo, subject: `Window ${windowNo}: ${finding.subject}` },
    ),
  );

const NOT_READY = { connecting: "padConnecting", absent: "padAbsent", failed: "padFailed" } as const;

const padFinding = ({ connection, cause, secured, ...pad }: PadStatus): Finding => {
  if (connection === "ready") {
    const about = [pad.model, pad.serialNumber, pad.firmware, pad.port].filter(Boolean).join(", ");
    return ok(secured === false ? "padUnpaired" : "padReady", { about });
  }
  const report = connection === "failed" ? fail : warn;
  return report(NOT_READY[connection], codeIn(cause) ?? "WR1005", { detail: withoutCode(cause ?? "no cause is known") });
};

const roundTripFinding = (trips: RoundTrips | null): Finding => {
  if (trips === null) return ok("tripsUnmeasured");
  const { p50, p99, max, samples, histogram } = trips;
  const bars = histogram.flatMap(({ upToMs, count }, at) => {
    const bound = upToMs === null ? `> ${histogram[at - 1]?.upToMs ?? 0} ms` : `≤ ${upToMs} ms`;
    return count === 0 ? [] : [`${bound}: ${count}`];
  });
  const facts = { halfMs: p50, mostMs: p99, longestMs: max, samples, bars: bars.join(", ") };
  return p99 > SLOW_ROUND_TRIP_MS ? warn("tripsSlow", "WR1005", facts) : ok("tripsFine", facts);
};

const framesFinding = ({ frames, faults }: PadStatus["counters"]): Finding => {
  const byReason = Object.entries(faults).filter(([, count]) => count > 0);
  const bad = byReason.reduce((sum, [, count]) => sum + count, 0);
  if (bad === 0) return ok("framesFine", { frames });
  const facts = { frames, bad, faults: byReason.map(([reason, count]) => `${reason} ${count}`).join(", ") };
  // One at a start is ordinary: the line is joined in the middle of a frame.
  if (bad * 100 <= (frames + bad) * BAD_FRAMES_IN_100 || bad === 1) return ok("framesSomeBad", facts);
  return (faults["bad-version"] ?? 0) === bad ? warn("framesOfOther", "WR1004", facts) : warn("framesBad", "WR3005", facts);
};

/** What no rung of the recovery ladder mends, while the pad may be ready: a faulty firmware first of all. */
const recoveryFindings = ({ connection, recovery }: PadStatus): Finding[] => {
  const last = recovery.findLast(({ rung }) => rung !== "resend" && rung !== "resync" && rung !== "well");
  if (last === undefined || last.code !== "WR3010" || connection !== "ready") return [];
  return [fail("firmwareFaulty", "WR3010", { detail: last.text })];
};

const settingsFinding = ({ synchronous, journalMode, lastBackup, lastQuickCheck }: HostStatus["database"]): Finding => {
  if (lastQuickCheck?.ok === false) return fail("inUseDamaged", "WR4001", { detail: lastQuickCheck.detail ?? "damaged" });
  if (synchronous !== "FULL" || journalMode !== "wal") return fail("inUseUnsafe", "WR4004", { synchronous, journal: journalMode });
  return lastBackup === null ? ok("inUseNoBackup") : ok("inUseFine", { backup: lastBackup.path });
};

const queueFindings = ({ queue, identity, clock }: HostStatus): Finding[] => {
  const findings: Finding[] = [];
  if (!identity.enrolled) findings.push(warn("notEnrolled", "WR6003"));
  const ageMs = queue.oldestMs === null ? 0 : clock.wallMs - queue.oldestMs;
  const facts = { waiting: queue.waiting, ageMs };
  if (queue.waiting === 0) findings.push(ok("queueEmpty"));
  else if (queue.cause !== undefined)
    findings.push(warn("queueHeldUp", codeIn(queue.cause) ?? "WR6001", { ...facts, detail: withoutCode(queue.cause) }));
  else findings.push(ageMs > OLD_QUEUE_MS ? warn("queueWaiting", "WR6001", facts) : ok("queueWaiting", facts));
  if (queue.setAside > 0) findings.push(warn("setAside", "WR6004", { entries: queue.setAside }));
  return findings;
};

const ratingsFinding = ({ ratings: { total, unbound } }: HostStatus): Finding =>
  unbound === 0 ? ok("ratingsFine", { ratings: total }) : warn("ratingsUnbound", "WR4006", { ratings: total, unbound });

const clockFinding = (offsetMs: number | null): Finding => {
  if (offsetMs === null) return ok("clockUnknown");
  const kind = offsetMs > 0 ? "clockBehind" : "clockAhead";
  const facts = { offsetMs: Math.abs(offsetMs) };
  return facts.offsetMs > WRONG_CLOCK_MS ? warn(kind, "WR8007", facts) : ok(kind, facts);
};
