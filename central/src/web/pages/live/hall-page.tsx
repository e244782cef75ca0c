import { FullscreenOutlined } from "@ant-design/icons";
import { Button, Checkbox } from "antd";
import { type ReactNode, useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { HallAnswer } from "../../../console/contract/live.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useLive } from "../../api/use-live.ts";
import { Answered } from "../../elements/answered.tsx";
import { useNow } from "../../elements/clock.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { useMay } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";
import { LatestRatings } from "./latest-ratings.tsx";
import { LevelCountsRow } from "./level-counts.tsx";
import { LiveMark } from "./live-mark.tsx";
import { needsHand, WindowTile } from "./window-tile.tsx";

/** One hall: every window as a tile; on a wall screen the same in large letters and without anything to press. */
export const HallPage = (): ReactNode => {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const hallNo = search.get("hall") ?? undefined;
  const isWall = search.get("wall") === "1";
  const query = hallNo === undefined ? {} : { hall: hallNo };
  const hall = useAnswer("hall", { query }, { everyMs: 30_000 });
  const mayRatings = useMay("see:ratings");
  const state = useLive({ query }, ["hall", "ratings"]);
  const title = hallNo === undefined ? t("live.withoutHall") : (hall.data?.hall.name ?? t("frame.hallScope", { no: hallNo }));
  const setWall = (on: boolean): void => {
    const next = new URLSearchParams(search);
    if (on) next.set("wall", "1");
    else next.delete("wall");
    setSearch(next);
  };
  const extra = (
    <>
      <LiveMark state={state} atMs={hall.data?.atMs} />
      {isWall ? (
        <div className="wall-buttons">
          <Button icon={<FullscreenOutlined />} onClick={() => void document.documentElement.requestFullscreen()}>
            {t("live.fullscreen")}
          </Button>
          <Button onClick={() => setWall(false)}>{t("live.wallEnd")}</Button>
        </div>
      ) : (
        <>
          <Link to="/live">{t("live.allHalls")}</Link>
          <Button onClick={() => setWall(true)}>{t("live.wall")}</Button>
        </>
      )}
    </>
  );
  return (
    <Page title={title} extra={extra}>
      <Answered asked={hall}>{(answer) => <Windows answer={answer} readAtMs={hall.dataUpdatedAt} isWall={isWall} />}</Answered>
      {hallNo !== undefined && mayRatings ? <LatestRatings hallNo={hallNo} /> : null}
    </Page>
  );
};

interface WindowsProps {
  readonly answer: HallAnswer;
  /** When the answer came, by the browser's clock. */
  readonly readAtMs: number;
  readonly isWall: boolean;
}

const Windows = ({ answer, readAtMs, isWall }: WindowsProps): ReactNode => {
  const { t } = useWords();
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const now = useNow(10_000);
  if (answer.windows.length === 0) return <Nothing title={t("live.noWindows")} advice={t("live.noHallsAdvice")} />;
  // The browser's clock may be wrong: it only tells how long ago central answered.
  const nowMs = answer.atMs + Math.max(0, now - readAtMs);
  const shown = onlyTrouble && !isWall ? answer.windows.filter((window) => needsHand(window, nowMs)) : answer.windows;
  return (
    <>
      <section className="hall-sum" aria-label={t("live.today")}>
        <LevelCountsRow counts={answer.hall.today} />
      </section>
      {isWall ? null : (
        <Checkbox checked={onlyTrouble} onChange={({ target }) => setOnlyTrouble(target.checked)}>
          {t("live.onlyTrouble")}
        </Checkbox>
      )}
      {shown.length === 0 ? (
        <Nothing title={t("live.noTrouble")} advice={t("live.noTroubleAdvice")} />
      ) : (
        <ul className="tiles">
          {shown.map((window) => (
            <li key={window.windowNo}>
              <WindowTile window={window} nowMs={nowMs} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
};
