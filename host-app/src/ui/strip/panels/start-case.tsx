import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clerkText } from "../actions.ts";
import type { PanelProps } from "../panel-props.ts";
import { Choice, Field, Form } from "./form.tsx";
import { type ItemChoice, ItemField } from "./item-field.tsx";
import { VisitField, visitNumber } from "./visit-field.tsx";

/** Where no business system starts cases, the clerk does. */
export const StartCase = ({ model, state, close }: PanelProps) => {
  const { t } = useTranslation();
  const [caseNo, setCaseNo] = useState("");
  const [visit, setVisit] = useState("1");
  const [item, setItem] = useState<ItemChoice>({ itemCode: "", itemName: "" });
  const [staffNo, setStaffNo] = useState<string | null>(null);

  const submit = async (): Promise<void> => {
    const needed = { caseNo, itemCode: item.itemCode, itemName: item.itemName };
    for (const field of ["caseNo", "itemCode", "itemName"] as const) {
      if (needed[field].trim() === "") return model.say("refused", t("required", { field: t(`startCase.${field}`) }));
    }
    const visitNo = visitNumber(visit);
    if (visitNo === undefined) return model.say("refused", t("required", { field: t("startCase.visitNo") }));
    const servedBy = staffNo === null ? {} : { staffNo };
    const done = await model.act("case.start", { ...needed, visitNo, ...servedBy }, t("startCase.started", { caseNo: caseNo.trim() }));
    if (done !== undefined) close();
  };

  return (
    <Form title={t("startCase.title")} submit={t("action.startCase")} onSubmit={submit} onClose={close}>
      <Field label={t("startCase.caseNo")}>
        {(id) => <Input id={id} data-first required value={caseNo} maxLength={64} onChange={(event) => setCaseNo(event.target.value)} />}
      </Field>
      <ItemField model={model} value={item} onChange={setItem} />
      <VisitField value={visit} onChange={setVisit} />
      {state.clerks.length > 1 && (
        <Choice
          label={t("endCase.whoServed")}
          value={staffNo}
          onChange={setStaffNo}
          options={state.clerks.map((clerk) => ({ value: clerk.staffNo, text: clerkText(clerk) }))}
          wide
        />
      )}
    </Form>
  );
};
