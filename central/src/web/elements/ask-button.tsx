import { Button, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { useWords } from "../words/use-words.ts";
import { FailureNote } from "./failure-note.tsx";

interface AskButtonProps {
  readonly text: string;
  /** The question, and what a yes brings about. */
  readonly question: string;
  readonly explanation: string;
  readonly onYes: () => Promise<unknown>;
  readonly danger?: boolean;
  readonly size?: "small" | "middle";
}

/** A button that asks before it acts, stays open while it acts, and says what failed. */
export const AskButton = ({ text, question, explanation, onYes, danger = false, size = "middle" }: AskButtonProps): ReactNode => {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const act = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await onYes();
      setOpen(false);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size={size} danger={danger} onClick={() => setOpen(true)}>
        {text}
      </Button>
      <Modal
        open={open}
        title={question}
        okText={text}
        cancelText={t("frame.cancel")}
        okButtonProps={{ danger }}
        confirmLoading={busy}
        onOk={() => void act()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{explanation}</p>
        {error === null ? null : <FailureNote error={error} />}
      </Modal>
    </>
  );
};
