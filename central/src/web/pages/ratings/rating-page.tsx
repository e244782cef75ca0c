import { Alert } from "antd";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import type { RatingAnswer } from "../../../console/contract/ratings.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { Checks } from "../../elements/checks.tsx";
import { type Fact, Facts, Remarks } from "../../elements/facts.tsx";
import { LookButton } from "../../elements/look-button.tsx";
import { momentText } from "../../elements/moment.ts";
import { Page } from "../../elements/page.tsx";
import { Time } from "../../elements/time.tsx";
import { useMay } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";
import { RatingMark } from "./rating-table.tsx";

export const RatingPage = (): ReactNode => {
  const { t } = useWords();
  const { ratingNo = "" } = useParams();
  const rating = useAnswer("rating", { params: { ratingNo } });
  return (
    <Page title={t("title.rating", { no: ratingNo })} extra={<Link to="/ratings">{t("ratings.back")}</Link>}>
      <Answered asked={rating}>{(answer) => <Rating answer={answer} />}</Answered>
    </Page>
  );
};

const Rating = ({ answer }: { readonly answer: RatingAnswer }): ReactNode => (
  <div className="columns">
    <What answer={answer} />
    <Verification answer={answer} />
    <How answer={answer} />
  </div>
);

const ratingLink = (no: number | null, text: (no: number) => string): ReactNode =>
  no === null ? null : <Link to={`/ratings/${no}`}>{text(no)}</Link>;

const What = ({ answer }: { readonly answer: RatingAnswer }): ReactNode => {
  const { t, code } = useWords();
  const mayCases = useMay("see:cases");
  const { rating } = answer;
  const reasons = answer.reasonTexts.length === 0 ? rating.reasons : answer.reasonTexts.map((reason) => `${reason.code} ${reason.text}`);
  const caseText = `${rating.caseNo}${rating.visitNo === null ? "" : ` · ${t("frame.visitNo", { no: rating.visitNo })}`}`;
  const facts: Fact[] = [
    [t("ratings.level"), <RatingMark key="level" row={rating} />],
    [t("ratings.subject"), code("subject", rating.subject) + (rating.subjectNo === null ? "" : ` ${rating.subjectNo}`)],
    [t("frame.item"), rating.itemName === null ? null : `${rating.itemName}（${rating.itemCode}）`],
    [
      t("frame.caseNo"),
      rating.caseNo === null ? null : mayCases ? (
        <Link key="case" to={`/cases/${encodeURIComponent(rating.caseNo)}`}>
          {caseText}
        </Link>
      ) : (
        caseText
      ),
    ],
    [t("frame.window"), rating.windowNo],
    [t("frame.clerk"), rating.staffNo === null ? null : `${rating.clerkName ?? ""}（${rating.staffNo}）`],
    [t("ratings.reasons"), reasons.length === 0 ? null : reasons.join("；")],
    [t("ratings.standing"), code("standing", rating.standing)],
  ];
  return (
    <section className="card">
      <h2>{t("ratings.what")}</h2>
      <Facts facts={facts} />
      <Remarks
        remarks={[
          ["supersedes", ratingLink(rating.supersedes, (no) => t("ratings.supersedes", { no }))],
          ["superseded", ratingLink(rating.supersededBy, (no) => t("ratings.supersededBy", { no }))],
          ["from", ratingLink(rating.sharedFrom, (no) => t("ratings.sharedFrom", { no }))],
          ["to", answer.sharedTo === 0 ? null : t("ratings.sharedTo", { count: answer.sharedTo })],
        ]}
      />
      {answer.sealed ? (
        <>
          <p>{t("ratings.sealed")}</p>
          <LookButton subject="ratings" no={String(rating.ratingNo)} />
        </>
      ) : null}
    </section>
  );
};

const Verification = ({ answer }: { readonly answer: RatingAnswer }): ReactNode => {
  const { t, both } = useWords();
  const { verification, entry } = answer;
  const type = { good: "success", bad: "error", unsigned: "info" } as const;
  const titles = { good: t("ratings.good"), bad: t("ratings.bad2"), unsigned: t("ratings.unsigned") };
  return (
    <section className="card">
      <h2>{t("ratings.verification")}</h2>
      <Alert
        type={type[verification.result]}
        showIcon
        role="status"
        className="note"
        title={titles[verification.result]}
        description={
          <>
            <p>{both(verification.text)}</p>
            <p className="quiet">{t("ratings.checkedAt", { time: momentText(verification.checkedAtMs) })}</p>
          </>
        }
      />
      <Checks checks={verification.checks} />
      {entry === null ? null : (
        <details>
          <summary>{t("ratings.evidence")}</summary>
          <Facts
            facts={[
              [t("pcs.pc"), entry.windowPcId],
              [t("ratings.hash"), <code key="hash">{entry.hash}</code>],
              [t("ratings.previousHash"), <code key="previous">{entry.previousHash}</code>],
              [t("ratings.signature"), <code key="signature">{entry.signature}</code>],
              [t("ratings.publicKey"), <code key="key">{entry.publicKey}</code>],
            ]}
          />
        </details>
      )}
    </section>
  );
};

const How = ({ answer }: { readonly answer: RatingAnswer }): ReactNode => {
  const { t, code } = useWords();
  const { rating, entry } = answer;
  const clock = code("clock", entry === null ? "channel" : "window-pc");
  const offset = entry === null || Math.abs(entry.clockOffsetMs) < 1000 ? null : Math.round(entry.clockOffsetMs / 1000);
  const sinceOpenMs = entry?.sinceOpenMs ?? null;
  const { countedBy, countedBecause, ...details } = answer.details;
  const told = Object.entries({ ...details, ...entry?.pad }).filter(([, value]) => value !== null && value !== "");
  const facts: Fact[] = [
    [t("ratings.channel"), code("channel", rating.channel)],
    [t("ratings.origin"), code("origin", rating.origin)],
    [t("frame.time"), <Time key="at" at={rating.atMs} source={clock} />],
    [t("ratings.clock"), clock],
    [t("ratings.receivedAt"), <Time key="received" at={rating.receivedAtMs} source={code("clock", "central")} />],
    [t("ratings.typedBy"), answer.typedBy],
    [t("ratings.countedBy"), countedBy === undefined ? null : String(countedBy)],
    [t("ratings.countedBecause"), countedBecause === undefined ? null : String(countedBecause)],
    [t("title.imports"), answer.importNo],
    [t("ratings.receipts"), answer.receipts.length === 0 ? null : t("ratings.receiptCount", { count: answer.receipts.length })],
    [t("ratings.requestId"), <code key="request">{answer.requestId}</code>],
  ];
  return (
    <section className="card">
      <h2>{t("ratings.how")}</h2>
      <Facts facts={facts} />
      <Remarks
        remarks={[
          ["offset", offset === null ? null : t("ratings.clockOffset", { seconds: offset })],
          ["since", sinceOpenMs === null ? null : t("ratings.pressedAfter", { seconds: (sinceOpenMs / 1000).toFixed(1) })],
          ["circumstance", rating.circumstance === null ? null : code("circumstance", rating.circumstance)],
          [
            "trigger",
            entry === null || entry.trigger === null
              ? null
              : `${code("trigger", entry.trigger)}${entry.triggeredBy === null ? "" : `（${entry.triggeredBy}）`}`,
          ],
          ["entry", entry === null ? null : t("ratings.entryNo", { no: entry.number })],
          ["named", rating.given ? code("named", rating.named) : null],
        ]}
      />
      {told.length === 0 ? null : (
        <details>
          <summary>{t("ratings.details")}</summary>
          <Facts facts={told.map(([name, value]): Fact => [name, typeof value === "object" ? JSON.stringify(value) : String(value)])} />
        </details>
      )}
    </section>
  );
};
