import { type ReactNode, useState } from "react";
import type { z } from "zod";
import { REGISTRY_KINDS, type registryListSchema } from "../../../console/contract/registry.ts";
import { useAnswer, usePages } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";

type Row = z.infer<typeof registryListSchema>["rows"][number];
type Kind = Row["kind"];

const kindOf = (text: string | undefined): Kind => REGISTRY_KINDS.find((kind) => kind === text) ?? "hall";

export const RegistryRows = (): ReactNode => {
  const { t, code, teller } = useWords();
  const values = useFilters(["kind", "text"], { kind: "hall" });
  const kind = kindOf(values.kind);
  const rows = usePages("registry", { kind, text: values.text });
  const columns: Column<Row>[] = [
    { key: "key", title: t("registry.key"), look: "nowrap", cell: ({ key }) => key },
    { key: "name", title: t("registry.name"), look: "wide", cell: ({ name }) => name ?? "—" },
    ...(kind === "agency" ? [] : [{ key: "agency", title: t("frame.agency"), cell: ({ agencyCode }: Row) => agencyCode ?? "—" }]),
    ...(kind === "window" ? [{ key: "hall", title: t("frame.hall"), cell: ({ hallNo }: Row) => hallNo ?? "—" }] : []),
    ...(kind === "clerk" ? [{ key: "window", title: t("frame.window"), cell: ({ windowNo }: Row) => windowNo ?? "—" }] : []),
    {
      key: "changed",
      title: t("registry.changed"),
      look: "nowrap",
      cell: ({ toldAtMs, toldBy }) => (
        <>
          <Time at={toldAtMs} />
          <div className="quiet">{teller(toldBy)}</div>
        </>
      ),
    },
  ];
  return (
    <>
      <p className="intro">{t("registry.intro")}</p>
      <Filters
        fields={[
          {
            name: "kind",
            label: t("frame.kind"),
            as: "choice",
            anything: code("registry", "hall"),
            options: REGISTRY_KINDS.filter((value) => value !== "hall").map((value) => ({ value, text: code("registry", value) })),
          },
          { name: "text", label: t("registry.text"), as: "text" },
        ]}
        values={{ ...values, kind: kind === "hall" ? "" : kind }}
      />
      <ListPages asked={rows} rowsOf={(page) => page.rows} empty={<Nothing title={t("registry.none")} advice={t("registry.noneAdvice")} />}>
        {(all) => (
          <Table
            label={code("registry", kind)}
            columns={columns}
            rows={all}
            rowKey={({ key }) => key}
            below={(row) => (row.version > 0 ? <History kind={row.kind} no={row.key} /> : null)}
          />
        )}
      </ListPages>
    </>
  );
};

/** Every version of a row, asked for when it is unfolded. */
const History = ({ kind, no }: { readonly kind: Kind; readonly no: string }): ReactNode => {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t("registry.history")}</summary>
      {open ? <Versions kind={kind} no={no} /> : null}
    </details>
  );
};

const Versions = ({ kind, no }: { readonly kind: Kind; readonly no: string }): ReactNode => {
  const { t, teller } = useWords();
  const history = useAnswer("registryHistory", { query: { kind, key: no } });
  return (
    <Answered asked={history}>
      {({ versions }) => (
        <ol className="versions" reversed>
          {versions.map(({ version, content, toldBy, toldAtMs }) => (
            <li key={version} value={version}>
              <Time at={toldAtMs} /> · {teller(toldBy)}
              <div className="quiet">
                {content === null
                  ? t("registry.removed")
                  : Object.entries(content)
                      .filter(([, value]) => value !== null)
                      .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
                      .join("；")}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Answered>
  );
};
