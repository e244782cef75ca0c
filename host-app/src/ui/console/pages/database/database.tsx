import { useCallback } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
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

export type Care = AnswerOf<"database.read">;

/** What the parts of this page share. */
export interface CareProps {
  readonly care: Care;
  readonly onBegun: () => void;
}

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

/** A button that begins something, pressed while nothing is under way. */
export const BeginButton = ({
  text,
  care,
  onBegun,
  ask,
  isMain = false,
}: CareProps & Pick<Parameters<typeof ActButton>[0], "text" | "ask"> & { readonly isMain?: boolean }) => (
  <ActButton text={text} ask={ask} onDone={onBegun} isDisabled={care.underWay !== null} isMain={isMain} />
);
