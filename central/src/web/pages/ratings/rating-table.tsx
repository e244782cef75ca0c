import { Tag } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { RatingRow } from "../../../console/contract/ratings.ts";
import { LevelMark } from "../../elements/level.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useMay } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";

export const RatingTable = ({ rows }: { readonly rows: readonly RatingRow[] }): ReactNode => {
  const { t } = useWords();
  const columns: Column<RatingRow>[] = [
    {
      key: "time",
      title: t("frame.time"),
      look: "nowrap",
      cell: ({ ratingNo, atMs }) => (
        <Link to={`/ratings/${ratingNo}`}>
          <Time at={atMs} />
        </Link>
      ),
    },
    { key: "level", title: t("ratings.level"), look: "nowrap", cell: (row) => <RatingMark row={row} /> },
    { key: "what", title: t("frame.item"), look: "wide", cell: (row) => <RatingSubject row={row} /> },
    { key: "who", title: t("frame.clerk"), cell: ({ windowNo, clerkName, staffNo }) => <WhoWhere {...{ windowNo, clerkName, staffNo }} /> },
    { key: "how", title: t("ratings.origin"), cell: (row) => <RatingOrigin row={row} /> },
  ];
  return (
    <Table
      label={t("title.ratings")}
      columns={columns}
      rows={rows}
      rowKey={({ ratingNo }) => ratingNo}
      rowClass={({ given }) => (given ? undefined : "by-default")}
    />
  );
};

/** The level, and what must be known with it: set by default, bad, not counted. */
export const RatingMark = ({ row }: { readonly row: RatingRow }): ReactNode => {
  const { t, code } = useWords();
  return (
    <div className="marks">
      <LevelMark level={row.level} />
      <div>
        {row.given ? null : <Tag>{t("ratings.default")}</Tag>}
        {row.given && row.level <= 2 ? <Tag color="error">{t("ratings.bad")}</Tag> : null}
        {row.byDecision ? <Tag>{t("ratings.byDecision")}</Tag> : null}
        {row.standing === "first" ? null : <Tag>{code("standing", row.standing)}</Tag>}
        {row.supersededBy === null ? null : <Tag>{t("ratings.supersededBy", { no: row.supersededBy })}</Tag>}
        {row.hasWords ? <Tag>{t("ratings.hasWords")}</Tag> : null}
      </div>
    </div>
  );
};

const RatingSubject = ({ row }: { readonly row: RatingRow }): ReactNode => {
  const { t, code } = useWords();
  const mayCases = useMay("see:cases");
  const caseText =
    row.caseNo === null ? null : `${row.caseNo}${row.visitNo === null ? "" : ` · ${t("frame.visitNo", { no: row.visitNo })}`}`;
  return (
    <>
      <div>{row.itemName ?? row.subjectNo ?? "—"}</div>
      <div className="quiet">
        {code("subject", row.subject)}
        {caseText === null ? null : " · "}
        {caseText !== null && mayCases ? <Link to={`/cases/${encodeURIComponent(row.caseNo ?? "")}`}>{caseText}</Link> : caseText}
      </div>
    </>
  );
};

interface WhoWhereProps {
  readonly windowNo: string | null;
  readonly clerkName: string | null;
  readonly staffNo: string | null;
}

const WhoWhere = ({ windowNo, clerkName, staffNo }: WhoWhereProps): ReactNode => {
  const { t } = useWords();
  return (
    <>
      {windowNo === null ? null : <div>{t("frame.windowNo", { no: windowNo })}</div>}
      {staffNo === null ? null : (
        <div className="quiet">
          {clerkName ?? ""}（{staffNo}）
        </div>
      )}
      {windowNo === null && staffNo === null ? "—" : null}
    </>
  );
};

const RatingOrigin = ({ row }: { readonly row: RatingRow }): ReactNode => {
  const { code } = useWords();
  return (
    <>
      <div>{code("channel", row.channel)}</div>
      {row.given ? (
        <div className="quiet">
          {row.circumstance === null
            ? code("origin", row.origin)
            : `${code("origin", row.origin)} · ${code("circumstance", row.circumstance)}`}
        </div>
      ) : null}
    </>
  );
};
