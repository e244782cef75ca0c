import { Tag } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { CaseEvent } from "../../../console/contract/cases.ts";
import { LevelMark } from "../../elements/level.tsx";
import { momentText } from "../../elements/moment.ts";
import { useMay } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";

/** What is worth showing of an event besides its sentence. */
export const EventDetail = ({ event }: { readonly event: CaseEvent }): ReactNode => {
  const { code } = useWords();
  switch (event.kind) {
    case "rating":
      return <RatingDetail event={event} />;
    case "not-rated":
      return <p className="quiet">{code("notRated", event.reason)}</p>;
    case "policy-step":
      return <StepDetail event={event} />;
    case "refused-report":
      return (
        <p className="quiet">
          {event.code} · {event.field}：{event.detail}
        </p>
      );
    case "sms":
      return <p className="quiet">{code("sms", event.state)}</p>;
    case "look":
      return <p className="quiet">{code("purpose", event.purpose)}</p>;
    default:
      return null;
  }
};

const RatingDetail = ({ event }: { readonly event: Extract<CaseEvent, { kind: "rating" }> }): ReactNode => {
  const { t, code } = useWords();
  const mayRatings = useMay("see:ratings");
  return (
    <p>
      <LevelMark level={event.level} /> <Tag>{code("channel", event.channel)}</Tag>
      {event.channel === "default" ? <Tag>{t("ratings.default")}</Tag> : null}
      {event.effective ? null : <Tag>{t("ratings.notCounted")}</Tag>}
      {event.standing === "first" ? null : <Tag>{code("standing", event.standing)}</Tag>}
      {mayRatings ? <Link to={`/ratings/${event.ratingNo}`}>{t("cases.toRating", { no: event.ratingNo })}</Link> : null}
    </p>
  );
};

const StepDetail = ({ event }: { readonly event: Extract<CaseEvent, { kind: "policy-step" }> }): ReactNode => {
  const { t } = useWords();
  const due = event.dueMs === null ? (event.ask ? t("cases.askDate") : null) : t("cases.due", { time: momentText(event.dueMs) });
  return (
    <>
      {due === null ? null : <p>{due}</p>}
      <p className="quiet">
        {[
          t("cases.clause", { clause: event.clause }),
          event.reading === null ? null : t("cases.reading", { reading: event.reading }),
          event.dateSetBy === null ? null : t("cases.dateSetBy", { by: event.dateSetBy }),
          event.closedAtMs === null ? null : t("cases.closed", { time: momentText(event.closedAtMs) }),
          t("cases.pack", { version: event.packVersion, calendar: event.calendarVersion }),
        ]
          .filter((part) => part !== null)
          .join(" · ")}
      </p>
    </>
  );
};
