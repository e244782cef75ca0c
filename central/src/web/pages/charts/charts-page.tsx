import { Alert } from "antd";
import { type ReactNode, useMemo } from "react";
import { CHART_DAYS, type ChartAnswer } from "../../../console/contract/ratings.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { type FilterField, Filters, useFilters } from "../../elements/filters.tsx";
import { dayAfter, dayText, momentText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { useWords } from "../../words/use-words.ts";
import { Chart } from "./chart.tsx";
import { defaultsOption, itemsOption, levelsOption, type NamedBar, shareOption } from "./options.ts";
import { BEST_FIRST, defaultsOf, givenOf, isEmpty, itemDefaultsOf, itemsOf, notRatedShare } from "./series.ts";

const NAMES = ["from", "to", "agency", "hall", "window"] as const;

export const ChartsPage = (): ReactNode => {
  const { t } = useWords();
  const today = dayText(Date.now());
  const values = useFilters(NAMES, { from: dayAfter(today, -29), to: today });
  const places = usePlaceFields();
  const { from = "", to = "" } = values;
  const tooLong = dayAfter(from, CHART_DAYS - 1) < to;
  const chart = useAnswer("ratingChart", { query: { ...values, from, to } }, { enabled: !tooLong && from <= to });
  const days: FilterField[] = [
    { name: "from", label: t("frame.from"), as: "day" },
    { name: "to", label: t("frame.to"), as: "day" },
  ];
  return (
    <Page title={t("title.charts")} intro={t("charts.intro")}>
      <Filters fields={[...days, ...places]} values={values} submit={t("charts.draw")} />
      {tooLong ? (
        <Alert type="warning" showIcon className="note" title={t("charts.tooLong", { count: CHART_DAYS })} />
      ) : (
        <Answered asked={chart}>
          {(answer) =>
            isEmpty(answer) ? <Nothing title={t("charts.none")} advice={t("charts.noneAdvice")} /> : <Pictures answer={answer} />
          }
        </Answered>
      )}
    </Page>
  );
};

const Pictures = ({ answer }: { readonly answer: ChartAnswer }): ReactNode => {
  const words = useWords();
  const { t } = words;
  const days = useMemo(() => answer.days.map((bar) => ({ name: bar.day.slice(5), bar })), [answer]);
  const windows = useMemo(
    () => answer.windows.map((bar) => ({ name: bar.windowNo ?? words.t("charts.noWindow"), bar })),
    [answer, words.t],
  );
  const { language } = words;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language alone
  const options = useMemo(
    () => ({
      days: levelsOption(days, words),
      defaults: defaultsOption(days, words),
      items: itemsOption(days, words),
      share: shareOption(days, words),
      windows: levelsOption(windows, words),
    }),
    [days, windows, language],
  );
  const hasDefaults = answer.days.some((bar) => defaultsOf(bar) + itemDefaultsOf(bar) > 0);
  const hasItems = answer.days.some((bar) => itemsOf(bar) > 0);
  return (
    <>
      {answer.asOfMs === null ? null : <p className="quiet">{t("charts.asOf", { time: momentText(answer.asOfMs) })}</p>}
      <Picture title={t("charts.perDay")} table={<BarTable label={t("charts.perDay")} first={t("charts.day")} bars={days} />}>
        <Chart label={t("charts.perDay")} option={options.days} height={360} />
      </Picture>
      <Picture title={t("charts.notRatedShare")} note={t("charts.shareHow")}>
        <Chart label={t("charts.notRatedShare")} option={options.share} height={260} />
      </Picture>
      <Picture title={t("charts.perWindow")} table={<BarTable label={t("charts.perWindow")} first={t("frame.window")} bars={windows} />}>
        <Chart label={t("charts.perWindow")} option={options.windows} height={360} />
      </Picture>
      {hasItems ? (
        <Picture title={t("charts.itemsPerDay")}>
          <Chart label={t("charts.itemsPerDay")} option={options.items} height={260} />
        </Picture>
      ) : null}
      {hasDefaults ? (
        <Picture title={t("charts.defaultsPerDay")}>
          <Chart label={t("charts.defaultsPerDay")} option={options.defaults} height={260} />
        </Picture>
      ) : null}
    </>
  );
};

interface PictureProps {
  readonly title: string;
  readonly note?: string;
  readonly table?: ReactNode;
  readonly children: ReactNode;
}

const Picture = ({ title, note, table, children }: PictureProps): ReactNode => {
  const { t } = useWords();
  return (
    <section className="picture">
      <h2>{title}</h2>
      {note === undefined ? null : <p className="quiet">{note}</p>}
      {children}
      {table === undefined ? null : (
        <details>
          <summary>{t("charts.asTable")}</summary>
          {table}
        </details>
      )}
    </section>
  );
};

const BarTable = ({
  label,
  first,
  bars,
}: {
  readonly label: string;
  readonly first: string;
  readonly bars: readonly NamedBar[];
}): ReactNode => {
  const { t, code } = useWords();
  const columns: Column<NamedBar>[] = [
    { key: "name", title: first, cell: ({ name }) => name },
    ...BEST_FIRST.map((level) => ({
      key: String(level),
      title: code("level", level),
      look: "number" as const,
      cell: ({ bar }: NamedBar) => givenOf(bar, level),
    })),
    { key: "default", title: t("live.defaults"), look: "number", cell: ({ bar }) => defaultsOf(bar) },
    { key: "notRated", title: t("live.notRated"), look: "number", cell: ({ bar }) => bar.notRated },
    {
      key: "share",
      title: t("charts.share"),
      look: "number",
      cell: ({ bar }) => {
        const share = notRatedShare(bar);
        return share === null ? "—" : `${share} %`;
      },
    },
    { key: "items", title: t("live.itemsGiven"), look: "number", cell: ({ bar }) => itemsOf(bar) },
    { key: "itemDefaults", title: t("live.itemsDefault"), look: "number", cell: ({ bar }) => itemDefaultsOf(bar) },
  ];
  return <Table label={label} columns={columns} rows={bars} rowKey={({ name }) => name} />;
};
