import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clerkText, mayHaveServed } from "../actions.ts";
import { batchCases, type CasesText, themeCases } from "../cases-text.ts";
import type { PanelProps } from "../panel-props.ts";
import { Choice, Field, Form } from "./form.tsx";
import { type ItemChoice, ItemField } from "./item-field.tsx";

type Kind = "batch" | "theme";

/** Several cases, one rating: a batch of one item, or the cases of one life event. */
export const SeveralCases = ({ model, state, close }: PanelProps) => {
  const { t } = useTranslation();
  const open = state.openCase;
  const possible = mayHaveServed(state);
  const [kind, setKind] = useState<Kind>("batch");
  const [item, setItem] = useState<ItemChoice>({ itemCode: open?.itemCode ?? "", itemName: open?.itemName ?? "" });
  const [batchText, setBatchText] = useState(open === null ? "" : `${open.caseNo}\n`);
  const [themeText, setThemeText] = useState(open === null ? "" : `${open.caseNo}，${open.itemCode}，${open.itemName}\n`);
  const [themeNo, setThemeNo] = useState("");
  const [themeName, setThemeName] = useState("");
  const [staffNo, setStaffNo] = useState<string | null>(null);

  const typed: CasesText = kind === "batch" ? batchCases(batchText, item) : themeCases(themeText);
  const count = typed.is === "cases" ? typed.cases.length : null;

  const complaint = (): string | undefined => {
    if (typed.is === "badLine") return t("several.badLine", { line: typed.line });
    if (typed.is === "twice") return t("several.twice", { caseNo: typed.caseNo });
    if (count === null || count < 2) return t("several.atLeastTwo");
    const needed =
      kind === "batch"
        ? { "startCase.itemCode": item.itemCode, "startCase.itemName": item.itemName }
        : { "several.themeNo": themeNo, "several.themeName": themeName };
    const missing = Object.entries(needed).find(([, value]) => value.trim() === "")?.[0] as keyof typeof needed | undefined;
    return missing === undefined ? undefined : t("required", { field: t(missing) });
  };

  const submit = async (): Promise<void> => {
    const wrong = complaint();
    if (wrong !== undefined || typed.is !== "cases") return model.say("refused", wrong ?? "");
    const cases = typed.cases.map((one) => ({ ...one, visitNo: one.caseNo === open?.caseNo ? open.visitNo : 1 }));
    const servedBy = staffNo === null ? {} : { staffNo };
    const said = t("endCase.ended", { caseNo: cases[0]?.caseNo ?? "" });
    const done =
      kind === "batch"
        ? await model.act("case.endBatch", { cases, ...servedBy }, said)
        : await model.act("case.endTheme", { themeNo: themeNo.trim(), themeName: themeName.trim(), cases, ...servedBy }, said);
    if (done !== undefined) close();
  };

  return (
    <Form title={t("several.title")} submit={t("several.submit")} onSubmit={submit} onClose={close}>
      <Choice<Kind>
        label={t("signIn.how")}
        value={kind}
        onChange={setKind}
        options={[
          { value: "batch", text: t("several.batch") },
          { value: "theme", text: t("several.theme") },
        ]}
        wide
        isFirst
      />
      {kind === "batch" ? (
        <>
          <ItemField model={model} value={item} onChange={setItem} />
          <Field label={t("several.caseNos")} wide>
            {(id) => <Input.TextArea id={id} rows={4} value={batchText} onChange={(event) => setBatchText(event.target.value)} />}
          </Field>
        </>
      ) : (
        <>
          <Field label={t("several.themeNo")}>
            {(id) => <Input id={id} required value={themeNo} maxLength={64} onChange={(event) => setThemeNo(event.target.value)} />}
          </Field>
          <Field label={t("several.themeName")}>
            {(id) => <Input id={id} required value={themeName} maxLength={128} onChange={(event) => setThemeName(event.target.value)} />}
          </Field>
          <Field label={t("several.themeCases")} wide>
            {(id) => <Input.TextArea id={id} rows={4} value={themeText} onChange={(event) => setThemeText(event.target.value)} />}
          </Field>
        </>
      )}
      {possible.length > 1 && (
        <Choice
          label={t("endCase.whoServed")}
          value={staffNo}
          onChange={setStaffNo}
          options={possible.map((clerk) => ({ value: clerk.staffNo, text: clerkText(clerk) }))}
          wide
        />
      )}
      <p className="hint" aria-live="polite">
        {count !== null && t("several.count", { count })}
      </p>
    </Form>
  );
};
