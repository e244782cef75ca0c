import { type ReactNode, useEffect, useRef } from "react";
import type { PageName } from "../words/frame.ts";
import { useWords } from "../words/use-words.ts";

interface PageProps {
  readonly name: PageName;
  readonly intro?: string;
  readonly children: ReactNode;
}

/** A page: its title names the tab and takes the focus, so that keyboard and screen reader begin there. */
export const Page = ({ name, intro, children }: PageProps) => {
  const { t } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const title = t(`title.${name}`);
  useEffect(() => {
    document.title = `${title} · ${t("frame.product")}`;
  }, [title, t]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {intro === undefined ? null : <p className="intro">{intro}</p>}
      {children}
    </div>
  );
};

interface SectionProps {
  readonly title: string;
  readonly children: ReactNode;
}

export const Section = ({ title, children }: SectionProps) => (
  <section className="section">
    <h2>{title}</h2>
    {children}
  </section>
);
