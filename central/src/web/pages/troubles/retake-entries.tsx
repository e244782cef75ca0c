import { useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import type { ReactNode } from "react";
import type { z } from "zod";
import type { allRetakeAnswerSchema, DecisionAnswer, EntryRetakeAnswer } from "../../../console/contract/troubles.ts";
import { call } from "../../api/call.ts";
import { AskButton } from "../../elements/ask-button.tsx";
import type { FilterValues } from "../../elements/filters.tsx";
import { useWords } from "../../words/use-words.ts";

type Some = z.infer<typeof allRetakeAnswerSchema>;
/** What came of taking one entry again, or all that fit. */
export type Retaken =
  | { readonly is: "one"; readonly answer: EntryRetakeAnswer | DecisionAnswer }
  | { readonly is: "all"; readonly sum: Some };

const NOTHING: Some = { taken: 0, duplicate: 0, refused: 0, codes: [], next: null };

/** Takes again all that fit, some of them at a time, until central has no more. */
const retakeAll = async ({ hall, window, code }: FilterValues): Promise<Some> => {
  let sum = NOTHING;
  for (let after: string | undefined; ; ) {
    const some = await call("retakeEntries", { query: { hall, window, code, after } });
    sum = {
      taken: sum.taken + some.taken,
      duplicate: sum.duplicate + some.duplicate,
      refused: sum.refused + some.refused,
      codes: [...new Set([...sum.codes, ...some.codes])],
      next: null,
    };
    if (some.next === null) return sum;
    after = some.next;
  }
};

interface RetakeAllProps {
  /** How many wait. */
  readonly open: number;
  readonly values: FilterValues;
  readonly onRetaken: (retaken: Retaken) => void;
}

export const RetakeAllButton = ({ open, values, onRetaken }: RetakeAllProps): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const take = async (): Promise<void> => {
    try {
      onRetaken({ is: "all", sum: await retakeAll(values) });
    } finally {
      await queries.invalidateQueries({ queryKey: ["setAside"] });
    }
  };
  return (
    <AskButton
      text={t("troubles.retakeAll", { count: open })}
      question={t("troubles.retakeAllAsk", { count: open })}
      explanation={t("troubles.retakeEntryExplain")}
      onYes={take}
    />
  );
};

interface RetakeOneProps {
  readonly setAsideNo: number;
  readonly onRetaken: (retaken: Retaken) => void;
}

export const RetakeEntryButton = ({ setAsideNo, onRetaken }: RetakeOneProps): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const take = async (): Promise<void> => {
    onRetaken({ is: "one", answer: await call("retakeEntry", { params: { setAsideNo: String(setAsideNo) } }) });
    await queries.invalidateQueries({ queryKey: ["setAside"] });
  };
  return (
    <AskButton
      text={t("troubles.retake")}
      question={t("troubles.retakeEntryAsk")}
      explanation={t("troubles.retakeEntryExplain")}
      onYes={take}
    />
  );
};

export const RetakenNote = ({ retaken }: { readonly retaken: Retaken }): ReactNode => {
  const { t, code } = useWords();
  const sumText = ({ taken, duplicate, refused }: Some): string => t("troubles.retakenAll", { taken, duplicate, refused });
  const isTaken = retaken.is === "one" ? retaken.answer.answer !== "refused" : retaken.sum.refused === 0;
  const title = retaken.is === "one" ? code("retake", retaken.answer.answer) : sumText(retaken.sum);
  const why = retaken.is === "one" ? [retaken.answer.code, retaken.answer.detail].filter((part) => part !== null) : retaken.sum.codes;
  return (
    <Alert
      type={isTaken ? "success" : "warning"}
      showIcon
      role="status"
      className="note"
      title={title}
      description={why.length === 0 ? undefined : why.join(" · ")}
    />
  );
};
