import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PanelProps } from "../panel-props.ts";

/**
 * What a form asks about, as it was when the form was opened. The business system, another strip or the citizen may be quicker: then the
 * question is closed, which says so, and Enter does nothing that was not asked.
 * @param now what it would be about now; null: nothing
 */
export const useAskedAbout = <What extends object>(now: What | null, { model, close }: Pick<PanelProps, "model" | "close">) => {
  const { t } = useTranslation();
  const [asked] = useState(now);
  const isSending = useRef(false);
  const isOver = asked !== null && JSON.stringify(asked) !== JSON.stringify(now);
  useEffect(() => {
    // What is being sent ends it, too.
    if (!isOver || isSending.current) return;
    model.say("refused", t("changedMeanwhile"));
    close();
  }, [isOver, model, close, t]);
  /** Closes the form if it was carried out. */
  const send = async (act: () => Promise<object | undefined>): Promise<void> => {
    isSending.current = true;
    const done = await act();
    isSending.current = false;
    if (done !== undefined) close();
  };
  return { asked, send };
};
