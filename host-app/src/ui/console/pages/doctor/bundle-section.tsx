import { useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { SaveButton } from "../../elements/save-button.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";

type Bundle = AnswerOf<"bundle.make">;

const sizeText = (bytes: number): string => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

/** Has the log bundle made, says where it is and what is in it. */
export const BundleSection = () => {
  const model = useModel();
  const { t } = useWords();
  const [bundle, setBundle] = useState<Bundle>();
  return (
    <Section title={t("bundle.title")}>
      <p>{t("bundle.text")}</p>
      <div className="buttons">
        <ActButton isMain text={t("bundle.make")} ask={() => model.ask("bundle.make", {})} onDone={setBundle} />
        {bundle === undefined ? null : (
          <SaveButton path={bundle.path} type="application/gzip" read={(from) => model.ask("bundle.read", { from })} />
        )}
      </div>
      {bundle === undefined ? null : (
        <div role="status" className="made">
          <p>
            <strong>{t("bundle.path")}</strong> <code>{bundle.path}</code> ({sizeText(bundle.bytes)})
          </p>
          <p>
            <strong>{t("bundle.parts")}</strong> {bundle.parts.map(({ name }) => name).join("、")}
          </p>
          {bundle.missing.length === 0 ? null : (
            <p>
              <strong>{t("bundle.missing")}</strong> {bundle.missing.map(({ name, why }) => `${name}: ${why}`).join("; ")}
            </p>
          )}
        </div>
      )}
      <p className="detail">{t("bundle.otherwise")}</p>
    </Section>
  );
};
