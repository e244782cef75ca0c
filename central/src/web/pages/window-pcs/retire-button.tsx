import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { WindowPcAnswer } from "../../../console/contract/live.ts";
import { call } from "../../api/call.ts";
import { ReasonButton } from "../../elements/reason-button.tsx";
import { useWords } from "../../words/use-words.ts";

/** Says that a window PC is gone for good, so that nobody waits for it. */
export const RetireButton = ({ pc: { windowPcId, windowNo } }: { readonly pc: WindowPcAnswer }): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const retire = async (reason: string): Promise<void> => {
    await call("retireWindowPc", { params: { windowPcId } }, { json: { reason } });
    await queries.invalidateQueries({ queryKey: ["windowPcs"] });
  };
  return (
    <ReasonButton
      text={t("pcs.retire")}
      question={t("pcs.retireAsk", { window: windowNo })}
      explanation={t("pcs.retireExplain")}
      about={
        <p className="quiet">
          {t("pcs.pc")} {windowPcId}
        </p>
      }
      onReason={retire}
    />
  );
};
