import { SILENT_AFTER_MS } from "@window-rating/protocol/sync";
import type { ReactNode } from "react";
import type { WindowLive, WindowPcAnswer } from "../../../console/contract/live.ts";
import { agoOf, momentText, shortMomentText } from "../../elements/moment.ts";
import { useWords } from "../../words/use-words.ts";
import { LevelCountsRow } from "./level-counts.tsx";

/** A shape for each state, so that none is told by colour alone. */
const PAD_SHAPES = { ready: "●", connecting: "◐", absent: "✕", failed: "▲", unknown: "?" } as const;

/** A clock that is further off is worth a word; times are corrected in any case. */
const CLOCK_LIMIT_MS = 120_000;

const isSilent = ({ lastSeenAtMs }: WindowPcAnswer, nowMs: number): boolean =>
  lastSeenAtMs === null || nowMs - lastSeenAtMs > SILENT_AFTER_MS;

/** Whether somebody should look after a window: its pad, its PC, or what it sent. */
export const needsHand = ({ pad, windowPcs }: WindowLive, nowMs: number): boolean =>
  windowPcs.length === 0 ||
  (pad !== null && ["absent", "failed"].includes(pad.connection)) ||
  windowPcs.some(
    (pc) => isSilent(pc, nowMs) || pc.setAside + pc.incidents + pc.holes > 0 || Math.abs(pc.clockOffsetMs ?? 0) > CLOCK_LIMIT_MS,
  );

interface WindowTileProps {
  readonly window: WindowLive;
  readonly nowMs: number;
}

export const WindowTile = ({ window, nowMs }: WindowTileProps): ReactNode => {
  const { t } = useWords();
  return (
    <article className={needsHand(window, nowMs) ? "tile alert" : "tile"}>
      <h2>
        <span className="tile-no">{window.windowNo}</span> <span className="tile-name">{window.name ?? ""}</span>
      </h2>
      <PadLine pad={window.pad} />
      <ClerkLine window={window} />
      <LevelCountsRow counts={window.today} />
      {window.windowPcs.length === 0 ? (
        <p className="tile-line warn">
          {t("live.noPc")} <span className="quiet">{t("live.noPcAdvice")}</span>
        </p>
      ) : (
        window.windowPcs.map((pc) => <PcLines key={pc.windowPcId} pc={pc} nowMs={nowMs} />)
      )}
    </article>
  );
};

const PadLine = ({ pad }: { readonly pad: WindowLive["pad"] }): ReactNode => {
  const { t, code } = useWords();
  if (pad === null) {
    return (
      <p className="tile-line pad" data-state="unknown">
        <span aria-hidden="true">?</span> {t("live.padUnknown")}
      </p>
    );
  }
  return (
    <p className="tile-line pad" data-state={pad.connection}>
      <span aria-hidden="true">{PAD_SHAPES[pad.connection]}</span> {t("live.pad")}
      {code("pad", pad.connection)}
      {pad.cause === null ? null : <span className="pad-cause">{pad.cause}</span>}
    </p>
  );
};

const ClerkLine = ({ window }: { readonly window: WindowLive }): ReactNode => {
  const { t } = useWords();
  const { clerksNow, clerks } = window;
  if (clerksNow.length > 0)
    return <p className="tile-line">{clerksNow.map(({ clerkName, staffNo }) => `${clerkName}（${staffNo}）`).join("、")}</p>;
  const last = clerks[0];
  return (
    <p className="tile-line quiet">
      {last === undefined ? t("live.noClerk") : t("live.lastClerk", { name: last.clerkName, no: last.staffNo })}
    </p>
  );
};

const PcLines = ({ pc, nowMs }: { readonly pc: WindowPcAnswer; readonly nowMs: number }): ReactNode => {
  const { t } = useWords();
  const silent = isSilent(pc, nowMs);
  const faults = [
    pc.setAside > 0 ? t("live.setAsideCount", { count: pc.setAside }) : null,
    pc.incidents > 0 ? t("live.incidentCount", { count: pc.incidents }) : null,
    pc.holes > 0 ? t("live.holes", { count: pc.holes }) : null,
    Math.abs(pc.clockOffsetMs ?? 0) > CLOCK_LIMIT_MS
      ? t("live.clockOff", { minutes: Math.round(Math.abs(pc.clockOffsetMs ?? 0) / 60_000) })
      : null,
  ].filter((fault) => fault !== null);
  const seen = (): string => {
    if (pc.lastSeenAtMs === null) return t("live.neverSeen");
    const [unit, count] = agoOf(pc.lastSeenAtMs, nowMs);
    return t(silent ? "live.silentFor" : "live.seen", { ago: t(`frame.${unit}`, { count }) });
  };
  return (
    <>
      <p className={silent ? "tile-line warn" : "tile-line"} title={pc.lastSeenAtMs === null ? undefined : momentText(pc.lastSeenAtMs)}>
        <span aria-hidden="true">{silent ? "✕" : "⇅"}</span> {seen()}
      </p>
      <p className="tile-line">
        <QueueWords pc={pc} nowMs={nowMs} />
      </p>
      {faults.length === 0 ? null : (
        <p className="tile-line warn">
          <span aria-hidden="true">▲</span> {faults.join("，")}
        </p>
      )}
    </>
  );
};

const QueueWords = ({ pc, nowMs }: { readonly pc: WindowPcAnswer; readonly nowMs: number }): ReactNode => {
  const { t } = useWords();
  const { status } = pc;
  if (status === null) return <span className="quiet">{t("live.queueUnknown")}</span>;
  if (status.waiting === 0) return <span className="quiet">{t("live.queueNone")}</span>;
  return (
    <>
      {t("live.queue", { count: status.waiting })}
      {status.oldestWaitingAtMs === null ? null : `，${t("live.oldest", { time: shortMomentText(status.oldestWaitingAtMs, nowMs) })}`}
    </>
  );
};
