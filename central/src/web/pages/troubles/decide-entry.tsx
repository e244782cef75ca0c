import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { z } from "zod";
import type { DecisionAnswer, setAsideListSchema } from "../../../console/contract/troubles.ts";
import { call } from "../../api/call.ts";
import { type Fact, Facts } from "../../elements/facts.tsx";
import { ReasonButton } from "../../elements/reason-button.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";

type Entry = z.infer<typeof setAsideListSchema>["setAside"][number];
type Undecided = NonNullable<Entry["undecided"]>;

/** What an entry is about whose counting a person decides; nothing of how good the rating is. */
export const UndecidedFacts = ({ undecided }: { readonly undecided: Undecided }): ReactNode => {
  const { t, code } = useWords();
  const { kind, atMs, caseNo, itemName, staffNo, clerkName, isRated } = undecided;
  const facts: Fact[] = [
    [t("frame.kind"), code("entryKind", kind)],
    [t("frame.time"), <Time key="at" at={atMs} source={code("clock", "window-pc")} />],
    [t("frame.caseNo"), caseNo],
    [t("frame.item"), itemName],
    [t("frame.clerk"), staffNo === null ? null : `${clerkName ?? ""}（${staffNo}）`],
    [t("troubles.otherwise"), isRated ? t("troubles.isRated") : null],
  ];
  return <Facts facts={facts} />;
};

interface DecideProps {
  readonly row: Entry;
  readonly undecided: Undecided;
  readonly onDecided: (answer: DecisionAnswer) => void;
}

/** Two buttons: it counts, or it does not; both with a reason, and on record. */
export const DecideButtons = ({ row, undecided, onDecided }: DecideProps): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const decide = async (counts: boolean, reason: string): Promise<void> => {
    const params = { setAsideNo: String(row.setAsideNo) };
    onDecided(await call("decideEntry", { params }, { json: { counts, reason } }));
    await queries.invalidateQueries({ queryKey: ["setAside"] });
  };
  const about = <UndecidedFacts undecided={undecided} />;
  const shared = { question: t("troubles.decideAsk", { window: row.windowNo, no: row.number }), about };
  return (
    <div className="form-buttons">
      {undecided.isRated ? null : (
        <ReasonButton
          {...shared}
          text={t("troubles.count")}
          explanation={t("troubles.countExplain")}
          onReason={(reason) => decide(true, reason)}
        />
      )}
      {row.retaken !== null ? null : (
        <ReasonButton
          {...shared}
          text={t("troubles.leave")}
          explanation={t("troubles.leaveExplain")}
          onReason={(reason) => decide(false, reason)}
        />
      )}
    </div>
  );
};
