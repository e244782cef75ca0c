import { Button } from "antd";
import { useCallback, useState } from "react";
import { Answered } from "../../elements/answered.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { BundleSection } from "./bundle-section.tsx";
import { type Finding, FindingList } from "./finding-list.tsx";

/** What the doctor finds, the worst first; and the bundle of logs for whoever cannot mend it. */
export const Doctor = () => {
  const model = useModel();
  const { t } = useWords();
  const [isBusy, setBusy] = useState(false);
  const asked = useAsked(useCallback(() => model.ask("doctor.run", {}), [model]));
  const again = async (): Promise<void> => {
    setBusy(true);
    await asked.askAgain();
    setBusy(false);
  };
  return (
    <Page name="doctor" intro={t("doctor.intro")}>
      <Section title={t("doctor.findings")}>
        <Answered asked={asked}>
          {({ findings }) => {
            const of = (level: Finding["level"]): Finding[] => findings.filter((finding) => finding.level === level);
            return (
              <>
                <p role="status">
                  <strong>{t("doctor.counts", { fail: of("fail").length, warn: of("warn").length, ok: of("ok").length })}</strong>
                </p>
                <Button loading={isBusy} onClick={() => void again()}>
                  {t("doctor.again")}
                </Button>
                <FindingList findings={[...of("fail"), ...of("warn")]} />
                <details className="in-order">
                  <summary>{t("doctor.inOrder", { ok: of("ok").length })}</summary>
                  <FindingList findings={of("ok")} />
                </details>
              </>
            );
          }}
        </Answered>
      </Section>
      <BundleSection />
    </Page>
  );
};
