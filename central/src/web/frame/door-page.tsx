import { Button } from "antd";
import { type ReactNode, useEffect } from "react";
import icon from "../icon.svg";
import { useWords } from "../words/use-words.ts";

interface DoorPageProps {
  readonly heading: string;
  readonly children: ReactNode;
}

/** What is shown before anybody is in: one narrow column, the language beside it. */
export const DoorPage = ({ heading, children }: DoorPageProps): ReactNode => {
  const { t } = useWords();
  useEffect(() => {
    document.title = `${heading} · ${t("frame.product")}`;
  }, [heading, t]);
  return (
    <div className="door">
      <header className="door-head">
        <p className="product">
          <img src={icon} alt="" width="32" height="32" /> {t("frame.product")}
        </p>
        <LanguageSwitch />
      </header>
      <main className="door-column">
        <h1>{heading}</h1>
        {children}
      </main>
    </div>
  );
};

export const LanguageSwitch = (): ReactNode => {
  const { t, language, switchLanguage } = useWords();
  return (
    <Button type="text" onClick={switchLanguage} lang={language === "zh" ? "en" : "zh-CN"} title={t("frame.languageHint")}>
      {t("frame.language")}
    </Button>
  );
};
