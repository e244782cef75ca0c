/**
 * Days and moments of China Standard Time. All of China keeps +08:00 without summer time, so a fixed offset is the whole of it, and
 * neither the process's TZ nor a time zone database has a say.
 */

declare const isCivilDate: unique symbol;
/** A day as "YYYY-MM-DD". Days compare as text. */
export type CivilDate = string & { readonly [isCivilDate]: true };

const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * 3_600_000;
const OFFSET = "+08:00";

const dateOfUtc = (utcMs: number): CivilDate => new Date(utcMs).toISOString().slice(0, 10) as CivilDate;
const utcOf = (date: CivilDate): number => Date.parse(`${date}T00:00:00Z`);

/** @returns undefined for what is no day of the calendar, such as "2023-02-29" */
export const parseCivilDate = (text: string): CivilDate | undefined => {
  if (!/^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || dateOfUtc(ms) !== text ? undefined : (text as CivilDate);
};

/** @param month 1..12; 13 is January of the next year. @param day 1..31 */
export const civilDate = (year: number, month: number, day: number): CivilDate => dateOfUtc(Date.UTC(year, month - 1, day));

export const addDays = (date: CivilDate, days: number): CivilDate => dateOfUtc(utcOf(date) + days * DAY_MS);

/** 0 Sunday .. 6 Saturday */
export const weekdayOf = (date: CivilDate): number => new Date(utcOf(date)).getUTCDay();

export const yearOf = (date: CivilDate): number => Number(date.slice(0, 4));
/** 1..12 */
export const monthOf = (date: CivilDate): number => Number(date.slice(5, 7));

/** The day in China at a moment. @param ms Unix milliseconds */
export const dateAt = (ms: number): CivilDate => dateOfUtc(ms + OFFSET_MS);

/** The first moment of a day in China, Unix milliseconds. */
export const startOf = (date: CivilDate): number => utcOf(date) - OFFSET_MS;

/** 24:00 of a day in China, Unix milliseconds. */
export const endOf = (date: CivilDate): number => startOf(date) + DAY_MS;

/** "2022-03-22T24:00+08:00": 24:00 names the day that ends, 00:00 would name the next. */
export const endOfDayText = (date: CivilDate): string => `${date}T24:00${OFFSET}`;

/** "2022-03-01T10:00+08:00"; seconds and milliseconds only if there are any. */
export const momentText = (ms: number): string => {
  const text = new Date(ms + OFFSET_MS).toISOString().slice(0, 23);
  return text.replace(/(:00)?\.000$/, "") + OFFSET;
};

const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads a moment of ISO 8601 with at least minutes. Without an offset it is China Standard Time.
 * @returns Unix milliseconds, or undefined for what is no moment; "T24:00" is none, for it would leave open which day is meant
 */
export const parseMoment = (text: string): number | undefined => {
  const [, day = "", hour = "", minute = "", second = "00", fraction = "0", offset = OFFSET] = MOMENT.exec(text) ?? [];
  const date = parseCivilDate(day);
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const isOffset = offset === "Z" || (Number(offset.slice(1, 3)) <= 14 && Number(offset.slice(4)) < 60);
  if (date === undefined || !isTime || !isOffset) return undefined;
  return Date.parse(`${date}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0")}${offset}`);
};
