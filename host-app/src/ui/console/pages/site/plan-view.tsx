import { Alert } from "antd";
import { useEffect, useRef } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { Facts } from "../../elements/facts.tsx";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { timeOf } from "../time-of.ts";

const listOf = (names: readonly string[]): string | null => (names.length === 0 ? null : names.join("、"));

/** Every change that a site file would make on this PC. */
export const PlanView = ({ plan }: { readonly plan: AnswerOf<"site.plan"> }) => {
  const { t, language } = useWords();
  const place = useRef<HTMLDivElement>(null);
  // It stands below all that was asked, often out of sight.
  useEffect(() => {
    place.current?.scrollIntoView();
  }, []);
  return (
    <div ref={place} className="plan" role="status">
      <h3>{t("site.changes")}</h3>
      {plan.before === null ? <Alert className="note" type="warning" showIcon title={t("site.first")} /> : null}
      <Facts
        facts={[
          [t("site.file"), t("site.fileFact", { site: plan.site, version: plan.version })],
          [t("site.before"), plan.before && t("site.fileFact", { site: plan.before.site, version: plan.before.version })],
          [t("site.madeAt"), timeOf(Date.parse(plan.madeAt))],
          [t("site.signedBy"), plan.signedBy],
          [t("site.clerks"), listOf(plan.clerks.map(({ staffNo, name }) => `${name}（${staffNo}）`))],
          [t("site.pairings"), listOf(plan.businessSystems)],
          [t("site.profiles"), listOf(plan.profiles)],
          [t("site.languages"), listOf(plan.languages)],
          [t("site.shell"), plan.shell ? t("site.changed") : null],
          [t("site.inFile"), plan.windows],
        ]}
      />
      {plan.settings.length === 0 ? (
        <p>{t("site.noChange")}</p>
      ) : (
        <WideTable label={t("site.changes")} heads={[t("site.setting"), t("site.before"), t("site.after")]}>
          {plan.settings.map(({ key, help, before, after }) => (
            <tr key={key}>
              <td>
                <code>{key}</code>
                <div className="detail">{language === "en" ? help.en : help.zh}</div>
              </td>
              <td>{before ?? t("site.usual")}</td>
              <td>
                <b>{after ?? t("site.usual")}</b>
              </td>
            </tr>
          ))}
        </WideTable>
      )}
    </div>
  );
};
