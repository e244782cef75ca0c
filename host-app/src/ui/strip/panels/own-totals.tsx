import type { ClerkOnDuty, OwnTotals as Totals } from "@window-rating/protocol/desk";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { StripModel } from "../strip-model.ts";

/** The own ratings, late and pooled; shown only when asked for, and only where the site allows it. */
export const OwnTotals = ({ model, clerks }: { model: StripModel; clerks: readonly ClerkOnDuty[] }) => {
  const { t } = useTranslation();
  const [totals, setTotals] = useState<Totals | null>(null);
  const show = async (staffNo: string): Promise<void> => {
    const answer = await model.act("clerk.totals", { staffNo }, null);
    setTotals(answer ?? null);
  };
  return (
    <section className="field wide" aria-label={t("totals.title")}>
      {clerks.map(({ staffNo, name }) => (
        <Button key={staffNo} onClick={() => void show(staffNo)}>
          {t("settings.totals")} · {name}
        </Button>
      ))}
      {totals !== null && (
        <>
          {totals.pools.length === 0 && <p className="hint">{t("totals.none")}</p>}
          <ul>
            {totals.pools.map(({ fromDay, toDay, ratings, good }) => (
              <li key={fromDay}>{t("totals.pool", { from: fromDay, to: toDay, count: ratings, share: t(`totals.share.${good}`) })}</li>
            ))}
          </ul>
          {totals.pending && <p className="hint">{t("totals.pending")}</p>}
        </>
      )}
    </section>
  );
};
