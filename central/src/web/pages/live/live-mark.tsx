import type { ReactNode } from "react";
import type { LiveState } from "../../api/use-live.ts";
import { momentText } from "../../elements/moment.ts";
import { useWords } from "../../words/use-words.ts";

interface LiveMarkProps {
  readonly state: LiveState;
  readonly atMs: number | undefined;
}

/** Whether what is shown is still true. */
export const LiveMark = ({ state, atMs }: LiveMarkProps): ReactNode => {
  const { t } = useWords();
  const time = atMs === undefined ? "—" : momentText(atMs).slice(11);
  const words = { live: t("live.connection"), connecting: t("live.connecting"), lost: t("live.lost", { time }) }[state];
  return (
    <p className="live-mark" data-state={state} role="status">
      <span aria-hidden="true">{{ live: "●", connecting: "◌", lost: "✕" }[state]}</span> {words}
    </p>
  );
};
