import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "./form.tsx";

/** 1..99; undefined if it is none. */
export const visitNumber = (text: string): number | undefined => (/^[1-9][0-9]?$/.test(text.trim()) ? Number(text) : undefined);

export const VisitField = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => {
  const { t } = useTranslation();
  return (
    <Field label={t("startCase.visitNo")}>
      {(id) => <Input id={id} value={value} maxLength={2} inputMode="numeric" onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
};
