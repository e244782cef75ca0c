import { Nothing } from "../../elements/nothing.tsx";
import { Section } from "../../elements/page.tsx";
import { ageIn, sizeText, timeText } from "../../elements/quantities.ts";
import { useModel } from "../../elements/use-model.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { BeginButton, type CareProps } from "./begin-button.tsx";

/** Copies of the database, the newest first. */
export const Backups = ({ care, onBegun }: CareProps) => {
  const model = useModel();
  const { t, language } = useWords();
  const { backups, everyMinutes } = care;
  const foundText = (verified: (typeof backups)[number]["verified"]): string =>
    verified === null
      ? t("database.notVerified")
      : t(verified.ok ? "database.verifiedAt" : "database.brokenAt", { time: timeText(verified.atMs) });
  return (
    <Section title={t("database.backups")}>
      <p>{t("database.every", { minutes: everyMinutes })}</p>
      <div className="buttons">
        <BeginButton text={t("database.backUpNow")} ask={() => model.ask("database.backUp", {})} care={care} onBegun={onBegun} />
      </div>
      {backups.length === 0 ? (
        <Nothing title={t("database.noBackups")} advice={t("database.noBackupsAdvice")} />
      ) : (
        <WideTable
          label={t("database.backups")}
          heads={(["made", "age", "size", "verified", "compare"] as const).map((name) => t(`database.${name}`))}
        >
          {backups.map(({ name, atMs, sizeBytes, verified }) => (
            <tr key={name}>
              <th scope="row">{timeText(atMs)}</th>
              <td>{ageIn(Date.now() - atMs, language)}</td>
              <td>{sizeText(sizeBytes)}</td>
              <td className={verified === null ? "" : verified.ok ? "good" : "stop"}>{foundText(verified)}</td>
              <td>
                <BeginButton
                  text={t("database.compareOf", { time: timeText(atMs) })}
                  ask={() => model.ask("database.compare", { name })}
                  care={care}
                  onBegun={onBegun}
                />
              </td>
            </tr>
          ))}
        </WideTable>
      )}
    </Section>
  );
};
