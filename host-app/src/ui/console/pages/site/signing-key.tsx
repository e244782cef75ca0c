import { Alert } from "antd";
import { useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { saveAs } from "../../elements/save-as.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { FileField } from "./file-field.tsx";

/** The hall's signing key: chosen as a file, or made. This page forgets it when it is left. */
export const SigningKey = ({ onKey }: { readonly onKey: (pem: string | undefined) => void }) => {
  const model = useModel();
  const { t } = useWords();
  const [made, setMade] = useState<AnswerOf<"site.key">>();
  return (
    <>
      <p className="intro">{t("site.signHow")}</p>
      <div className="site-form">
        <FileField
          label={t("site.chooseKey")}
          accept=".pem,.key,.txt"
          onFile={(chosen) => {
            setMade(undefined);
            if (chosen === undefined) onKey(undefined);
            // Whoever chose another file is told so: no key is that long.
            else void chosen.slice(0, 4096).text().then(onKey);
          }}
        />
        <div>
          <ActButton
            text={t("site.makeKey")}
            question={{ title: t("site.makeKeyTitle"), text: t("site.makeKeyText") }}
            ask={() => model.ask("site.key", {})}
            onDone={(key) => {
              setMade(key);
              onKey(key.pem);
              saveAs(new Blob([key.pem], { type: "application/x-pem-file" }), "site-key.pem");
            }}
          />
        </div>
      </div>
      {made === undefined ? null : (
        <Alert
          className="note"
          type="warning"
          showIcon
          role="status"
          title={t("site.keyMade")}
          description={
            <>
              <pre className="mono">{made.pem}</pre>
              <p>{t("site.keyUsed", { publicKey: made.publicKey })}</p>
            </>
          }
        />
      )}
    </>
  );
};
