import { Alert, Tag } from "antd";
import type { ReactNode } from "react";
import type { z } from "zod";
import type { JobStatusAnswer, jobRunListSchema } from "../../../console/contract/work.ts";
import { JOBS } from "../../../console/contract/work.ts";
import { useAnswer, usePages } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { CODES } from "../../words/codes.ts";
import { useWords, type WordUse } from "../../words/use-words.ts";

type Rule = JobStatusAnswer["rules"][number];
type Other = JobStatusAnswer["others"][number];
type Run = z.infer<typeof jobRunListSchema>["runs"][number];

/** Central counts what is due up to this number. */
const COUNTED = 10_000;
/** A rule that has this much to do and ran long ago is behind. */
const LATE_MS = 15 * 60_000;

export const JobsPage = (): ReactNode => {
  const { t } = useWords();
  const status = useAnswer("jobs", {}, { everyMs: 30_000 });
  return (
    <Page title={t("title.jobs")} intro={t("jobs.intro")}>
      <Answered asked={status}>{(answer) => <Status answer={answer} />}</Answered>
      <Runs />
    </Page>
  );
};

const Status = ({ answer }: { readonly answer: JobStatusAnswer }): ReactNode => {
  const { t, code, both } = useWords();
  const packs = useAnswer("packs", {}).data?.packs;
  const known = packs?.find(({ region }) => region === answer.region);
  const regionName = packs === undefined ? "…" : known === undefined ? (answer.region ?? "") : both(known.name);
  const settings = Object.entries(answer.settings).filter(([name]) => name in CODES.setting);
  const messages = Object.entries(answer.messages);
  return (
    <>
      {answer.region === null ? (
        <Alert type="warning" showIcon className="note" title={t("jobs.noRegion")} />
      ) : (
        <p>{t("jobs.region", { region: regionName })}</p>
      )}
      <h2>{t("jobs.rules")}</h2>
      <RuleTable rules={answer.rules} atMs={answer.atMs} />
      <p className="quiet">{t("jobs.bySms")}</p>
      <h2>{t("jobs.others")}</h2>
      <OtherTable others={answer.others} />
      <div className="columns">
        {messages.length === 0 ? null : (
          <section className="card">
            <h2>{t("jobs.messages")}</h2>
            <Facts facts={messages.map(([state, count]) => [code("sms", state), count])} />
          </section>
        )}
        {settings.length === 0 ? null : (
          <section className="card">
            <h2>{t("jobs.settings")}</h2>
            <Facts facts={settings.map(([name, value]) => [code("setting", name), settingText(value, t)])} />
          </section>
        )}
      </div>
    </>
  );
};

/** A choice of the site as people read it; null leaves it to the region's rules. */
const settingText = (value: unknown, t: WordUse["t"]): string => {
  if (value === null) return t("jobs.asRules");
  if (typeof value === "boolean") return t(value ? "frame.yes" : "frame.no");
  if (typeof value !== "object") return String(value);
  const hours = value as { from?: unknown; until?: unknown };
  if (hours.from !== undefined) return `${hours.from} – ${hours.until}`;
  const halls = Object.entries(value as Record<string, unknown>).map(([hall, own]) => `${hall} ${settingText(own, t)}`);
  return halls.length === 0 ? t("frame.none") : halls.join("；");
};

const LastRun = ({ run }: { readonly run: Rule["lastRun"] }): ReactNode => {
  const { t } = useWords();
  if (run === null) return <span className="quiet">{t("jobs.never")}</span>;
  return (
    <>
      <Time at={run.finishedAtMs} />
      <div className="quiet">{t("jobs.did", { count: run.done })}</div>
    </>
  );
};

const RuleTable = ({ rules, atMs }: { readonly rules: readonly Rule[]; readonly atMs: number }): ReactNode => {
  const { t, code, both } = useWords();
  const isLate = ({ state, due, lastRun }: Rule): boolean =>
    state === "runs" && due > 0 && (lastRun === null || atMs - lastRun.finishedAtMs > LATE_MS);
  const dueText = (due: number): string => t(due >= COUNTED ? "jobs.dueMany" : "jobs.dueCount", { count: due });
  const next = (rule: Rule): string => {
    if (rule.state === "held") return t("jobs.nextHeld");
    if (rule.state === "waits") return t("jobs.nextWaits");
    if (rule.state === "off") return t("jobs.nextOff");
    return rule.due > 0 ? t("jobs.nextDue", { count: rule.due }) : t("jobs.nextNothing");
  };
  const columns: Column<Rule>[] = [
    { key: "job", title: t("jobs.job"), look: "nowrap", cell: ({ rule }) => code("job", rule) },
    {
      key: "state",
      title: t("frame.state"),
      look: "wide",
      cell: (rule) => (
        <>
          <Tag color={rule.state === "runs" ? "success" : "default"}>{code("ruleState", rule.state)}</Tag>
          {isLate(rule) ? <Tag color="error">{t("jobs.late")}</Tag> : null}
          {rule.why === null ? null : <div className="quiet">{both(rule.why)}</div>}
        </>
      ),
    },
    { key: "due", title: t("jobs.due"), look: "number", cell: ({ due }) => dueText(due) },
    { key: "last", title: t("jobs.lastRun"), look: "nowrap", cell: ({ lastRun }) => <LastRun run={lastRun} /> },
    { key: "next", title: t("jobs.next"), look: "wide", cell: next },
  ];
  return <Table label={t("jobs.rules")} columns={columns} rows={rules} rowKey={({ rule }) => rule} />;
};

const OtherTable = ({ others }: { readonly others: readonly Other[] }): ReactNode => {
  const { t, code } = useWords();
  const columns: Column<Other>[] = [
    { key: "job", title: t("jobs.job"), look: "wide", cell: ({ job }) => code("job", job) },
    { key: "last", title: t("jobs.lastRun"), look: "nowrap", cell: ({ lastRun }) => <LastRun run={lastRun} /> },
    {
      key: "next",
      title: t("jobs.next"),
      look: "wide",
      cell: ({ waiting }) => (waiting === null || waiting === 0 ? t("jobs.nextNothing") : t("jobs.waiting", { count: waiting })),
    },
  ];
  return <Table label={t("jobs.others")} columns={columns} rows={others} rowKey={({ job }) => job} />;
};

const Runs = (): ReactNode => {
  const { t, code } = useWords();
  const values = useFilters(["job"]);
  const runs = usePages("jobRuns", values);
  const columns: Column<Run>[] = [
    { key: "started", title: t("jobs.started"), look: "nowrap", cell: ({ startedAtMs }) => <Time at={startedAtMs} /> },
    { key: "job", title: t("jobs.job"), look: "wide", cell: ({ job }) => code("job", job) },
    { key: "did", title: t("sms.outcome"), look: "nowrap", cell: ({ done }) => t("jobs.did", { count: done }) },
    {
      key: "took",
      title: t("jobs.took"),
      look: "number",
      cell: ({ startedAtMs, finishedAtMs }) => t("pcs.seconds", { count: ((finishedAtMs - startedAtMs) / 1000).toFixed(1) }),
    },
  ];
  return (
    <section>
      <h2>{t("jobs.runs")}</h2>
      <Filters
        fields={[{ name: "job", label: t("jobs.job"), as: "choice", options: JOBS.map((value) => ({ value, text: code("job", value) })) }]}
        values={values}
      />
      <ListPages asked={runs} rowsOf={(page) => page.runs} empty={<Nothing title={t("jobs.noRuns")} />}>
        {(rows) => <Table label={t("jobs.runs")} columns={columns} rows={rows} rowKey={({ runNo }) => runNo} />}
      </ListPages>
    </section>
  );
};
