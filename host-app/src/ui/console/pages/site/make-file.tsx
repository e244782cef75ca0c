import { Alert, Input } from "antd";
import { useId, useState } from "react";
import type { Reply } from "../../../../messages/client.ts";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { saveAs } from "../../elements/save-as.ts";
import { useModel } from "../../elements/use-model.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { FileField } from "./file-field.tsx";
import { offerFile } from "./offer-file.ts";
import { SigningKey } from "./signing-key.tsx";

/** This PC as the model of the hall: the list of windows checked row by row, and the file to sign. */
export const MakeFile = ({ site }: { readonly site: string }) => {
  const model = useModel();
  const { t, language } = useWords();
  const id = useId();
  const [name, setName] = useState(site);
  const [csv, setCsv] = useState<File>();
  const [table, setTable] = useState<AnswerOf<"site.table">>();
  const [made, setMade] = useState<AnswerOf<"site.export">>();
  const [key, setKey] = useState<string>();
  const check = async (): Promise<Reply<"site.table">> => {
    const error = csv === undefined ? undefined : await offerFile(model, "csv", csv);
    return error === undefined ? model.ask("site.table", {}) : { is: "refused", error };
  };
  const isSigned = key !== undefined;
  const isGood = table !== undefined && table.bad.length === 0;
  // A list that somebody chose is never left out in silence.
  const isListOpen = csv !== undefined && !isGood;
  return (
    <Section title={t("site.make")}>
      <p className="intro">{t("site.makeHow")}</p>
      <div className="site-form">
        <div className="site-field">
          <label htmlFor={id}>{t("site.hall")}</label>
          <Input id={id} value={name} maxLength={64} onChange={({ target }) => setName(target.value)} />
        </div>
        <FileField
          label={t("site.chooseCsv")}
          accept=".csv,text/csv"
          onFile={(chosen) => {
            setCsv(chosen);
            setTable(undefined);
          }}
        />
      </div>
      <SigningKey onKey={setKey} />
      <div className="buttons">
        <ActButton text={t("site.checkCsv")} isDisabled={csv === undefined} ask={check} onDone={setTable} />
        <ActButton
          text={t(isGood ? (isSigned ? "site.exportTableSigned" : "site.exportTable") : isSigned ? "site.exportSigned" : "site.export")}
          isDisabled={name.trim() === "" || isListOpen}
          ask={() => model.ask("site.export", { site: name, withTable: isGood, key: key ?? null })}
          onDone={(answer) => {
            setMade(answer);
            saveAs(new Blob([answer.text], { type: "application/json" }), "site.json");
          }}
        />
      </div>
      {name.trim() === "" ? <p className="look">{t("site.hallFirst")}</p> : null}
      {isListOpen ? <p className="look">{t("site.csvFirst")}</p> : null}
      {made === undefined ? null : (
        <Alert
          className="note"
          type={made.signedBy === null ? "warning" : "success"}
          showIcon
          role="status"
          title={t(made.signedBy === null ? "site.exported" : "site.exportedSigned", { version: made.version, path: made.path })}
        />
      )}
      {table === undefined ? null : (
        <div role="status">
          <p className={isGood ? "good" : "stop"}>{t("site.csvGood", { good: table.windows.length, bad: table.bad.length })}</p>
          {table.ignored.length === 0 ? null : <p>{t("site.csvIgnored", { columns: table.ignored.join("、") })}</p>}
          {isGood ? null : (
            <WideTable label={t("site.checkCsv")} heads={[t("site.line"), t("site.column"), t("site.value"), t("site.reason")]}>
              {table.bad.map(({ line, column, fault, reason, value }) => (
                <tr key={`${line} ${column} ${reason}`}>
                  <th scope="row">{line}</th>
                  <td>{column}</td>
                  <td>{value === "" ? t("site.empty") : value}</td>
                  <td>{language === "en" ? reason : t(`site.row-${fault}`)}</td>
                </tr>
              ))}
            </WideTable>
          )}
        </div>
      )}
    </Section>
  );
};
