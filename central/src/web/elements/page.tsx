import { type ReactNode, useEffect, useRef } from "react";
import { useWords } from "../words/use-words.ts";

interface PageProps {
  readonly title: string;
  readonly intro?: string | undefined;
  /** Beside the title. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title names the tab and takes the focus, so that keyboard and screen reader begin there. */
export const Page = ({ title, intro, extra, children }: PageProps): ReactNode => {
  const { t } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t("frame.product")}`;
  }, [title, t]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page">
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {extra === undefined ? null : <div className="page-extra">{extra}</div>}
      </div>
      {intro === undefined ? null : <p className="intro">{intro}</p>}
      {children}
    </div>
  );
};
