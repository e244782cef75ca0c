import { Alert, Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import type { CaseEvent, CaseStory } from "../../../console/contract/cases.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { LookButton } from "../../elements/look-button.tsx";
import { Page } from "../../elements/page.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";
import { EventDetail } from "./event-detail.tsx";

export const CasePage = (): ReactNode => {
  const { t } = useWords();
  const { caseNo = "" } = useParams();
  const story = useAnswer("caseStory", { params: { caseNo } });
  return (
    <Page title={t("title.case", { no: caseNo })} extra={<Link to="/cases">{t("cases.back")}</Link>}>
      <Answered asked={story}>{(answer) => <Story story={answer} />}</Answered>
    </Page>
  );
};

const Story = ({ story }: { readonly story: CaseStory }): ReactNode => {
  const { t, teller } = useWords();
  const { case: row } = story;
  return (
    <>
      <section className="card">
        <h2>{row.itemName}</h2>
        <Facts
          facts={[
            [t("frame.itemCode"), row.itemCode],
            [t("frame.agency"), row.agencyCode],
            [t("cases.theme"), row.themeNo],
            [t("frame.kind"), row.online === null ? null : t(row.online ? "cases.online" : "cases.onsite")],
            [t("cases.acceptedAt"), row.acceptedAtMs === null ? null : <Time key="accepted" at={row.acceptedAtMs} />],
            [t("cases.completedAt"), row.completedAtMs === null ? t("cases.open1") : <Time key="completed" at={row.completedAtMs} />],
            [t("cases.toldBy"), teller(row.toldBy)],
          ]}
        />
        {story.hasContact ? (
          <>
            <p>{t("cases.hasContact")}</p>
            <LookButton subject="cases" no={row.caseNo} />
          </>
        ) : null}
      </section>
      {story.elsewhere ? <Alert type="info" showIcon className="note" title={t("cases.elsewhere")} /> : null}
      <Events events={story.events} />
      {story.cut ? <Alert type="warning" showIcon className="note" title={t("cases.cut")} /> : null}
    </>
  );
};

/** What may be asked for apart. */
const GROUPS = {
  all: () => true,
  ratings: ({ kind }: CaseEvent) => ["rating", "not-rated", "receipt", "static-match", "sms-reply", "code-issued"].includes(kind),
  rules: ({ kind }: CaseEvent) => ["policy-step", "reminder", "sms"].includes(kind),
  reports: ({ kind }: CaseEvent) =>
    ["told", "accepted", "served", "completed", "report", "refused-report", "retaken-report", "look"].includes(kind),
} as const;
type Group = keyof typeof GROUPS;

/** A shape for each kind of event. */
const SHAPES: Readonly<Partial<Record<CaseEvent["kind"], string>>> = {
  rating: "★",
  "not-rated": "☆",
  completed: "✓",
  "refused-report": "✕",
  "policy-step": "§",
  reminder: "✉",
  sms: "✉",
  "sms-reply": "✉",
  look: "◉",
};

const Events = ({ events }: { readonly events: readonly CaseEvent[] }): ReactNode => {
  const { t, code, both, teller } = useWords();
  const [group, setGroup] = useState<Group>("all");
  const names: Record<Group, string> = {
    all: t("frame.all"),
    ratings: t("cases.eventsRatings"),
    rules: t("cases.eventsRules"),
    reports: t("cases.eventsReports"),
  };
  return (
    <section>
      <h2>{t("cases.story")}</h2>
      <Segmented<Group>
        aria-label={t("cases.onlyEvents")}
        value={group}
        onChange={setGroup}
        options={(Object.keys(GROUPS) as Group[]).map((value) => ({ value, label: names[value] }))}
      />
      <ol className="story">
        {events.filter(GROUPS[group]).map((event, index) => (
          // Events have no number of their own, and their order never changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index} data-kind={event.kind}>
            <span className="story-shape" aria-hidden="true">
              {SHAPES[event.kind] ?? "•"}
            </span>
            <div className="story-time">
              <Time at={event.atMs} source={code("clock", event.clock)} />
              <div className="quiet">{code("clock", event.clock)}</div>
            </div>
            <div className="story-text">
              <p>{both(event.text)}</p>
              <EventDetail event={event} />
              <p className="quiet">{t("cases.by", { by: teller(event.by) })}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
};
