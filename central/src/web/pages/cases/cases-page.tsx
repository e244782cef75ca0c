import { Tag } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { CASE_STATES, type CaseRow } from "../../../console/contract/cases.ts";
import { usePages } from "../../api/use-answer.ts";
import { type FilterField, Filters, useFilters } from "../../elements/filters.tsx";
import { LevelMark } from "../../elements/level.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { periodQuery } from "../../elements/period.ts";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";

const NAMES = ["caseNo", "state", "from", "to", "agency", "hall", "window", "item", "staffNo"] as const;

export const CasesPage = (): ReactNode => {
  const { t, code } = useWords();
  const values = useFilters(NAMES);
  const { from, to, ...others } = values;
  const cases = usePages("cases", { ...others, ...periodQuery({ from, to }) });
  const places = usePlaceFields();
  const fields: FilterField[] = [
    { name: "caseNo", label: t("cases.prefix"), as: "text" },
    {
      name: "state",
      label: t("frame.state"),
      as: "choice",
      options: CASE_STATES.map((value) => ({ value, text: code("caseState", value) })),
    },
    { name: "from", label: t("frame.from"), as: "day" },
    { name: "to", label: t("frame.to"), as: "day" },
    ...places,
    { name: "item", label: t("frame.itemCode"), as: "text" },
    { name: "staffNo", label: t("frame.staffNo"), as: "text" },
  ];
  const isFiltered = Object.values(values).some((value) => value !== "");
  return (
    <Page title={t("title.cases")}>
      <Filters fields={fields} values={values} />
      <ListPages
        asked={cases}
        rowsOf={(page) => page.cases}
        empty={
          isFiltered ? (
            <Nothing title={t("frame.noRows")} advice={t("frame.noRowsAdvice")} />
          ) : (
            <Nothing title={t("cases.none")} advice={t("cases.noneAdvice")} />
          )
        }
      >
        {(rows) => <CaseTable rows={rows} />}
      </ListPages>
    </Page>
  );
};

const CaseTable = ({ rows }: { readonly rows: readonly CaseRow[] }): ReactNode => {
  const { t } = useWords();
  const columns: Column<CaseRow>[] = [
    {
      key: "no",
      title: t("frame.caseNo"),
      look: "nowrap",
      cell: ({ caseNo }) => <Link to={`/cases/${encodeURIComponent(caseNo)}`}>{caseNo}</Link>,
    },
    {
      key: "item",
      title: t("frame.item"),
      look: "wide",
      cell: ({ itemName, itemCode, themeNo }) => (
        <>
          <div>{itemName}</div>
          <div className="quiet">
            {itemCode}
            {themeNo === null ? null : ` · ${t("cases.theme")} ${themeNo}`}
          </div>
        </>
      ),
    },
    { key: "visits", title: t("cases.staffRating"), cell: ({ visits }) => <Visits visits={visits} /> },
    { key: "rating", title: t("cases.itemRating"), look: "nowrap", cell: ({ rating }) => <Counting rating={rating} /> },
    {
      key: "state",
      title: t("cases.completedAt"),
      look: "nowrap",
      cell: ({ completedAtMs, receivedAtMs }) => (
        <>
          {completedAtMs === null ? <Tag>{t("cases.open1")}</Tag> : <Time at={completedAtMs} />}
          <div className="quiet">
            {t("cases.receivedAt")} <Time at={receivedAtMs} />
          </div>
        </>
      ),
    },
  ];
  return <Table label={t("title.cases")} columns={columns} rows={rows} rowKey={({ caseNo }) => caseNo} />;
};

type Counted = CaseRow["rating"];

/** The rating that counts; one set by default says so. */
const Counting = ({ rating }: { readonly rating: Counted }): ReactNode => {
  const { t } = useWords();
  if (rating === null) return <span className="quiet">{t("cases.notRated")}</span>;
  return (
    <>
      <LevelMark level={rating.level} />
      {rating.channel === "default" ? <Tag>{t("ratings.default")}</Tag> : null}
    </>
  );
};

const Visits = ({ visits }: { readonly visits: CaseRow["visits"] }): ReactNode => {
  const { t } = useWords();
  if (visits.length === 0) return "—";
  return (
    <ul className="visits">
      {visits.map((visit) => (
        <li key={visit.visitNo}>
          {visits.length > 1 ? `${t("frame.visitNo", { no: visit.visitNo })} · ` : ""}
          {visit.windowNo === null ? "" : `${t("frame.windowNo", { no: visit.windowNo })} · `}
          {visit.clerkName ?? visit.staffNo ?? "—"} · <Counting rating={visit.rating} />
        </li>
      ))}
    </ul>
  );
};
