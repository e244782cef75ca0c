import type { ReactNode } from "react";
import type { CalendarAnswer } from "../../../console/contract/policy.ts";
import { useWords } from "../../words/use-words.ts";

type Day = CalendarAnswer["days"][number];

const KINDS: readonly Day["kind"][] = ["working-day", "weekend", "holiday", "make-up", "local-holiday", "local-make-up"];

const monthsOf = (days: readonly Day[]): readonly (readonly Day[])[] => {
  const months = new Map<string, Day[]>();
  for (const day of days) {
    const month = day.date.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), day]);
  }
  return [...months.values()];
};

/** Weeks begin on Monday; Sunday is 0 or 7. */
const columnOf = ({ weekday }: Day): number => (weekday + 6) % 7;

export const YearGrid = ({ days, today }: { readonly days: readonly Day[]; readonly today: string }): ReactNode => {
  const { t, code } = useWords();
  const special = days.filter(({ kind }) => !["working-day", "weekend"].includes(kind));
  return (
    <>
      <ul className="legend" aria-label={t("calendar.legend")}>
        {KINDS.filter((kind) => days.some((day) => day.kind === kind)).map((kind) => (
          <li key={kind}>
            <span className="day" data-kind={kind} aria-hidden="true">
              1<sup>{code("dayMark", kind)}</sup>
            </span>{" "}
            {code("day", kind)}
          </li>
        ))}
      </ul>
      <div className="year">
        {monthsOf(days).map((month) => (
          <Month key={month[0]?.date} days={month} today={today} />
        ))}
      </div>
      <section>
        <h2>{t("calendar.list")}</h2>
        <ul className="special-days">
          {special.map((day) => (
            <li key={day.date}>
              {day.date} {code("day", day.kind)}
              {day.name === null ? "" : `：${day.name}`}
              {day.source === null ? null : <span className="quiet"> {day.source}</span>}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
};

const Month = ({ days, today }: { readonly days: readonly Day[]; readonly today: string }): ReactNode => {
  const { t, code } = useWords();
  const first = days[0];
  if (first === undefined) return null;
  const number = Number(first.date.slice(5, 7));
  const weeks: (Day | null)[][] = [];
  const cells: (Day | null)[] = [...Array<null>(columnOf(first)).fill(null), ...days];
  for (let start = 0; start < cells.length; start += 7) weeks.push(cells.slice(start, start + 7));
  return (
    <table className="month">
      <caption>
        {t("calendar.month", { month: number })}{" "}
        <span className="quiet">{t("calendar.working", { count: days.filter(({ working }) => working).length })}</span>
      </caption>
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
          <tr key={week.find((day) => day !== null)?.date}>
            {Array.from({ length: 7 }, (_, column) => {
              const day = week[column] ?? null;
              if (day === null) {
                // biome-ignore lint/suspicious/noArrayIndexKey: an empty place has nothing but its place
                return <td key={column} />;
              }
              const name = [day.date, code("day", day.kind), day.name, day.source].filter((part) => part !== null).join(" · ");
              return (
                <td key={day.date}>
                  <span className={day.date === today ? "day today" : "day"} data-kind={day.kind} title={name}>
                    {Number(day.date.slice(8))}
                    <sup>{code("dayMark", day.kind)}</sup>
                  </span>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
};
