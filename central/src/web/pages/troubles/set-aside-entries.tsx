import type { ReactNode } from "react";
import type { z } from "zod";
import type { setAsideListSchema } from "../../../console/contract/troubles.ts";
import { usePages } from "../../api/use-answer.ts";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { ERROR_WORDS } from "../../words/errors.ts";
import { useWords } from "../../words/use-words.ts";

type Entry = z.infer<typeof setAsideListSchema>["setAside"][number];

export const SetAsideEntries = (): ReactNode => {
  const { t, language } = useWords();
  const zh = (code: string) => (language === "zh" ? ERROR_WORDS[code] : undefined);
  const values = useFilters(["hall", "window", "code"]);
  const entries = usePages("setAside", values);
  const places = usePlaceFields().filter(({ name }) => name !== "agency");
  const columns: Column<Entry>[] = [
    { key: "time", title: t("troubles.received"), look: "nowrap", cell: ({ receivedAtMs }) => <Time at={receivedAtMs} /> },
    {
      key: "where",
      title: t("frame.window"),
      look: "nowrap",
      cell: ({ windowNo, number }) => (
        <>
          <div>{t("frame.windowNo", { no: windowNo })}</div>
          <div className="quiet">{t("troubles.number", { no: number })}</div>
        </>
      ),
    },
    {
      key: "why",
      title: t("troubles.why"),
      look: "wide",
      cell: ({ code, detail }) => (
        <>
          <div>
            {code} {zh(code)?.title ?? ""}
          </div>
          <div className="quiet">{detail}</div>
        </>
      ),
    },
    { key: "advice", title: t("troubles.whatToDo"), look: "wide", cell: ({ code, advice }) => zh(code)?.advice ?? advice },
  ];
  return (
    <>
      <p className="intro">{t("troubles.setAsideIntro")}</p>
      <Filters fields={[...places, { name: "code", label: t("frame.error"), as: "text" }]} values={values} />
      <ListPages
        asked={entries}
        rowsOf={(page) => page.setAside}
        empty={<Nothing title={t("troubles.noSetAside")} advice={t("troubles.noRefusedAdvice")} />}
      >
        {(rows) => (
          <Table
            label={t("troubles.setAsideTab")}
            columns={columns}
            rows={rows}
            rowKey={({ setAsideNo }) => setAsideNo}
            below={({ entry }) => (
              <details>
                <summary>{t("troubles.content")}</summary>
                <pre className="detail">{entry}</pre>
              </details>
            )}
          />
        )}
      </ListPages>
    </>
  );
};
