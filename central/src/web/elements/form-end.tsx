import { Button } from "antd";
import type { ReactNode } from "react";
import { useWords } from "../words/use-words.ts";
import { FailureNote } from "./failure-note.tsx";

interface FormEndProps {
  /** What is missing or wrong in the form, in words. */
  readonly fault: string | null;
  /** What central refused it with. */
  readonly error: unknown;
  readonly busy: boolean;
  readonly submit: string;
  readonly onCancel: () => void;
}

/** How every form ends: what is wrong with it, and the two ways on. */
export const FormEnd = ({ fault, error, busy, submit, onCancel }: FormEndProps): ReactNode => {
  const { t } = useWords();
  return (
    <>
      {fault === null ? null : (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      {error === null ? null : <FailureNote error={error} />}
      <div className="form-buttons">
        <Button type="primary" htmlType="submit" loading={busy}>
          {submit}
        </Button>
        <Button onClick={onCancel}>{t("frame.cancel")}</Button>
      </div>
    </>
  );
};
