import type { ReactNode } from "react";
import type { z } from "zod";
import { INCIDENT_KINDS, type incidentListSchema } from "../../../console/contract/troubles.ts";
import { usePages } from "../../api/use-answer.ts";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { momentText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { ERROR_WORDS } from "../../words/errors.ts";
import { useWords } from "../../words/use-words.ts";

type List = z.infer<typeof incidentListSchema>;
type Incident = List["incidents"][number];

export const Incidents = (): ReactNode => {
  const { t, code, language } = useWords();
  const values = useFilters(["hall", "window", "kind"]);
  const incidents = usePages("incidents", values);
  const places = usePlaceFields().filter(({ name }) => name !== "agency");
  const columns: Column<Incident>[] = [
    { key: "time", title: t("troubles.noticed"), look: "nowrap", cell: ({ noticedAtMs }) => <Time at={noticedAtMs} /> },
    { key: "kind", title: t("frame.kind"), look: "nowrap", cell: ({ kind }) => code("incident", kind) },
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
      key: "detail",
      title: t("troubles.why"),
      look: "wide",
      cell: (incident) => (
        <>
          {incident.code === null ? null : (
            <div>
              {incident.code} {language === "zh" ? (ERROR_WORDS[incident.code]?.title ?? "") : ""}
            </div>
          )}
          <div className="quiet">{incident.detail}</div>
        </>
      ),
    },
  ];
  const kinds = INCIDENT_KINDS.map((value) => ({ value, text: code("incident", value) }));
  return (
    <>
      <p className="intro">{t("troubles.incidentIntro")}</p>
      <Filters fields={[...places, { name: "kind", label: t("frame.kind"), as: "choice", options: kinds }]} values={values} />
      <Holes holes={incidents.data?.pages[0]?.holes ?? []} />
      <ListPages
        asked={incidents}
        rowsOf={(page) => page.incidents}
        empty={<Nothing title={t("troubles.noIncidents")} advice={t("troubles.noRefusedAdvice")} />}
      >
        {(rows) => <Table label={t("troubles.incidentTab")} columns={columns} rows={rows} rowKey={({ incidentNo }) => incidentNo} />}
      </ListPages>
    </>
  );
};

const Holes = ({ holes }: { readonly holes: List["holes"] }): ReactNode => {
  const { t } = useWords();
  if (holes.length === 0) return null;
  return (
    <section className="card">
      <h2>{t("troubles.holes")}</h2>
      <ul>
        {holes.map((hole) => (
          <li key={`${hole.windowPcId}-${hole.firstMissing}`}>
            {t("troubles.hole", {
              window: hole.windowNo,
              first: hole.firstMissing,
              last: hole.lastMissing,
              since: momentText(hole.sinceMs),
            })}
          </li>
        ))}
      </ul>
      <p className="quiet">{t("troubles.holeAdvice")}</p>
    </section>
  );
};
