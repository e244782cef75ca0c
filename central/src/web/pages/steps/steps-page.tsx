import { useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Step } from "../../../console/contract/steps.ts";
import { call } from "../../api/call.ts";
import { usePages } from "../../api/use-answer.ts";
import { AskButton } from "../../elements/ask-button.tsx";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { momentText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useMay } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";
import { BeginStepButton } from "./begin-step.tsx";
import { DateButton } from "./step-date.tsx";

const STATES = ["waits-for-date", "open", "closed"] as const;

/** Steps of the handling of ratings: what waits for a person's date, what is open, what is done. */
export const StepsPage = (): ReactNode => {
  const { t, code } = useWords();
  const values = useFilters(["state"], { state: "waits-for-date" });
  const steps = usePages("steps", values);
  const mayDo = useMay("do:steps");
  const fields = [
    {
      name: "state",
      label: t("steps.state"),
      as: "choice",
      anything: code("stepState", "waits-for-date"),
      options: STATES.slice(1).map((value) => ({ value, text: code("stepState", value) })),
    },
  ] as const;
  return (
    <Page title={t("title.steps")} intro={t("steps.intro")} extra={mayDo ? <BeginStepButton /> : undefined}>
      <Filters fields={fields} values={{ state: values.state === "waits-for-date" ? "" : (values.state ?? "") }} />
      <RecomputePart />
      <ListPages asked={steps} rowsOf={(page) => page.steps} empty={<Nothing title={t("steps.none")} advice={t("steps.noneAdvice")} />}>
        {(rows) => <StepTable rows={rows} mayDo={mayDo} />}
      </ListPages>
    </Page>
  );
};

const RecomputePart = (): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const may = useMay("do:recompute");
  const [done, setDone] = useState<string | null>(null);
  if (!may) return null;
  const recompute = async (): Promise<void> => {
    const { changed, unchanged, refused } = await call("recomputeSteps", {});
    setDone(t("steps.recomputed", { changed, unchanged, refused: refused.length }));
    await queries.invalidateQueries({ queryKey: ["steps"] });
  };
  return (
    <div className="note">
      <AskButton
        text={t("steps.recompute")}
        question={t("steps.recomputeAsk")}
        explanation={t("steps.recomputeExplain")}
        onYes={recompute}
      />
      {done === null ? null : <Alert type="info" showIcon role="status" className="note" title={done} />}
    </div>
  );
};

const StepTable = ({ rows, mayDo }: { readonly rows: readonly Step[]; readonly mayDo: boolean }): ReactNode => {
  const { t, both, code } = useWords();
  const columns: Column<Step>[] = [
    {
      key: "step",
      title: t("steps.step"),
      look: "wide",
      cell: (step) => (
        <>
          <strong>{both(step.ruleName)}</strong>
          <div className="quiet">
            {[
              step.class === null ? "" : code("class", step.class),
              step.channel === null ? "" : code("reviewChannel", step.channel),
              step.actor ?? "",
            ]
              .filter((part) => part !== "")
              .join(" · ")}
          </div>
          <div className="quiet">{step.clause}</div>
        </>
      ),
    },
    {
      key: "subject",
      title: t("steps.belongsTo"),
      look: "nowrap",
      cell: ({ ratingNo, subject }) =>
        ratingNo === null ? subject : <Link to={`/ratings/${ratingNo}`}>{t("title.rating", { no: ratingNo })}</Link>,
    },
    { key: "at", title: t("steps.began"), look: "nowrap", cell: ({ at }) => <Time at={Date.parse(at)} /> },
    {
      key: "due",
      title: t("steps.due"),
      look: "nowrap",
      // A date that is due at 24:00 of a day is shown as that day.
      cell: ({ dueMs }) => (dueMs === null ? <strong>{t("steps.dueWaits")}</strong> : <time>{dueText(dueMs)}</time>),
    },
    { key: "do", title: "", look: "nowrap", cell: (step) => (mayDo ? <Decisions step={step} /> : null) },
  ];
  return (
    <Table
      label={t("title.steps")}
      columns={columns}
      rows={rows}
      rowKey={({ stepId }) => stepId}
      below={(step) => <StepNotes step={step} />}
    />
  );
};

const MINUTE_MS = 60_000;

/** "2026-03-20 24:00": the end of a day belongs to that day. */
const dueText = (dueMs: number): string => {
  const text = momentText(dueMs);
  return text.endsWith("00:00:00") ? `${momentText(dueMs - MINUTE_MS).slice(0, 10)} 24:00` : text;
};

const StepNotes = ({ step: { setting, extension } }: { readonly step: Step }): ReactNode => {
  const { t } = useWords();
  const notes = [
    ...(setting === null ? [] : [t("steps.setBy", { ...setting, time: momentText(setting.atMs), approvedBy: "" })]),
    ...(setting === null || setting.approvedBy === null ? [] : [t("steps.approvedBy", { by: setting.approvedBy })]),
    ...(extension === null
      ? []
      : [
          ...(extension.base === null ? [] : [t("steps.limit", { base: extension.base.slice(0, 10) })]),
          ...(extension.tellBefore === null ? [] : [t("steps.tellBefore", { date: extension.tellBefore })]),
          ...(extension.approvalBy === null ? [] : [t("steps.needsApproval", { by: extension.approvalBy })]),
          ...(extension.tell.length === 0 ? [] : [t("steps.tell", { who: extension.tell.join("、") })]),
        ]),
  ];
  return notes.length === 0 ? null : <p className="quiet">{notes.join(" · ")}</p>;
};

const Decisions = ({ step }: { readonly step: Step }): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  if (step.state === "closed") return null;
  const close = async (): Promise<void> => {
    await call("endStep", { params: { stepId: step.stepId } });
    await queries.invalidateQueries({ queryKey: ["steps"] });
  };
  return (
    <div className="form-buttons">
      {step.ask ? <DateButton step={step} /> : null}
      <AskButton text={t("steps.close")} question={t("steps.closeAsk")} explanation={t("steps.closeExplain")} onYes={close} />
    </div>
  );
};
