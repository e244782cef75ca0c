import { useCallback } from "react";
import { Answered } from "../../elements/answered.tsx";
import { Page } from "../../elements/page.tsx";
import { ageIn } from "../../elements/quantities.ts";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { Backups } from "./backups.tsx";
import { Check } from "./check.tsx";
import { Comparison } from "./comparison.tsx";

const EVERY_MS = 1000;

/** Whether the database is sound, its backups, and what a backup has that the database in use lacks. */
export const Database = () => {
  const model = useModel();
  const { t, language } = useWords();
  const asked = useAsked(
    useCallback(() => model.ask("database.read", {}), [model]),
    EVERY_MS,
  );
  const onBegun = (): void => void asked.askAgain();
  return (
    <Page name="database" intro={t("database.intro")}>
      <Answered asked={asked}>
        {(care) => (
          <>
            <p role="status" className="under-way">
              {care.underWay === null
                ? ""
                : t("database.underWay", {
                    what: t(`database.what-${care.underWay.what}`),
                    age: ageIn(Date.now() - care.underWay.sinceMs, language),
                  })}
            </p>
            {care.trouble === null ? null : <RefusalNote refusal={care.trouble} />}
            <Check care={care} onBegun={onBegun} />
            <Backups care={care} onBegun={onBegun} />
            <Comparison care={care} onBegun={onBegun} />
          </>
        )}
      </Answered>
    </Page>
  );
};
