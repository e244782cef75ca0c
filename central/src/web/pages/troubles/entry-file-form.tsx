import { useQueryClient } from "@tanstack/react-query";
import { LARGEST_ENTRY_FILE } from "@window-rating/protocol/sync";
import { Alert, Button } from "antd";
import { type FormEvent, type ReactNode, useState } from "react";
import type { z } from "zod";
import type { entryFileReportSchema } from "../../../console/contract/troubles.ts";
import { call } from "../../api/call.ts";
import { FailureNote } from "../../elements/failure-note.tsx";
import { FileField } from "../../elements/file-field.tsx";
import { useWords } from "../../words/use-words.ts";

type Report = z.infer<typeof entryFileReportSchema>;

/** Takes in the file of entries that a window PC exported. */
export const EntryFileForm = (): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const forget = (): void => {
    setReport(null);
    setError(null);
    setFault(null);
  };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    forget();
    if (file === null) return setFault(t("imports.fileMissing"));
    if (file.size > LARGEST_ENTRY_FILE) return setFault(t("troubles.fileTooLarge"));
    setBusy(true);
    try {
      setReport(await call("takeEntryFile", {}, { file }));
      await queries.invalidateQueries({ queryKey: ["setAside"] });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <details className="card">
      <summary>{t("troubles.fileHeading")}</summary>
      <p className="quiet">{t("troubles.fileIntro")}</p>
      <form className="filters" onSubmit={(event) => void send(event)}>
        <FileField
          label={t("troubles.file")}
          accept=".json"
          file={file}
          onFile={(chosen) => {
            setFile(chosen);
            forget();
          }}
        />
        <div className="filter-buttons">
          <Button htmlType="submit" loading={busy}>
            {t("troubles.takeFile")}
          </Button>
        </div>
      </form>
      {fault === null ? null : (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      {error === null ? null : <FailureNote error={error} />}
      {report === null ? null : <ReportNote report={report} />}
    </details>
  );
};

const ReportNote = ({ report: { windowNo, entries, taken, known, setAside } }: { readonly report: Report }): ReactNode => {
  const { t } = useWords();
  const waiting = Object.values(setAside).reduce((sum, count) => sum + count, 0);
  return (
    <Alert
      type={waiting === 0 ? "success" : "warning"}
      showIcon
      role="status"
      className="note"
      title={t("troubles.fileTaken", { window: windowNo, entries, taken, known, waiting })}
      description={waiting === 0 ? undefined : t("troubles.fileWaiting")}
    />
  );
};
