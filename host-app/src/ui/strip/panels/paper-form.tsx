import { LEVELS, type Level } from "@window-rating/protocol/rating";
import { Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnswerOf } from "../../../messages/requests.ts";
import { clerkText } from "../actions.ts";
import type { PanelProps } from "../panel-props.ts";
import { Choice, Field, Form } from "./form.tsx";
import { VisitField, visitNumber } from "./visit-field.tsx";

type Lists = AnswerOf<"paper.lists">;

/** A paper form (评价表), typed in as it stands; nothing is chosen beforehand (I10). */
export const PaperFormPanel = ({ model, state, close }: PanelProps) => {
  const { t, i18n } = useTranslation();
  const [lists, setLists] = useState<Lists>({ labels: [], reasons: null });
  const [caseNo, setCaseNo] = useState("");
  const [visit, setVisit] = useState("1");
  const [level, setLevel] = useState<Level | null>(null);
  const [reasons, setReasons] = useState<readonly string[]>([]);
  const [words, setWords] = useState("");
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  const [typedBy, setTypedBy] = useState<string | null>(state.clerks.length === 1 ? (state.clerks[0]?.staffNo ?? null) : null);

  useEffect(() => {
    void model.ask("paper.lists", {}).then((reply) => {
      if (reply.is === "answer") setLists(reply.body);
    });
  }, [model]);

  const choose = (chosen: Level): void => {
    setLevel(chosen);
    // Reasons belong to a level.
    setReasons([]);
  };

  const submit = async (): Promise<void> => {
    const visitNo = visitNumber(visit);
    if (caseNo.trim() === "" || level === null || visitNo === undefined) return model.say("refused", t("paper.missing"));
    if (typedBy === null) return model.say("refused", t("required", { field: t("paper.typedBy") }));
    const form = { caseNo, visitNo, level, words, name, phone, typedBy };
    const chosen = reasons.length === 0 ? {} : { reasonList: lists.reasons?.version ?? null, reasons: reasons.map(Number) };
    const done = await model.act("paper.enter", { ...form, ...chosen }, t("paper.entered", { caseNo: caseNo.trim() }));
    if (done !== undefined) close();
  };

  const offered = lists.reasons?.reasons.filter((reason) => reason.level === level && reason.text !== null) ?? [];
  return (
    <Form title={t("paper.title")} submit={t("action.save")} onSubmit={submit} onClose={close}>
      <p className="hint wide">{t("paper.note")}</p>
      <Field label={t("startCase.caseNo")}>
        {(id) => <Input id={id} data-first required value={caseNo} maxLength={64} onChange={(event) => setCaseNo(event.target.value)} />}
      </Field>
      <VisitField value={visit} onChange={setVisit} />
      <Choice<Level>
        label={t("paper.level")}
        value={level}
        onChange={choose}
        options={LEVELS.toReversed().map((one) => ({
          value: one.level,
          text:
            (i18n.language === "zh-CN" ? lists.labels.find((label) => label.level === one.level)?.label : undefined) ??
            (i18n.language === "zh-CN" ? one.zh : one.en),
        }))}
        wide
      />
      <fieldset className="field wide">
        <legend>{t("paper.reasons")}</legend>
        {level === null ? (
          <p className="hint">{t("paper.noReasons")}</p>
        ) : (
          <div className="choice">
            {offered.map(({ code, text }) => (
              <label key={code}>
                <input
                  type="checkbox"
                  checked={reasons.includes(code)}
                  onChange={({ target }) => setReasons(target.checked ? [...reasons, code] : reasons.filter((other) => other !== code))}
                />
                <span>{i18n.language === "zh-CN" ? text?.zh : text?.en}</span>
              </label>
            ))}
          </div>
        )}
      </fieldset>
      <Field label={t("paper.words")} wide>
        {(id) => <Input.TextArea id={id} rows={2} value={words} maxLength={300} onChange={(event) => setWords(event.target.value)} />}
      </Field>
      <Field label={t("paper.name")}>
        {(id) => <Input id={id} value={name} maxLength={64} autoComplete="off" onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t("paper.phone")}>
        {(id) => (
          <Input
            id={id}
            value={phone}
            maxLength={32}
            inputMode="tel"
            autoComplete="off"
            onChange={(event) => setPhone(event.target.value)}
          />
        )}
      </Field>
      {state.clerks.length > 1 && (
        <Choice
          label={t("paper.typedBy")}
          value={typedBy}
          onChange={setTypedBy}
          options={state.clerks.map((clerk) => ({ value: clerk.staffNo, text: clerkText(clerk) }))}
          wide
        />
      )}
      <p className="hint wide">{t("paper.sealed")}</p>
    </Form>
  );
};
