/** Times as people in China read them, whatever the time zone of the browser. */

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

const partsOf = (ms: number): Record<string, string> =>
  Object.fromEntries(PARTS.formatToParts(new Date(ms)).map(({ type, value }) => [type, value]));

/** "2026-03-02 10:05:09" */
export const momentText = (ms: number): string => {
  const { year, month, day, hour, minute, second } = partsOf(ms);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
};

/** "10:05" on that very day, else "03-02 10:05". */
export const shortMomentText = (ms: number, nowMs: number): string => {
  const text = momentText(ms);
  return text.slice(0, 10) === dayText(nowMs) ? text.slice(11, 16) : text.slice(5, 16);
};

/** "2026-03-02" */
export const dayText = (ms: number): string => momentText(ms).slice(0, 10);

/** The day so many days after (or before) it. */
export const dayAfter = (day: string, days: number): string => dayText(Date.parse(`${day}T12:00:00+08:00`) + days * 86_400_000);

/** A day's first moment, and that of the day after, as a query takes them. */
export const dayStart = (day: string): string => `${day}T00:00:00+08:00`;

export type Ago = readonly [unit: "agoSeconds" | "agoMinutes" | "agoHours" | "agoDays", count: number];

/** How long ago, in the largest unit that fits. */
export const agoOf = (ms: number, nowMs: number): Ago => {
  const seconds = Math.max(0, Math.round((nowMs - ms) / 1000));
  if (seconds < 60) return ["agoSeconds", seconds];
  if (seconds < 3600) return ["agoMinutes", Math.floor(seconds / 60)];
  if (seconds < 86_400) return ["agoHours", Math.floor(seconds / 3600)];
  return ["agoDays", Math.floor(seconds / 86_400)];
};
