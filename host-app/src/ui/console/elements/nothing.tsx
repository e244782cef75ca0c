import type { ReactNode } from "react";

interface NothingProps {
  readonly title: string;
  /** What to do next. */
  readonly advice?: string;
  readonly children?: ReactNode;
}

/** In place of a list that is empty. */
export const Nothing = ({ title, advice, children }: NothingProps) => (
  <div className="nothing">
    <p className="nothing-title">{title}</p>
    {advice === undefined ? null : <p>{advice}</p>}
    {children}
  </div>
);
