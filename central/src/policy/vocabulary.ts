import type { Text } from "../calendar/schema.ts";

/** The rules that every pack answers, in the order of a case's life. */
export const RULE_NAMES = {
  reminder: { zh: "提醒评价", en: "reminder to rate" },
  "default-rating": { zh: "默认评价", en: "default rating" },
  supplementary: { zh: "补充评价", en: "supplementary rating" },
  "hand-over": { zh: "差评转办", en: "bad review handed on" },
  response: { zh: "首次响应", en: "first response" },
  verification: { zh: "回访核实", en: "verification" },
  rectification: { zh: "整改", en: "rectification" },
  "rectification-extended": { zh: "延期整改", en: "rectification with extension" },
  report: { zh: "整改结果报告", en: "report after rectification" },
  appeal: { zh: "申诉（申请复核）", en: "appeal" },
  review: { zh: "复核", en: "review" },
  "bulletin-month": { zh: "月通报", en: "monthly bulletin" },
  "bulletin-half-year": { zh: "半年通报", en: "half-yearly bulletin" },
  "bulletin-year": { zh: "年度通报", en: "yearly bulletin" },
} as const satisfies Record<string, Text>;

export type RuleId = keyof typeof RULE_NAMES;
export const RULE_IDS = Object.keys(RULE_NAMES) as [RuleId, ...RuleId[]];

/** 立整立改（简易）, 限时整改（一般）, 综合协调（复杂） */
export const CLASSES = ["simple", "general", "complex"] as const;
export type ReviewClass = (typeof CLASSES)[number];

/** 现场, 线上: where the rating was given. */
export const CHANNELS = ["onsite", "online"] as const;
export type ReviewChannel = (typeof CHANNELS)[number];

export const FACT_NAMES: Readonly<Record<ReviewClass | ReviewChannel, Text>> = {
  simple: { zh: "简易", en: "simple" },
  general: { zh: "一般", en: "general" },
  complex: { zh: "复杂", en: "complex" },
  onsite: { zh: "现场", en: "on site" },
  online: { zh: "线上", en: "online" },
};

/** What starts a clock. */
export const EVENTS = {
  "case-completed": { zh: "办结", en: "case completed" },
  "case-data-arrived": { zh: "办件数据汇集", en: "data of the case arrived" },
  "served-at-window": { zh: "窗口服务", en: "served at the window" },
  "bad-review-arrived": { zh: "差评到达牵头部门", en: "bad review arrived at the lead department" },
  "bad-review-received": { zh: "收到差评", en: "bad review received" },
  "result-fed-back": { zh: "差评结果反馈之日", en: "bad-review result fed back" },
  rectified: { zh: "整改完成", en: "rectification completed" },
  "review-requested": { zh: "收到复核申请", en: "request for review received" },
  "period-reported": { zh: "所通报期间内的任一时刻", en: "any moment of the period that is reported" },
} as const satisfies Record<string, Text>;
export type EventId = keyof typeof EVENTS;
export const EVENT_IDS = Object.keys(EVENTS) as [EventId, ...EventId[]];

/** What stops it. */
export const STOPS = {
  reminded: { zh: "已发提醒，或已评价", en: "reminder sent, or rated" },
  rated: { zh: "评价人作出评价", en: "a rating is given" },
  "handed-over": { zh: "转交被评价部门", en: "handed to the rated department" },
  answered: { zh: "答复评价人", en: "rater answered" },
  verified: { zh: "核实完成", en: "verified" },
  rectified: { zh: "整改完成并答复", en: "rectified and answered" },
  reported: { zh: "报告送达", en: "report delivered" },
  appealed: { zh: "提出复核申请", en: "review requested" },
  reviewed: { zh: "反馈复核结果", en: "result of the review told" },
  published: { zh: "通报发布", en: "bulletin published" },
} as const satisfies Record<string, Text>;
export const STOP_IDS = Object.keys(STOPS) as [keyof typeof STOPS, ...(keyof typeof STOPS)[]];
