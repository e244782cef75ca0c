import { useId, useState } from "react";
import { useWords } from "../../words/use-words.ts";

interface FileFieldProps {
  readonly label: string;
  readonly accept: string;
  readonly onFile: (file: File | undefined) => void;
}

/** The browser's own field for a file, which works by keyboard, beneath words of ours: its own speak the language of the browser. */
export const FileField = ({ label, accept, onFile }: FileFieldProps) => {
  const { t } = useWords();
  const id = useId();
  const [name, setName] = useState<string>();
  return (
    <div className="site-field">
      <label htmlFor={id}>{label}</label>
      <div className="file-line">
        <input
          id={id}
          type="file"
          accept={accept}
          onChange={({ target }) => {
            const chosen = target.files?.[0];
            setName(chosen?.name);
            onFile(chosen);
          }}
        />
        <span className="file-button" aria-hidden="true">
          {t("site.chooseFile")}
        </span>
        <span>{name ?? t("site.noneChosen")}</span>
      </div>
    </div>
  );
};
