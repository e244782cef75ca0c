import { Button } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";

interface FormProps {
  readonly title: string;
  readonly submit: string;
  /** Resolves when it was carried out or refused; the button waits for it. */
  readonly onSubmit: () => Promise<unknown>;
  readonly onClose?: (() => void) | undefined;
  readonly children: ReactNode;
  /** Buttons besides. */
  readonly more?: ReactNode;
}

/**
 * A form of the strip: Enter sends it, Esc closes it, and nothing is sent twice. While a field further on is still empty, Enter goes on to
 * that: a scanner of case numbers and a person in a hurry both end with Enter.
 */
export const Form = ({ title, submit, onSubmit, onClose, children, more }: FormProps) => {
  const { t } = useTranslation();
  const heading = useId();
  const [isBusy, setBusy] = useState(false);
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isBusy) return;
    const fields = [...event.currentTarget.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[required]")];
    const at = fields.indexOf(document.activeElement as HTMLInputElement);
    const empty = fields.findIndex(({ value }) => value.trim() === "");
    fields[empty]?.focus();
    // Nothing was done wrong by it, so that nothing is said.
    if (at !== -1 && at < empty) return;
    setBusy(true);
    void onSubmit().finally(() => setBusy(false));
  };
  return (
    <form className="form" aria-labelledby={heading} onSubmit={send} noValidate autoComplete="off">
      <h2 id={heading}>{title}</h2>
      <div className="fields">{children}</div>
      <div className="buttons">
        <Button type="primary" htmlType="submit" aria-disabled={isBusy}>
          {submit}
        </Button>
        {more}
        {onClose !== undefined && (
          <Button onClick={onClose} aria-keyshortcuts="Escape">
            {t("action.close")}{" "}
            <span className="key" aria-hidden="true">
              Esc
            </span>
          </Button>
        )}
      </div>
    </form>
  );
};

interface FieldProps {
  readonly label: string;
  readonly children: (id: string) => ReactNode;
  readonly wide?: boolean;
}

/** One field with its label. */
export const Field = ({ label, children, wide = false }: FieldProps) => {
  const id = useId();
  return (
    <div className={wide ? "field wide" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
};

interface ChoiceProps<Value extends string | number> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  /** null: nothing is chosen, and nothing looks as if it were. */
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly wide?: boolean;
  /** It has the focus when its form is opened. */
  readonly isFirst?: boolean;
}

/** One of several, all in sight; the arrow keys move between them. */
export const Choice = <Value extends string | number>({
  label,
  options,
  value,
  onChange,
  wide = false,
  isFirst = false,
}: ChoiceProps<Value>) => {
  const name = useId();
  return (
    <fieldset className={wide ? "field wide" : "field"}>
      <legend>{label}</legend>
      <div className="choice">
        {options.map(({ value: own, text }, index) => (
          <label key={own}>
            <input
              type="radio"
              name={name}
              checked={own === value}
              onChange={() => onChange(own)}
              data-first={isFirst && index === 0 ? "" : undefined}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
};
