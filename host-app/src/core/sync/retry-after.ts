/** IMF-fixdate, and the two older forms that RFC 9110 section 5.6.7 still has readers accept: all begin with a weekday. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

const dateMs = (text: string): number | null => {
  if (!HTTP_DATE.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
};

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3), which is a number of seconds or an HTTP date.
 * @param date the answer's own `Date`: a moment is counted from it, so that a wrong clock here changes nothing (I11)
 * @param wallMs this machine's clock, for an answer that has no `Date`
 * @returns milliseconds from the answer on, 0 or more; null if the header says nothing that can be read
 */
export const retryAfterMs = (header: string | null, date: string | null, wallMs: number): number | null => {
  const text = header?.trim() ?? "";
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  const until = dateMs(text);
  return until === null ? null : Math.max(0, until - (dateMs(date?.trim() ?? "") ?? wallMs));
};
