import { Alert, Input } from "antd";
import { useId, useState } from "react";
import type { Reply } from "../../../../messages/client.ts";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { FileField } from "./file-field.tsx";
import { offerFile } from "./offer-file.ts";
import { PlanView } from "./plan-view.tsx";

interface Looked {
  readonly from: "file" | "central";
  readonly windowNos: readonly string[];
  readonly plan: AnswerOf<"site.plan">;
}

interface TakeFileProps {
  /** Address of the central that is set; null: none. */
  readonly centralUrl: string | null;
  readonly onTaken: () => Promise<void>;
}

/** Another site file: its changes first, then the decision. */
export const TakeFile = ({ centralUrl, onTaken }: TakeFileProps) => {
  const model = useModel();
  const { t } = useWords();
  const id = useId();
  const [file, setFile] = useState<File>();
  const [windows, setWindows] = useState("");
  const [url, setUrl] = useState(centralUrl ?? "");
  const [code, setCode] = useState("");
  const [looked, setLooked] = useState<Looked>();
  const [taken, setTaken] = useState<AnswerOf<"site.apply">>();
  const windowNos = windows.split(/[\s,，、]+/).filter((text) => text !== "");

  const look = async (from: Looked["from"]): Promise<Reply<"site.plan">> => {
    setLooked(undefined);
    setTaken(undefined);
    if (from === "file" && file !== undefined) {
      const error = await offerFile(model, "site", file);
      if (error !== undefined) return { is: "refused", error };
    }
    const central = from === "central" && code.trim() !== "" ? { url: url.trim(), code } : null;
    return model.ask("site.plan", { from, windowNos, central });
  };
  return (
    <Section title={t("site.take")}>
      <p className="intro">{t("site.takeHow")}</p>
      <div className="site-form">
        <div className="site-field">
          <label htmlFor={id}>{t("site.windowNos")}</label>
          <Input id={id} value={windows} onChange={({ target }) => setWindows(target.value)} />
        </div>
        <FileField
          label={t("site.choose")}
          accept=".json,application/json"
          onFile={(chosen) => {
            setFile(chosen);
            setLooked(undefined);
          }}
        />
      </div>
      <div className="buttons">
        <ActButton
          text={t("site.look")}
          isMain
          isDisabled={file === undefined}
          ask={() => look("file")}
          onDone={(plan) => setLooked({ from: "file", windowNos, plan })}
        />
      </div>
      <p className="intro">{t("site.fromCentral")}</p>
      <div className="site-form">
        <div className="site-field">
          <label htmlFor={`${id}-url`}>{t("site.centralUrl")}</label>
          <Input id={`${id}-url`} value={url} maxLength={256} onChange={({ target }) => setUrl(target.value)} />
        </div>
        <div className="site-field">
          <label htmlFor={`${id}-code`}>{t("site.code")}</label>
          <Input id={`${id}-code`} value={code} maxLength={64} autoComplete="off" onChange={({ target }) => setCode(target.value)} />
        </div>
      </div>
      <div className="buttons">
        <ActButton
          text={t("site.lookCentral")}
          isDisabled={code.trim() === "" ? centralUrl === null : url.trim() === ""}
          ask={() => look("central")}
          onDone={(plan) => {
            setCode("");
            setLooked({ from: "central", windowNos, plan });
          }}
        />
      </div>
      {looked === undefined ? null : (
        <>
          <PlanView plan={looked.plan} />
          <ActButton
            text={t("site.apply", { version: looked.plan.version })}
            isMain
            question={{ title: t("site.applyTitle"), text: t("site.applyText") }}
            ask={() => model.ask("site.apply", { from: looked.from, windowNos: [...looked.windowNos], hash: looked.plan.hash })}
            onDone={(done) => {
              setLooked(undefined);
              setTaken(done);
              void onTaken();
            }}
          />
        </>
      )}
      {taken === undefined ? null : (
        <Alert
          className="note"
          type="success"
          showIcon
          role="status"
          title={`${t("site.applied")}${taken.restartNeeded ? t("site.restart") : ""}`}
          description={
            taken.newPairings.length === 0 ? undefined : (
              <>
                <p>{t("site.tokens")}</p>
                {taken.newPairings.map(({ name, token }) => (
                  <p key={name}>
                    {name}: <code>{token}</code>
                  </p>
                ))}
              </>
            )
          }
        />
      )}
    </Section>
  );
};
