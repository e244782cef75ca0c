import { useCallback, useState } from "react";
import { ActButton } from "../../elements/act-button.tsx";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { ageIn, sizeText, timeText } from "../../elements/quantities.ts";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { RescueReport } from "./rescue-report.tsx";
import { UseRescued } from "./use-rescued.tsx";

const EVERY_MS = 1000;

/** What there is of the console while the database is damaged: rescue it, read what was found, use it. Nothing here deletes anything. */
export const Rescue = () => {
  const model = useModel();
  const { t, language } = useWords();
  const [isUsed, setUsed] = useState(false);
  const asked = useAsked(
    useCallback(() => model.ask("rescue.read", {}), [model]),
    EVERY_MS,
  );
  // Whoever has used it waits for the start: what is asked until then is refused, and that is no fault.
  if (isUsed)
    return (
      <Page name="rescue">
        <p role="status" className="good">
          {t("rescue.used")}
        </p>
      </Page>
    );
  return (
    <Page name="rescue" intro={t("rescue.intro")}>
      <Answered asked={asked}>
        {({ path, sizeBytes, found, backups: [newest, ...older], underWay, trouble, rescue, asksCentral }) => (
          <>
            <Section title={t("rescue.damaged")}>
              <Facts
                facts={[
                  [t("rescue.file"), path],
                  [t("rescue.size"), sizeText(sizeBytes)],
                  [
                    t("rescue.backups"),
                    newest === undefined
                      ? t("rescue.noBackups")
                      : t("rescue.backupsText", { count: older.length + 1, time: timeText(newest.atMs) }),
                  ],
                  [
                    t("rescue.found"),
                    <span key="found" lang="en">
                      {found}
                    </span>,
                  ],
                ]}
              />
            </Section>
            <Section title={t("rescue.stepRescue")}>
              <p>{t("rescue.rescueText")}</p>
              <div className="buttons">
                <ActButton
                  text={t(rescue === null ? "rescue.begin" : "rescue.beginAgain")}
                  ask={() => model.ask("rescue.begin", {})}
                  onDone={() => void asked.askAgain()}
                  isDisabled={underWay !== null}
                  isMain={rescue === null}
                />
              </div>
              <p role="status" className="under-way">
                {underWay === null ? "" : t("rescue.underWay", { age: ageIn(Date.now() - underWay.sinceMs, language) })}
              </p>
              {trouble === null ? null : <RefusalNote refusal={trouble} />}
            </Section>
            {rescue === null || underWay !== null ? null : (
              <>
                <RescueReport report={rescue.report} />
                <UseRescued rescue={rescue} asksCentral={asksCentral} onUsed={() => setUsed(true)} />
              </>
            )}
          </>
        )}
      </Answered>
    </Page>
  );
};
