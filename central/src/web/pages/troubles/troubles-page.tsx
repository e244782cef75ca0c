import type { ReactNode } from "react";
import { Page } from "../../elements/page.tsx";
import { Tabs, useTab } from "../../elements/tabs.tsx";
import { useWords } from "../../words/use-words.ts";
import { Incidents } from "./incidents.tsx";
import { RefusedReports } from "./refused-reports.tsx";
import { SetAsideEntries } from "./set-aside-entries.tsx";

const TABS = ["refused", "set-aside", "incidents"] as const;

export const TroublesPage = (): ReactNode => {
  const { t } = useWords();
  const tab = useTab(TABS);
  const shown = { refused: <RefusedReports />, "set-aside": <SetAsideEntries />, incidents: <Incidents /> }[tab];
  return (
    <Page title={t("title.troubles")}>
      <Tabs
        label={t("title.troubles")}
        tabs={[
          { name: "refused", text: t("troubles.refusedTab") },
          { name: "set-aside", text: t("troubles.setAsideTab") },
          { name: "incidents", text: t("troubles.incidentTab") },
        ]}
      />
      {shown}
    </Page>
  );
};
