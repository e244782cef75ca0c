import type { ReactNode } from "react";
import { Link } from "react-router";
import type { HallsAnswer } from "../../../console/contract/live.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useLive } from "../../api/use-live.ts";
import { Answered } from "../../elements/answered.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { useWords } from "../../words/use-words.ts";
import { LevelCountsRow } from "./level-counts.tsx";
import { LiveMark } from "./live-mark.tsx";

type Hall = HallsAnswer["halls"][number];

/** Windows without a hall have no number to ask by. */
const addressOf = ({ hallNo }: Hall): string => (hallNo === null ? "/live/hall" : `/live/hall?hall=${encodeURIComponent(hallNo)}`);

export const HallsPage = (): ReactNode => {
  const { t } = useWords();
  const halls = useAnswer("halls", {}, { everyMs: 60_000 });
  const state = useLive({}, ["halls"]);
  return (
    <Page title={t("title.live")} intro={t("live.intro")} extra={<LiveMark state={state} atMs={halls.data?.atMs} />}>
      <Answered asked={halls}>
        {(answer) =>
          answer.halls.length === 0 ? (
            <Nothing title={t("live.noHalls")} advice={t("live.noHallsAdvice")} />
          ) : (
            <ul className="halls">
              {answer.halls.map((hall) => (
                <li key={hall.hallNo ?? ""}>
                  <HallCard hall={hall} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Page>
  );
};

const HallCard = ({ hall }: { readonly hall: Hall }): ReactNode => {
  const { t } = useWords();
  const name = hall.hallNo === null ? t("live.withoutHall") : (hall.name ?? t("frame.hallScope", { no: hall.hallNo }));
  const trouble = (title: string, count: number): ReactNode => (
    <div className={count > 0 ? "fact alert" : "fact"}>
      <dt>{title}</dt>
      <dd>{count}</dd>
    </div>
  );
  return (
    <article className="hall">
      <h2>
        <Link to={addressOf(hall)}>{name}</Link>
      </h2>
      {hall.agencyName === null ? null : <p className="quiet">{hall.agencyName}</p>}
      <dl className="hall-facts">
        <div className="fact">
          <dt>{t("live.windows")}</dt>
          <dd>{hall.windows}</dd>
        </div>
        {trouble(t("live.silent"), hall.silent)}
        {trouble(t("live.padsAway"), hall.padsAway)}
        <div className="fact">
          <dt>{t("live.waiting")}</dt>
          <dd>{hall.waiting}</dd>
        </div>
        {trouble(t("live.setAside"), hall.setAside)}
        {trouble(t("live.incidents"), hall.incidents)}
      </dl>
      <h3>{t("live.today")}</h3>
      <LevelCountsRow counts={hall.today} />
    </article>
  );
};
