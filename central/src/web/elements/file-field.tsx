import { type ReactNode, useId } from "react";
import { useWords } from "../words/use-words.ts";

interface FileFieldProps {
  readonly label: string;
  readonly accept: string;
  readonly file: File | null;
  readonly onFile: (file: File | null) => void;
}

/** A file from this computer. The browser's own field speaks the browser's language, so it lies unseen over a button of ours. */
export const FileField = ({ label, accept, file, onFile }: FileFieldProps): ReactNode => {
  const { t } = useWords();
  const id = useId();
  return (
    <div className="filter file">
      <label htmlFor={id}>{label}</label>
      <div className="file-place">
        <span className="file-button" aria-hidden="true">
          {t("imports.choose")}
        </span>
        <span className="file-name">{file === null ? t("imports.notChosen") : file.name}</span>
        <input id={id} type="file" accept={accept} onChange={({ target }) => onFile(target.files?.[0] ?? null)} />
      </div>
    </div>
  );
};
