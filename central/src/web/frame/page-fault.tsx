import { Button } from "antd";
import type { ReactNode } from "react";
import { useRouteError } from "react-router";
import { Nothing } from "../elements/nothing.tsx";
import { useWords } from "../words/use-words.ts";

/** In place of a page that failed. A part of the console that is gone was replaced by an update: loading anew brings the new one. */
export const PageFault = (): ReactNode => {
  const { t } = useWords();
  const error = useRouteError();
  const text = error instanceof Error ? error.message : String(error);
  const isOutdated = /dynamically imported module|importing a module/i.test(text);
  return (
    <main className="content" role="alert">
      <Nothing title={isOutdated ? t("frame.newer") : t("frame.unexpected")} advice={isOutdated ? undefined : t("frame.unexpectedAdvice")}>
        <Button type="primary" onClick={() => location.reload()}>
          {t("frame.reload")}
        </Button>
        {isOutdated ? null : <pre className="quiet detail">{text}</pre>}
      </Nothing>
    </main>
  );
};

export const NoPage = (): ReactNode => {
  const { t } = useWords();
  return <Nothing title={t("frame.notFound")} advice={t("frame.notFoundAdvice")} />;
};
