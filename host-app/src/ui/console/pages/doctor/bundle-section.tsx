import { Button } from "antd";
import { useState } from "react";
import type { Refusal } from "../../../../messages/envelope.ts";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { saveInBrowser } from "./save-in-browser.ts";

type Bundle = AnswerOf<"bundle.make">;

const sizeText = (bytes: number): string => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

/** Electron lets no page save files; there the path on this PC is enough. */
const MAY_SAVE = !("windowRatingCarrier" in window);

/** Has the log bundle made, says where it is and what is in it. */
export const BundleSection = () => {
  const model = useModel();
  const { t } = useWords();
  const [bundle, setBundle] = useState<Bundle>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isSaving, setSaving] = useState(false);
  const save = async ({ path }: Bundle): Promise<void> => {
    setSaving(true);
    setRefusal(await saveInBrowser(model, path.split(/[/\\]/).at(-1) ?? "bundle.tar.gz"));
    setSaving(false);
  };
  return (
    <Section title={t("bundle.title")}>
      <p>{t("bundle.text")}</p>
      <div className="buttons">
        <ActButton isMain text={t("bundle.make")} ask={() => model.ask("bundle.make", {})} onDone={setBundle} />
        {bundle === undefined || !MAY_SAVE ? null : (
          <Button loading={isSaving} onClick={() => void save(bundle)}>
            {t("bundle.download")}
          </Button>
        )}
      </div>
      {refusal === undefined ? null : <RefusalNote refusal={refusal} />}
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
