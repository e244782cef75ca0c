import type { ReactNode } from "react";
import { useWords } from "../words/use-words.ts";
import { momentText } from "./moment.ts";

interface TimeProps {
  /** Unix milliseconds; null: unknown. */
  readonly at: number | null | undefined;
  /** Whose clock it is by, for whoever points at it. */
  readonly source?: string | undefined;
}

/** A time in China, to the second; its source is told on hovering. */
export const Time = ({ at, source }: TimeProps): ReactNode => {
  const { t } = useWords();
  if (at === null || at === undefined) return <span className="quiet">{t("frame.unknown")}</span>;
  const hover = source === undefined ? t("frame.chinaTime") : `${t("frame.chinaTime")} · ${t("cases.source", { clock: source })}`;
  return (
    <time className="time" dateTime={new Date(at).toISOString()} title={hover}>
      {momentText(at)}
    </time>
  );
};
