import type { ReactNode } from "react";
import type { z } from "zod";
import type { importListSchema } from "../../../console/contract/work.ts";
import { usePages } from "../../api/use-answer.ts";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useMay } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";
import { ImportForm } from "./import-form.tsx";

type Import = z.infer<typeof importListSchema>["imports"][number];

export const ImportsPage = (): ReactNode => {
  const { t, code } = useWords();
  const mayImport = useMay("do:imports");
  const imports = usePages("imports", {});
  const columns: Column<Import>[] = [
    { key: "time", title: t("frame.time"), look: "nowrap", cell: ({ appliedAtMs }) => <Time at={appliedAtMs} /> },
    { key: "kind", title: t("imports.kind"), look: "nowrap", cell: ({ kind }) => code("import", kind) },
    { key: "file", title: t("imports.fileName"), look: "wide", cell: ({ fileName }) => fileName },
    { key: "rows", title: t("imports.rows"), look: "number", cell: ({ rows }) => rows },
    { key: "taken", title: t("imports.taken"), look: "number", cell: ({ taken }) => taken },
    { key: "known", title: t("imports.known"), look: "number", cell: ({ known }) => known },
    { key: "by", title: t("imports.by"), look: "nowrap", cell: ({ appliedBy }) => appliedBy },
  ];
  return (
    <Page title={t("title.imports")} intro={t("imports.intro")}>
      {mayImport ? <ImportForm /> : null}
      <h2>{t("imports.history")}</h2>
      <ListPages asked={imports} rowsOf={(page) => page.imports} empty={<Nothing title={t("imports.none")} />}>
        {(rows) => <Table label={t("imports.history")} columns={columns} rows={rows} rowKey={({ importNo }) => importNo} />}
      </ListPages>
    </Page>
  );
};
