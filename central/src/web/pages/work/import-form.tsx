import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { z } from "zod";
import { IMPORT_BYTES, IMPORT_FILE_KINDS, type importReportSchema } from "../../../console/contract/work.ts";
import { call } from "../../api/call.ts";
import { FailureNote } from "../../elements/failure-note.tsx";
import { FileField } from "../../elements/file-field.tsx";
import { Choice } from "../../elements/filters.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { useWords } from "../../words/use-words.ts";

type Report = z.infer<typeof importReportSchema>;
type Kind = Report["kind"];
type Bad = Report["bad"][number];

/** A file is tried first; only one that was tried and is clean can be taken in, and it is that very file. */
export const ImportForm = (): ReactNode => {
  const { t, code } = useWords();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>("cases");
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState<Report["mode"] | null>(null);
  const kindId = useId();

  const forget = (): void => {
    setReport(null);
    setError(null);
    setFault(null);
  };
  const run = async (mode: Report["mode"]): Promise<void> => {
    setError(null);
    if (file === null) return setFault(t("imports.fileMissing"));
    if (file.size > IMPORT_BYTES) return setFault(t("imports.tooLarge"));
    setFault(null);
    setBusy(mode);
    try {
      setReport(await call("takeImport", { query: { kind, mode, fileName: file.name } }, { file }));
      if (mode === "apply") await queries.invalidateQueries();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(null);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void run("dry-run");
  };
  const isClean = report !== null && report.mode === "dry-run" && report.bad.length === 0;
  return (
    <section className="card">
      <form className="filters" onSubmit={submit}>
        <div className="filter">
          <label htmlFor={kindId}>{t("imports.kind")}</label>
          <Choice
            id={kindId}
            value={kind}
            onChange={(value) => {
              setKind(value as Kind);
              forget();
            }}
            options={IMPORT_FILE_KINDS.map((value) => ({ value, text: code("import", value) }))}
          />
        </div>
        <FileField
          label={t("imports.file")}
          accept=".csv,.xlsx,.txt"
          file={file}
          onFile={(chosen) => {
            setFile(chosen);
            forget();
          }}
        />
        <div className="filter-buttons">
          <Button type={isClean ? "default" : "primary"} htmlType="submit" loading={busy === "dry-run"}>
            {t("imports.dryRun")}
          </Button>
          {isClean ? (
            <Button type="primary" loading={busy === "apply"} onClick={() => void run("apply")}>
              {t("imports.apply", { count: report.rows })}
            </Button>
          ) : null}
        </div>
      </form>
      {kind === "ratings" ? <p className="quiet">{t("imports.ratingsMarked")}</p> : null}
      {fault === null ? null : (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      {error === null ? null : <FailureNote error={error} />}
      {report === null ? null : <ReportView report={report} />}
    </section>
  );
};

const ReportView = ({ report }: { readonly report: Report }): ReactNode => {
  const { t } = useWords();
  const { bad, rows, taken, known, mode, importNo } = report;
  const columns: Column<Bad & { readonly index: number }>[] = [
    { key: "row", title: t("imports.row"), look: "number", cell: ({ row }) => row },
    { key: "column", title: t("imports.column"), look: "nowrap", cell: ({ column }) => column },
    { key: "value", title: t("imports.value"), cell: ({ value }) => value },
    { key: "reason", title: t("imports.reason"), look: "wide", cell: ({ reason }) => reason },
  ];
  const title =
    bad.length > 0
      ? t("imports.dryBad", { count: bad.length })
      : mode === "apply"
        ? t("imports.applied", { taken, known, no: importNo ?? "" })
        : t("imports.dryGood", { rows, taken, known });
  const notes = [
    t("imports.encoding", { encoding: report.encoding }),
    report.ignoredColumns.length === 0 ? null : t("imports.ignored", { columns: report.ignoredColumns.join("、") }),
    importNo === null ? t("imports.nothingWritten") : null,
  ].filter((note) => note !== null);
  return (
    <div role="status">
      <Alert type={bad.length > 0 ? "error" : "success"} showIcon className="note" title={title} description={notes.join(" · ")} />
      {bad.length === 0 ? null : (
        <Table
          label={t("imports.reason")}
          columns={columns}
          rows={bad.map((one, index) => ({ ...one, index }))}
          rowKey={({ index }) => index}
        />
      )}
    </div>
  );
};
