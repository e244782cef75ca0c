import type { AnswerOf } from "../../../../messages/requests.ts";
import { Facts } from "../../elements/facts.tsx";
import { Section } from "../../elements/page.tsx";
import { timeText } from "../../elements/quantities.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { BeginButton, type CareProps } from "./begin-button.tsx";

type Found = NonNullable<AnswerOf<"database.read">["lastCheck"]>["found"];

/** The database in use, read whole. */
export const Check = ({ care, onBegun }: CareProps) => {
  const model = useModel();
  const { t } = useWords();
  const { lastCheck } = care;
  return (
    <Section title={t("database.check")}>
      <p>
        {t("database.lastCheck")}：
        {lastCheck === null ? (
          t("database.notYet")
        ) : (
          <>
            {timeText(lastCheck.atMs)} <Verdict isOk={lastCheck.found.ok} />
          </>
        )}
      </p>
      {lastCheck === null ? null : <CheckFacts found={lastCheck.found} />}
      {lastCheck === null || lastCheck.found.ok ? null : <p className="stop">{t("database.whatNow")}</p>}
      {care.rescued === null ? null : (
        <p className="detail">{t("database.rescued", { count: care.rescued.entries, path: care.rescued.damaged })}</p>
      )}
      <div className="buttons">
        <BeginButton text={t("database.checkNow")} ask={() => model.ask("database.check", {})} care={care} onBegun={onBegun} isMain />
      </div>
    </Section>
  );
};

export const Verdict = ({ isOk }: { readonly isOk: boolean }) => {
  const { t } = useWords();
  return <strong className={isOk ? "good" : "stop"}>{isOk ? `✓ ${t("database.sound")}` : `✕ ${t("database.unsound")}`}</strong>;
};

const CheckFacts = ({ found: { faults, foreignKeys, chain, counts, tookMs } }: { readonly found: Found }) => {
  const { t } = useWords();
  const { brokenAt, detail, entries } = chain;
  return (
    <Facts
      facts={[
        [t("database.faults"), faults.length === 0 ? t("database.faultsNone") : faults.join("; ")],
        [t("database.references"), foreignKeys],
        [
          t("database.chain"),
          brokenAt === null ? t("database.chainWhole", { count: entries }) : t("database.chainBroken", { number: brokenAt, detail }),
        ],
        [t("database.ratings"), counts.ratings],
        [t("database.requests"), counts.requests],
        [t("database.waiting"), counts.waiting],
        [t("database.took"), t("database.ms", { ms: tookMs })],
      ]}
    />
  );
};
