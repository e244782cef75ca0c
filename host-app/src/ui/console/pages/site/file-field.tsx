import { useId } from "react";

interface FileFieldProps {
  readonly label: string;
  readonly accept: string;
  readonly onFile: (file: File | undefined) => void;
}

/** The browser's own field for a file: it works by keyboard and in every language. */
export const FileField = ({ label, accept, onFile }: FileFieldProps) => {
  const id = useId();
  return (
    <div className="site-field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="file" accept={accept} onChange={({ target }) => onFile(target.files?.[0])} />
    </div>
  );
};
