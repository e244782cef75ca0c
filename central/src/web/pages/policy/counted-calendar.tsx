import type { ReactNode } from "react";
import type { Step } from "../../../policy/count.ts";
import { useWords } from "../../words/use-words.ts";

const DAY_MS = 86_400_000;
/** More months would not be read: a yearly bulletin counts none of the days between. */
const MOST_MONTHS = 4;

const dayMs = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

interface Sheet {
  readonly month: string;
  /** Weeks from Monday; null before the first and after the last. */
  readonly weeks: readonly (readonly (string | null)[])[];
}

/** The calendar sheets on which the steps lie, in order. */
export const sheetsOf = (dates: readonly string[]): readonly Sheet[] =>
  [...new Set(dates.map((date) => date.slice(0, 7)))].sort().map((month) => {
    const cells: (string | null)[] = [];
    const first = dayMs(`${month}-01`);
    const lead = (new Date(first).getUTCDay() + 6) % 7;
    for (let gap = 0; gap < lead; gap++) cells.push(null);
    for (let ms = first; dateOf(ms).startsWith(month); ms += DAY_MS) cells.push(dateOf(ms));
    while (cells.length % 7 > 0) cells.push(null);
    return { month, weeks: Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7)) };
  });

interface CountedCalendarProps {
  readonly steps: readonly Step[];
  readonly dueDate: string | null;
}

/** The counted days on calendar sheets; every mark is a word or number besides its colour. */
export const CountedCalendar = ({ steps, dueDate }: CountedCalendarProps): ReactNode => {
  const { t } = useWords();
  const start = steps.find(({ kind }) => kind === "start");
  const startDate = start?.date ?? start?.at?.slice(0, 10);
  const days = new Map(
    steps.flatMap((step) => (step.kind === "day" && step.date !== undefined ? [[step.date as string, step] as const] : [])),
  );
  const sheets = sheetsOf([...days.keys(), ...(startDate === undefined ? [] : [startDate]), ...(dueDate === null ? [] : [dueDate])]);
  if (dueDate === null || sheets.length > MOST_MONTHS) return null;

  const markOf = (date: string): { readonly kind: string; readonly words: string } => {
    const step = days.get(date);
    const kind =
      date === dueDate ? "due" : date === startDate ? "start" : step === undefined ? "plain" : step.counted ? "counted" : "skipped";
    const number = step?.counted === true && step.number !== undefined ? String(step.number) : "";
    const words =
      { due: `${t("explain.markDue")}${number}`, start: t("explain.markStart"), counted: number, skipped: "–", plain: "" }[kind] ?? "";
    return { kind, words };
  };
  return (
    <section>
      <h2>{t("explain.picture")}</h2>
      <div className="sheets">
        {sheets.map(({ month, weeks }) => (
          <table key={month} className="month sheet">
            <caption>{month}</caption>
            <thead>
              <tr>
                {[...t("calendar.weekdays")].map((letter, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: in English two weekdays begin alike
                  <th key={index} scope="col">
                    {letter}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks.map((week) => (
                <tr key={week.find((date) => date !== null)}>
                  {week.map((date, column) => {
                    // biome-ignore lint/suspicious/noArrayIndexKey: an empty place has nothing but its place
                    if (date === null) return <td key={column} />;
                    const { kind, words } = markOf(date);
                    return (
                      <td key={date}>
                        <span className="counted-day" data-kind={kind}>
                          <span>{Number(date.slice(8))}</span>
                          <small>{words}</small>
                        </span>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
      <p className="quiet">{t("explain.pictureLegend")}</p>
    </section>
  );
};
