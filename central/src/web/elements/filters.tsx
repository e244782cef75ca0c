import { Button, Input } from "antd";
import { type FormEvent, type ReactNode, useId } from "react";
import { useSearchParams } from "react-router";
import { useWords } from "../words/use-words.ts";

export type FilterField =
  | { readonly name: string; readonly label: string; readonly as: "text" }
  | { readonly name: string; readonly label: string; readonly as: "day" }
  | { readonly name: string; readonly label: string; readonly as: "moment" }
  | {
      readonly name: string;
      readonly label: string;
      readonly as: "choice";
      readonly options: readonly Option[];
      readonly anything?: string;
    };
export interface Option {
  readonly value: string;
  readonly text: string;
}

export type FilterValues = Readonly<Record<string, string>>;

/** Filters stand in the page's address: they can be bookmarked, sent to a colleague, and gone back from. */
export const useFilters = (names: readonly string[], defaults: FilterValues = {}): FilterValues => {
  const [search] = useSearchParams();
  return Object.fromEntries(names.map((name) => [name, search.get(name) ?? defaults[name] ?? ""]));
};

interface FiltersProps {
  readonly fields: readonly FilterField[];
  readonly values: FilterValues;
  readonly submit?: string;
  /** Asked seldom: folded away unless one of them is filled in. */
  readonly rare?: readonly FilterField[];
}

const NONE: readonly FilterField[] = [];

/** The filters of a list. Nothing is asked until “search” is pressed, so nobody is hurried while choosing. */
export const Filters = ({ fields, values, submit, rare = NONE }: FiltersProps): ReactNode => {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const apply = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const next = new URLSearchParams(search);
    const filled = new FormData(event.currentTarget);
    for (const { name } of [...fields, ...rare]) {
      const value = String(filled.get(name) ?? "").trim();
      if (value === "") next.delete(name);
      else next.set(name, value);
    }
    setSearch(next);
  };
  const clear = (): void => {
    const next = new URLSearchParams(search);
    for (const { name } of [...fields, ...rare]) next.delete(name);
    setSearch(next);
  };
  return (
    <search aria-label={t("frame.filters")}>
      <form className="filters" onSubmit={apply} key={JSON.stringify(values)}>
        {fields.map((field) => (
          <Field key={field.name} field={field} value={values[field.name] ?? ""} />
        ))}
        {rare.length === 0 ? null : (
          <details className="rare" open={rare.some(({ name }) => (values[name] ?? "") !== "")}>
            <summary>{t("frame.rare")}</summary>
            <div className="filters">
              {rare.map((field) => (
                <Field key={field.name} field={field} value={values[field.name] ?? ""} />
              ))}
            </div>
          </details>
        )}
        <div className="filter-buttons">
          <Button type="primary" htmlType="submit">
            {submit ?? t("frame.search")}
          </Button>
          <Button onClick={clear}>{t("frame.reset")}</Button>
        </div>
      </form>
    </search>
  );
};

const Field = ({ field, value }: { readonly field: FilterField; readonly value: string }): ReactNode => {
  const id = useId();
  return (
    <div className="filter">
      <label htmlFor={id}>{field.label}</label>
      <Control id={id} field={field} value={value} />
    </div>
  );
};

const Control = ({ id, field, value }: { readonly id: string; readonly field: FilterField; readonly value: string }): ReactNode => {
  const { t } = useWords();
  if (field.as === "day") return <Input id={id} name={field.name} type="date" defaultValue={value} />;
  if (field.as === "moment") return <Input id={id} name={field.name} type="datetime-local" defaultValue={value} />;
  if (field.as === "text")
    return <Input id={id} name={field.name} defaultValue={value} maxLength={64} autoComplete="off" spellCheck={false} />;
  return <Choice id={id} name={field.name} defaultValue={value} options={field.options} anything={field.anything ?? t("frame.all")} />;
};

interface ChoiceProps {
  readonly id: string;
  readonly name?: string;
  readonly defaultValue?: string;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
  readonly options: readonly Option[];
  /** The choice of nothing in particular; without one something must be chosen. */
  readonly anything?: string;
}

/** A choice from a list: the browser's own, which every keyboard, reader and zoom knows. */
export const Choice = ({ id, name, defaultValue, value, onChange, options, anything }: ChoiceProps): ReactNode => {
  // What is chosen already may come before the list that holds it; it stays chosen when the list is there.
  const chosen = value ?? defaultValue ?? "";
  const isKnown = chosen === "" || options.some((option) => option.value === chosen);
  const shown = isKnown ? options : [...options, { value: chosen, text: chosen }];
  return (
    <select
      className="choice"
      id={id}
      name={name}
      {...(value === undefined ? { defaultValue } : { value, onChange: (event) => onChange?.(event.target.value) })}
    >
      {anything === undefined ? null : <option value="">{anything}</option>}
      {shown.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  );
};
