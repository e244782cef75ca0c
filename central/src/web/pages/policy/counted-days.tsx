import type { ReactNode } from "react";
import type { Step } from "../../../policy/count.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { useWords } from "../../words/use-words.ts";

/** Every day that was counted or skipped, with its reason. */
export const CountedDays = ({ steps }: { readonly steps: readonly Step[] }): ReactNode => {
  const { t, both } = useWords();
  const columns: Column<Step>[] = [
    { key: "date", title: t("explain.date"), look: "nowrap", cell: ({ date, at }) => date ?? at?.slice(0, 16).replace("T", " ") ?? "" },
    {
      key: "count",
      title: t("explain.counted"),
      look: "nowrap",
      cell: ({ kind, counted, number }) => (counted ? `✓ ${number ?? ""}` : kind === "day" ? `– ${t("explain.skipped")}` : ""),
    },
    { key: "why", title: t("explain.why"), look: "wide", cell: ({ why }) => both(why) },
  ];
  const rows = steps.map((step, index) => ({ ...step, index }));
  return (
    <section>
      <h2>{t("explain.steps")}</h2>
      <Table
        label={t("explain.steps")}
        columns={columns as Column<(typeof rows)[number]>[]}
        rows={rows}
        rowKey={({ index }) => index}
        rowClass={({ kind, counted }) => (kind === "due" ? "step-due" : kind === "day" && !counted ? "step-skipped" : undefined)}
      />
    </section>
  );
};
