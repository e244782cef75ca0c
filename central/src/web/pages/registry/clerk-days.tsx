import type { ReactNode } from "react";
import type { z } from "zod";
import type { clerkDayListSchema } from "../../../console/contract/registry.ts";
import { usePages } from "../../api/use-answer.ts";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { momentText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { useWords } from "../../words/use-words.ts";

type Day = z.infer<typeof clerkDayListSchema>["days"][number];

export const ClerkDays = (): ReactNode => {
  const { t, teller } = useWords();
  const values = useFilters(["hall", "window", "staffNo", "from", "to"]);
  const days = usePages("clerkDays", values);
  const places = usePlaceFields().filter(({ name }) => name !== "agency");
  const columns: Column<Day>[] = [
    { key: "day", title: t("registry.day"), look: "nowrap", cell: ({ day }) => day },
    { key: "window", title: t("frame.window"), look: "nowrap", cell: ({ windowNo }) => t("frame.windowNo", { no: windowNo }) },
    { key: "clerk", title: t("frame.clerk"), look: "wide", cell: ({ clerkName, staffNo }) => `${clerkName}（${staffNo}）` },
    { key: "first", title: t("registry.firstAt"), look: "nowrap", cell: ({ firstAtMs }) => momentText(firstAtMs).slice(11, 16) },
    { key: "last", title: t("registry.lastAt"), look: "nowrap", cell: ({ lastAtMs }) => momentText(lastAtMs).slice(11, 16) },
    { key: "by", title: t("cases.toldBy"), cell: ({ toldBy }) => teller(toldBy) },
  ];
  return (
    <>
      <p className="intro">{t("registry.clerkDaysIntro")}</p>
      <Filters
        fields={[
          { name: "from", label: t("frame.from"), as: "day" },
          { name: "to", label: t("frame.to"), as: "day" },
          ...places,
          { name: "staffNo", label: t("frame.staffNo"), as: "text" },
        ]}
        values={values}
      />
      <ListPages
        asked={days}
        rowsOf={(page) => page.days}
        empty={<Nothing title={t("registry.noDays")} advice={t("frame.noRowsAdvice")} />}
      >
        {(rows) => (
          <Table
            label={t("registry.clerkDays")}
            columns={columns}
            rows={rows}
            rowKey={({ day, windowNo, staffNo }) => `${day} ${windowNo} ${staffNo}`}
          />
        )}
      </ListPages>
    </>
  );
};
