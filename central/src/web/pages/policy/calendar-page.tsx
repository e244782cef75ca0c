import { Alert, Tag } from "antd";
import type { ReactNode } from "react";
import type { CalendarAnswer } from "../../../console/contract/policy.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { dayText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { useWords } from "../../words/use-words.ts";
import { YearGrid } from "./year-grid.tsx";

/** A year day by day: who works when, and by which paper. */
export const CalendarPage = (): ReactNode => {
  const { t, both } = useWords();
  const values = useFilters(["region", "year"]);
  const packs = useAnswer("packs", {});
  const calendar = useAnswer("calendar", { query: values });
  const years = calendar.data?.years ?? [];
  const latest = Math.max(new Date().getFullYear(), ...years) + 1;
  const first = Math.min(...years, latest);
  const choices = Array.from({ length: latest - first + 1 }, (_, index) => String(latest - index));
  const regions = (packs.data?.packs ?? []).map(({ region, name }) => ({ value: region, text: both(name) }));
  return (
    <Page title={t("title.calendar")}>
      <Filters
        fields={[
          {
            name: "year",
            label: t("calendar.year"),
            as: "choice",
            anything: t("calendar.thisYear"),
            options: choices.map((value) => ({ value, text: value })),
          },
          { name: "region", label: t("calendar.region"), as: "choice", anything: t("calendar.national"), options: regions },
        ]}
        values={values}
        submit={t("charts.draw")}
      />
      <Answered asked={calendar}>{(answer) => <Year answer={answer} />}</Answered>
    </Page>
  );
};

const Year = ({ answer }: { readonly answer: CalendarAnswer }): ReactNode => {
  const { t, both } = useWords();
  const { year, days, papers, local, warnings } = answer;
  return (
    <>
      {warnings.map((text) => (
        <Alert key={text.en} type="warning" showIcon className="note" title={both(text)} />
      ))}
      <section className="card">
        <h2>{t("calendar.papers")}</h2>
        {papers.map((paper) => (
          <p key={paper.number}>
            <strong>{paper.number}</strong> <a href={paper.url}>{paper.title}</a>（{paper.date}）
            {paper.unverified ? <Tag color="warning">{t("calendar.unverified")}</Tag> : null}
            {paper.note === "" ? null : <span className="quiet"> {paper.note}</span>}
          </p>
        ))}
        {local.length === 0 ? null : <h3>{t("calendar.local")}</h3>}
        {local.map((holiday) => (
          <p key={`${holiday.name} ${holiday.source}`}>
            {both({ zh: holiday.name, en: holiday.en })} <Tag>{t(holiday.known ? "calendar.known" : "calendar.notKnown")}</Tag>
            <span className="quiet">{holiday.source}</span>
          </p>
        ))}
        <p className="quiet">{t("calendar.version", { version: answer.version })}</p>
      </section>
      {days.length === 0 ? (
        <Nothing title={t("calendar.noPaper", { year })} advice={t("calendar.noPaperAdvice")} />
      ) : (
        <YearGrid days={days} today={dayText(answer.atMs)} />
      )}
    </>
  );
};
