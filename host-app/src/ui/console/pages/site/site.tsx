import { useCallback } from "react";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { timeOf } from "../time-of.ts";
import { MakeFile } from "./make-file.tsx";
import { SettingsInForce } from "./settings-in-force.tsx";
import { TakeFile } from "./take-file.tsx";

/** Which windows this PC serves, what holds here and where it comes from, and the way to another site file. */
export const Site = () => {
  const model = useModel();
  const { t } = useWords();
  const asked = useAsked(useCallback(() => model.ask("site.read", {}), [model]));
  return (
    <Page name="site" intro={t("site.intro")}>
      <Answered asked={asked}>
        {({ windows, file, central, settings }) => (
          <>
            <Section title={t("site.now")}>
              <Facts
                facts={[
                  [
                    t("site.windows"),
                    windows.map(({ windowNo, port, profile }) => (
                      <div key={windowNo}>
                        {t("site.windowFact", { windowNo, port, profile: profile === "auto" ? t("site.byItself") : profile })}
                      </div>
                    )),
                  ],
                  [t("site.file"), file === null ? t("site.noFile") : t("site.fileFact", { site: file.site, version: file.version })],
                  [t("site.madeAt"), file && timeOf(Date.parse(file.madeAt))],
                  [t("site.takenAt"), file && timeOf(file.takenAtMs)],
                  [t("site.signedBy"), file && (file.signedBy ?? t("site.unsigned"))],
                  [t("site.central"), central.url ?? t("site.noCentral")],
                  [
                    t("site.policy"),
                    central.policyVersion === null
                      ? t("site.noPolicy")
                      : t("site.policyFact", { version: central.policyVersion, region: central.regionName ?? t("site.noRegion") }),
                  ],
                  [
                    t("site.heard"),
                    central.lastAnswerMs === null ? (central.url === null ? null : t("site.neverHeard")) : timeOf(central.lastAnswerMs),
                  ],
                ]}
              />
            </Section>
            <TakeFile centralUrl={central.url} onTaken={asked.askAgain} />
            <MakeFile site={file?.site ?? ""} />
            <SettingsInForce settings={settings} onChanged={asked.askAgain} />
          </>
        )}
      </Answered>
    </Page>
  );
};
