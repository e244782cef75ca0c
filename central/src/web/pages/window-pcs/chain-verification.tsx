import { Alert, Button } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ChainLine } from "../../../console/contract/ratings.ts";
import { callLines } from "../../api/call.ts";
import { FailureNote } from "../../elements/failure-note.tsx";
import { useWords } from "../../words/use-words.ts";

type Fault = Extract<ChainLine, { is: "fault" }>;
interface Progress {
  readonly entries: number;
  readonly checked: number;
  readonly faults: readonly Fault[];
  readonly end: Extract<ChainLine, { is: "done" | "failed" }> | null;
}

/** More are not worth reading: the count stands in the last line. */
const MOST_FAULTS = 50;

const after = (progress: Progress, line: ChainLine): Progress => {
  switch (line.is) {
    case "begun":
      return { ...progress, entries: line.entries };
    case "progress":
      return { ...progress, checked: line.checked };
    case "fault":
      return progress.faults.length === MOST_FAULTS ? progress : { ...progress, faults: [...progress.faults, line] };
    case "done":
    case "failed":
      return { ...progress, checked: line.is === "done" ? line.checked : progress.checked, end: line };
  }
};

/** Has central recompute every entry of a window PC, and shows how far it is. */
export const ChainVerification = ({ windowPcId }: { readonly windowPcId: string }): ReactNode => {
  const { t } = useWords();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const verify = async (): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    setError(null);
    let told: Progress = { entries: 0, checked: 0, faults: [], end: null };
    setProgress(told);
    try {
      for await (const line of callLines("verifyChain", { params: { windowPcId } }, abort.signal)) {
        told = after(told, line);
        setProgress(told);
      }
    } catch (failure) {
      setProgress(null);
      if (!abort.signal.aborted) setError(failure);
    }
  };
  const isRunning = progress !== null && progress.end === null;
  return (
    <div className="chain">
      {isRunning ? (
        <>
          <span role="status">{t("pcs.verifying", { checked: progress.checked, entries: progress.entries })}</span>
          <progress value={progress.checked} max={Math.max(1, progress.entries)} aria-label={t("pcs.verify")} />
          <Button size="small" onClick={() => running.current?.abort()}>
            {t("pcs.stop")}
          </Button>
        </>
      ) : (
        <Button size="small" onClick={() => void verify()}>
          {t("pcs.verify")}
        </Button>
      )}
      {error === null ? null : <FailureNote error={error} />}
      {progress === null ? null : <Result progress={progress} windowPcId={windowPcId} />}
    </div>
  );
};

const Result = ({ progress, windowPcId }: { readonly progress: Progress; readonly windowPcId: string }): ReactNode => {
  const { t, code, both } = useWords();
  const { faults, end } = progress;
  return (
    <>
      {end === null ? null : (
        <Alert
          type={end.is === "done" && end.faults === 0 ? "success" : "error"}
          showIcon
          role="status"
          className="note"
          title={both(end.text)}
          description={
            <span className="quiet">
              {t("pcs.pc")} {windowPcId}
            </span>
          }
        />
      )}
      {faults.length === 0 ? null : (
        <ul>
          {faults.map((fault) => (
            <li key={`${fault.number} ${fault.check}`}>
              {t("troubles.number", { no: fault.number })} · {code("check", fault.check)}：{both(fault.text)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
};
