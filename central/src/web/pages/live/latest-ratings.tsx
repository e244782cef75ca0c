import type { ReactNode } from "react";
import { Link } from "react-router";
import type { RatingRow } from "../../../console/contract/ratings.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { LevelMark } from "../../elements/level.tsx";
import { momentText } from "../../elements/moment.ts";
import { useWords } from "../../words/use-words.ts";

const SHOWN = 10;

/** The newest ratings of a hall, as they come; for who may see ratings. */
export const LatestRatings = ({ hallNo }: { readonly hallNo: string }): ReactNode => {
  const { t } = useWords();
  const latest = useAnswer("ratings", { query: { hall: hallNo, limit: SHOWN } }, { everyMs: 60_000 });
  const rows = latest.data?.ratings ?? [];
  return (
    <section className="card latest">
      <h2>{t("live.latest")}</h2>
      {latest.data !== undefined && rows.length === 0 ? <p className="quiet">{t("live.noRatings")}</p> : null}
      <ol>
        {rows.map((row) => (
          <Latest key={row.ratingNo} row={row} />
        ))}
      </ol>
    </section>
  );
};

const Latest = ({ row }: { readonly row: RatingRow }): ReactNode => {
  const { t } = useWords();
  const time = momentText(row.atMs).slice(11);
  return (
    <li className={row.given ? undefined : "by-default"}>
      <Link to={`/ratings/${row.ratingNo}`} className="time">
        {time}
      </Link>
      <LevelMark level={row.level} />
      <span>{row.given ? (row.itemName ?? "") : t("ratings.default")}</span>
      <span className="quiet">
        {row.windowNo === null ? "" : t("frame.windowNo", { no: row.windowNo })} {row.clerkName ?? ""}
      </span>
    </li>
  );
};
