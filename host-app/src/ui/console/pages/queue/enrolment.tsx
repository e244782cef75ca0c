import { Input } from "antd";
import { useState } from "react";
import { ActButton } from "../../elements/act-button.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Section } from "../../elements/page.tsx";
import { timeText } from "../../elements/quantities.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import type { Central } from "./central.ts";

/** Who this PC is at central, and the code that makes it known there. */
export const Enrolment = ({ central, onDone }: { readonly central: Central; readonly onDone: () => void }) => {
  const model = useModel();
  const { t } = useWords();
  const [code, setCode] = useState("");
  const [isDone, setDone] = useState(false);
  const { centralUrl, windowPcId, enrolledAt, enrolledWith } = central;
  const isElsewhere = enrolledWith !== null && centralUrl !== null && enrolledWith !== centralUrl;
  return (
    <Section title={t("central.enrolment")}>
      <Facts
        facts={[
          [t("central.address"), centralUrl ?? t("central.notSet")],
          [t("central.enrolledAt"), enrolledAt === null ? t("central.notEnrolled") : timeText(Date.parse(enrolledAt))],
          [t("central.pcId"), windowPcId],
        ]}
      />
      {isElsewhere ? <p className="look">{t("central.otherCentral", { url: enrolledWith })}</p> : null}
      {centralUrl === null ? (
        <p className="look">
          {t("central.howToSet")} <a href="#site">{t("title.site")}</a>
        </p>
      ) : (
        <>
          <label htmlFor="enrol-code">{t("central.code")}</label>
          <div className="buttons">
            <Input
              id="enrol-code"
              className="code-field"
              value={code}
              onChange={({ target }) => setCode(target.value)}
              autoComplete="off"
              maxLength={64}
            />
            <ActButton
              text={t(enrolledAt === null ? "central.enrol" : "central.enrolAgain")}
              isMain={enrolledAt === null}
              isDisabled={code.trim() === ""}
              ask={() => {
                setDone(false);
                return model.ask("central.enrol", { code });
              }}
              onDone={() => {
                setCode("");
                setDone(true);
                onDone();
              }}
            />
            <span role="status" className="good">
              {isDone ? t("central.enrolledNow") : ""}
            </span>
          </div>
          <p className="detail">{t("central.codeHint")}</p>
        </>
      )}
    </Section>
  );
};
