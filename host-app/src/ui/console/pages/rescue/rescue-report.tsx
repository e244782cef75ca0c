import type { AnswerOf } from "../../../../messages/requests.ts";
import { Facts } from "../../elements/facts.tsx";
import { Section } from "../../elements/page.tsx";
import { useWords } from "../../words/use-words.ts";

export type Rescued = NonNullable<AnswerOf<"rescue.read">["rescue"]>;

/** What the newest rescue found, in the words of whoever has to decide about it. */
export const RescueReport = ({ report }: Pick<Rescued, "report">) => {
  const { t } = useWords();
  const { entries, highest, gaps, altered, from, otherRows, path } = report;
  const missing = gaps.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join("、");
  return (
    <Section title={t("rescue.stepRead")}>
      <Facts
        facts={[
          [t("rescue.entries"), <strong key="entries">{t("rescue.entriesText", { count: entries, highest })}</strong>],
          [t("rescue.from"), t("rescue.fromText", { file: from.reading + from.bytes, backups: from.backups })],
          [t("rescue.missing"), entries === 0 ? null : missing === "" ? t("rescue.missingNone") : missing],
          [t("rescue.doubtful"), altered],
          [t("rescue.requests"), otherRows.requests ?? 0],
          [t("rescue.clerks"), otherRows.clerks ?? 0],
          [t("rescue.copy"), path],
          [t("rescue.report"), path.replace(/window\.db$/, "report.json")],
        ]}
      />
      {entries === 0 ? <p className="stop">{t("rescue.nothing")}</p> : null}
      {missing === "" ? null : <p className="look">{t("rescue.missingText")}</p>}
    </Section>
  );
};
