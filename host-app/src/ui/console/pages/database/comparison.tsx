import { ActButton } from "../../elements/act-button.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Section } from "../../elements/page.tsx";
import { SaveButton } from "../../elements/save-button.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { BeginButton, type CareProps } from "./begin-button.tsx";
import { Verdict } from "./check.tsx";

/** The backup that was compared last, in quarantine: what it has that the database in use lacks. Nothing is put in the place of anything. */
export const Comparison = ({ care, onBegun }: CareProps) => {
  const model = useModel();
  const { t } = useWords();
  const { comparison, takenBack, exported } = care;
  if (comparison === null) return null;
  const { name, path, found } = comparison;
  const { fitting, notFitting, numbers } = found.missing;
  const isWhole = fitting + notFitting === 0;
  return (
    <Section title={t("database.comparison")}>
      <Facts
        facts={[
          [t("database.of"), name],
          [t("database.backupFound"), <Verdict key="found" isOk={found.check.ok} />],
          [t("database.inBoth"), found.inBoth],
          [t("database.onlyLive"), found.onlyLive],
          [t("database.missing"), fitting + notFitting],
          [t("database.fitting"), isWhole ? null : fitting],
          [t("database.notFitting"), isWhole ? null : notFitting],
          [t("database.numbers"), isWhole ? null : `${numbers.join("、")}${numbers.length < fitting + notFitting ? "…" : ""}`],
          [t("database.altered"), found.altered === 0 ? null : found.altered],
          [t("database.copy"), path],
        ]}
      />
      {isWhole ? (
        <p className="good">{t("database.nothingMissing")}</p>
      ) : (
        <div className="buttons">
          <ActButton
            text={t("database.takeBack")}
            ask={() => model.ask("database.takeBack", {})}
            onDone={onBegun}
            isDisabled={care.underWay !== null || fitting === 0 || takenBack !== null}
            question={{ title: t("database.takeBackTitle", { count: fitting }), text: t("database.takeBackText") }}
            isMain
          />
          <BeginButton text={t("database.export")} ask={() => model.ask("database.export", {})} care={care} onBegun={onBegun} />
          {exported === null ? null : (
            <SaveButton path={exported.path} type="application/json" read={(from) => model.ask("database.readExport", { from })} />
          )}
        </div>
      )}
      <p role="status" className="good">
        {takenBack === null ? "" : t("database.takenBack", { count: takenBack.numbers })}{" "}
        {exported === null ? "" : t("database.exported", { count: exported.entries, path: exported.path })}
      </p>
    </Section>
  );
};
