import { Alert } from "antd";
import type { ReactNode } from "react";
import type { Explanation } from "../../../console/contract/policy.ts";
import type { Step } from "../../../policy/count.ts";
import { useWords } from "../../words/use-words.ts";
import { CountedCalendar } from "./counted-calendar.tsx";
import { CountedDays } from "./counted-days.tsx";

export const ExplanationView = ({ explanation }: { readonly explanation: Explanation }): ReactNode => {
  const { t, both } = useWords();
  // As `policy explain` tells them; central made and checked them.
  const steps = explanation.steps as unknown as readonly Step[];
  const { due, readings, reading, warnings, assumptions, cites } = explanation;
  const dueText = due === null ? t(explanation.ask ? "explain.dueAsk" : "explain.dueNone") : shortDue(due, t);
  return (
    <>
      <section className="card due" aria-live="polite">
        <h2>{both(explanation.ruleName)}</h2>
        <p className="due-text">{dueText}</p>
        <p className="quiet">{explanation.clause}</p>
        {cites.map(({ clause, line, quote }) => (
          <figure key={`${clause} ${line} ${quote}`} className="quote">
            <blockquote lang="zh-CN">{quote}</blockquote>
            <figcaption>
              {clause} · {t("policy.line", { line })}
            </figcaption>
          </figure>
        ))}
      </section>
      {readings.length < 2 ? null : (
        <section className="card">
          <h2>{t("explain.otherReadings")}</h2>
          <ul className="readings side-by-side">
            {readings.map((one) => (
              <li key={one.name} className={one.name === reading ? "reading chosen" : "reading"}>
                <p className="reading-head">
                  <strong>{one.name}</strong> {one.chosen ? `✓ ${t("policy.chosen")}` : ""}
                </p>
                <p className="reading-answer">{one.due === null ? t("explain.dueAsk") : shortDue(one.due, t)}</p>
                <p>{both(one.text)}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <CountedCalendar steps={steps} dueDate={explanation.dueDate} />
      <CountedDays steps={steps} />
      {warnings.length === 0 ? null : (
        <section>
          <h2>{t("explain.warnings")}</h2>
          {warnings.map((text) => (
            <Alert key={text.en} type="warning" showIcon className="note" title={both(text)} />
          ))}
        </section>
      )}
      {assumptions.length === 0 ? null : (
        <section>
          <h2>{t("explain.assumptions")}</h2>
          <ul>
            {assumptions.map((text) => (
              <li key={text.en}>{both(text)}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
};

/** "2022-03-22T24:00+08:00" is the end of that day, which people read more easily as such. */
const shortDue = (due: string, t: ReturnType<typeof useWords>["t"]): string =>
  due.slice(11, 16) === "24:00" ? t("explain.endOfDay", { date: due.slice(0, 10) }) : due.slice(0, 16).replace("T", " ");
