import { Alert, Button, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { themeOf } from "../strip/theme.ts";
import type { ConsoleModel } from "./console-model.ts";
import { ModelPlace } from "./elements/use-model.ts";
import { FIRST_PAGE, PAGES, RESCUE_PAGES } from "./pages.tsx";
import type { PageName } from "./words/frame.ts";
import { useWords } from "./words/use-words.ts";

const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";

const pageNow = (): string => location.hash.slice(1) || FIRST_PAGE;

/** The console of IT staff: which page, and how the PC stands. */
export const ConsoleApp = ({ model }: { readonly model: ConsoleModel }) => {
  const { standing, windows, preferences, outOfOrder } = useSyncExternalStore(model.subscribe, model.snapshot);
  const { t, language } = useWords();
  const [page, setPage] = useState(pageNow);
  useEffect(() => {
    const turn = (): void => setPage(pageNow());
    window.addEventListener("hashchange", turn);
    return () => window.removeEventListener("hashchange", turn);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const pages = outOfOrder === null ? PAGES : RESCUE_PAGES;
  // What is not there now comes back with the window PC; until then its rescue is what matters.
  const asked = outOfOrder === null || Object.hasOwn(pages, page) ? page : "database";
  const Shown = Object.hasOwn(pages, asked) ? pages[asked as PageName] : undefined;
  const numbers = windows.map(({ windowNo }) => windowNo).join("、");
  return (
    <ConfigProvider
      theme={themeOf(preferences.contrast)}
      locale={language === "en" ? enUS : zhCN}
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <ModelPlace value={model}>
        <div className="console" data-contrast={preferences.contrast}>
          <header className="head">
            <a className="skip" href={`#${page}`} onClick={() => document.querySelector("main")?.focus()}>
              {t("frame.toContent")}
            </a>
            <span className="product">{t("frame.product")}</span>
            <span className="numbers">{numbers === "" ? null : t("frame.windows", { numbers })}</span>
            <Button
              aria-pressed={preferences.contrast === "high"}
              onClick={() => void model.prefer({ contrast: preferences.contrast === "high" ? "normal" : "high" })}
            >
              {t("frame.highContrast")}
            </Button>
            <Button
              lang={language === "en" ? "zh-CN" : "en"}
              onClick={() => void model.prefer({ language: language === "en" ? "zh-CN" : "en" })}
            >
              {t("frame.otherLanguage")}
            </Button>
          </header>
          <nav className="menu" aria-label={t("frame.menu")}>
            {(Object.keys(pages) as PageName[]).map((name) => (
              <a key={name} href={`#${name}`} aria-current={name === asked ? "page" : undefined}>
                {t(outOfOrder !== null && name === "database" ? "title.rescue" : `title.${name}`)}
              </a>
            ))}
          </nav>
          <main className="content" tabIndex={-1}>
            {standing === "connected" ? null : (
              <Alert
                className="note"
                showIcon
                type={standing === "refused" ? "error" : "warning"}
                role="status"
                title={t(standing === "refused" ? "frame.refused" : windows.length === 0 ? "frame.connecting" : "frame.lost")}
              />
            )}
            {outOfOrder === null ? null : <Alert className="note" showIcon type="error" title={t("rescue.state")} />}
            {Shown === undefined ? (
              <h1>{t("frame.notFound")}</h1>
            ) : (
              <Suspense fallback={<p className="waiting">{t("frame.reading")}</p>}>
                <Shown key={`${asked} ${outOfOrder}`} />
              </Suspense>
            )}
          </main>
        </div>
      </ModelPlace>
    </ConfigProvider>
  );
};
