import type { WindowRatingError } from "@window-rating/protocol/error";
import type { Level } from "@window-rating/protocol/rating";
import { dateAt, startOf } from "../calendar/civil-date.ts";
import type { Text } from "../calendar/schema.ts";
import type { Explanation } from "../policy/explain.ts";
import type { DateSetting } from "../policy/policy-step.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { EventId, RuleId } from "../policy/vocabulary.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { RatingPolicies, readSite, type Site } from "../ratings/site.ts";
import { decidedDueMs, dueEvents, type RuleAsks, ruleAsks } from "./deadline.ts";
import { NO_LIMITS, type ReminderLimits, reminderLimitsOf } from "./reminder-limits.ts";
import { type JobSettingsInForce, readJobSettings } from "./settings.ts";

/** A rule that has something to do, with what has come due by now. */
export interface RunningRule {
  readonly is: "runs";
  readonly rule: RuleId;
  readonly event: EventId;
  /** Cases completed before are none of its business. */
  readonly sinceMs: number;
  /** Events up to here have come due; undefined: none has. */
  readonly upToMs: number | undefined;
  /** Why no more than that can be said. */
  readonly held: WindowRatingError | undefined;
  dueMs(eventMs: number): number;
  explain(eventMs: number): Explanation;
  /** Who set the date where the document leaves it open. */
  readonly dateSetting: DateSetting | null;
}
/** `waits`: for a person's decision. */
export type JobRule = RunningRule | { readonly is: "off" | "waits"; readonly why: Text };

export interface RulesInForce {
  readonly region: string | null;
  readonly site: Site;
  readonly settings: JobSettingsInForce;
  readonly reminder: JobRule;
  readonly defaultRating: JobRule;
  readonly reminderLimits: ReminderLimits;
  /** Level of the default rating, and whether the clerks of the visits get it too. */
  readonly default: { readonly level: Level; readonly withStaff: boolean } | null;
  /** Labels of the levels, 1 to 5, as the region has them. */
  readonly labels: Readonly<Record<Level, string>> | null;
}

/** The events whose moments central knows of every case. */
const WATCHED: ReadonlySet<EventId> = new Set(["case-completed", "case-data-arrived"]);

/**
 * What the rules of this site's region ask of the jobs at this moment.
 * @throws WindowRatingError WR7101, WR7102 if the region's pack cannot be read
 */
export const readRulesInForce = async (tx: Tx, packs: RuleBook, nowMs: number): Promise<RulesInForce> => {
  const site = await readSite(tx);
  const book = packs.with(site);
  const settings = await readJobSettings(tx);
  const { region } = site;
  if (region === null) {
    const off = { is: "off", why: { zh: "尚未选定地区", en: "No region was chosen yet" } } as const;
    return { region, site, settings, reminder: off, defaultRating: off, reminderLimits: NO_LIMITS, default: null, labels: null };
  }
  const { pack } = book.pack(region);
  const sinceMs = settings.rulesFrom === null ? await regionSinceMs(tx, region) : startOf(settings.rulesFrom);
  const running = (rule: "reminder" | "default-rating", setting?: DecidedDate) =>
    jobRule(ruleAsks(book, region, rule, nowMs), rule, { years: book.calendar(region).years, sinceMs, nowMs, setting });
  const { reminderAfterDays: days, reminderSetting: by } = settings;
  const isSmsClosed = site.closedChannels.includes("sms");
  const policy = new RatingPolicies(book).of(site);
  return {
    region,
    site,
    settings,
    reminder: isSmsClosed
      ? { is: "off", why: { zh: "短信渠道已关闭", en: "The channel sms is closed here" } }
      : running("reminder", days === null || by === null ? undefined : { days, by }),
    defaultRating: running("default-rating"),
    reminderLimits: reminderLimitsOf(pack, policy),
    default: pack.defaultRating.said
      ? { level: pack.defaultRating.level, withStaff: settings.staffDefault ?? policy.pressRates === "staff-and-item" }
      : null,
    labels: Object.fromEntries(pack.levels.labels.map(({ level, label }) => [level, label])) as Record<Level, string>,
  };
};

interface DecidedDate {
  readonly days: number;
  readonly by: DateSetting;
}

interface Circumstances {
  readonly years: readonly number[];
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly setting: DecidedDate | undefined;
}

const jobRule = (asks: RuleAsks, rule: RuleId, { years, sinceMs, nowMs, setting }: Circumstances): JobRule => {
  if (asks.is === "nothing") return { is: "off", why: asks.why };
  const event = asks.is === "deadline" ? asks.deadline.event : asks.event;
  if (!WATCHED.has(event)) return { is: "waits", why: { zh: `不能自动监测“${event}”`, en: `The event "${event}" cannot be watched` } };
  if (asks.is === "deadline") {
    const { dueMs, explain } = asks.deadline;
    return { is: "runs", rule, event, sinceMs, ...dueEvents({ dueMs }, years, sinceMs, nowMs), dueMs, explain, dateSetting: null };
  }
  if (setting === undefined) {
    const { clause } = asks;
    return { is: "waits", why: { zh: `${clause} 没有给出时间，须由人设定`, en: `${clause} gives no time: a person must set one` } };
  }
  const dueMs = (eventMs: number): number => decidedDueMs(setting.days, eventMs);
  // Who decides today decides for what comes, not for last year's cases.
  const from = Math.max(sinceMs, startOf(dateAt(setting.by.atMs)));
  const due = dueEvents({ dueMs }, years, from, nowMs);
  return { is: "runs", rule, event, sinceMs: from, ...due, dueMs, explain: asks.explain, dateSetting: setting.by };
};

/** Since when this region's rules have been in force without a break. */
const regionSinceMs = async (tx: Tx, region: string): Promise<number> => {
  const versions = await tx.selectFrom("site_policies").select(["content", "set_at_ms"]).orderBy("version", "desc").execute();
  const other = versions.findIndex(({ content }) => (content as { region?: string | null }).region !== region);
  const since = versions.at(other === -1 ? versions.length - 1 : other - 1);
  return since?.set_at_ms ?? 0;
};
