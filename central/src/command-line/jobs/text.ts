import type { JobSettingsInForce, QuietHours } from "../../jobs/settings.ts";
import type { JobStatus, RuleStatus } from "../../jobs/status.ts";
import type { LoggedMessage } from "../../sms/log.ts";
import { table, timeText } from "../text.ts";

const quietText = (quiet: QuietHours | null): string => (quiet === null ? "none" : `${quiet.from}-${quiet.until}`);

const ruleText = ({ rule, state, why, sinceMs, due, lastRun }: RuleStatus): (string | number)[] => [
  rule,
  state,
  due,
  sinceMs === null ? "-" : timeText(sinceMs),
  lastRun === null ? "never" : `${timeText(lastRun.finishedAtMs)} (${lastRun.done})`,
  why === null ? "" : why.en,
];

export const jobSettingsText = (settings: JobSettingsInForce): string => {
  const halls = Object.entries(settings.hallQuietHours).map(([hall, quiet]) => `${hall}=${quietText(quiet)}`);
  const { reminderAfterDays: days, reminderSetting, staffDefault } = settings;
  return [
    settings.version === 0 ? "Settings as they come" : `Settings, version ${settings.version}`,
    `quiet hours           ${quietText(settings.quietHours)}${halls.length === 0 ? "" : `; ${halls.join(", ")}`}`,
    `reminder, if no time  ${days === null ? "not set" : `after ${days} days, set by ${reminderSetting?.by ?? ""}`}`,
    `reminders lapse       after ${settings.remindWithinDays} days`,
    `rules hold from       ${settings.rulesFrom ?? "when the region was chosen"}`,
    `default for clerks    ${staffDefault === null ? "as the region's rules have it" : staffDefault ? "yes" : "no"}`,
    `signature             ${settings.signature}`,
    `thanks with receipt   ${settings.thank ? "yes" : "no"}`,
    "",
  ].join("\n");
};

export const jobStatusText = ({ region, rules, settings, messages }: JobStatus): string => {
  const counts = Object.entries(messages).map(([state, count]) => `${count} ${state}`);
  return [
    `Region ${region ?? "none"}\n`,
    table(["rule", "state", "due", "since", "last run", "why"], rules.map(ruleText)),
    `Messages: ${counts.join(", ") || "none"}\n`,
    jobSettingsText(settings),
  ].join("\n");
};

export const messagesText = (messages: readonly LoggedMessage[]): string => {
  if (messages.length === 0) return "No message was queued yet\n";
  const rows = messages.map((one) => [
    one.messageNo,
    one.kind,
    one.caseNo ?? "",
    one.state,
    one.attempts,
    timeText(one.dueMs),
    one.settledAtMs === null ? "" : timeText(one.settledAtMs),
    one.fault ?? "",
  ]);
  return table(["no.", "kind", "case", "state", "tries", "due", "settled", "fault"], rows);
};
