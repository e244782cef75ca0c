import type { ReactNode } from "react";
import { Page } from "../../elements/page.tsx";
import { Tabs, useTab } from "../../elements/tabs.tsx";
import { useWords } from "../../words/use-words.ts";
import { ClerkDays } from "./clerk-days.tsx";
import { RegistryRows } from "./registry-rows.tsx";

export const RegistryPage = (): ReactNode => {
  const { t } = useWords();
  const tab = useTab(["rows", "clerk-days"]);
  return (
    <Page title={t("title.registry")}>
      <Tabs
        label={t("title.registry")}
        tabs={[
          { name: "rows", text: t("title.registry") },
          { name: "clerk-days", text: t("registry.clerkDays") },
        ]}
      />
      {tab === "rows" ? <RegistryRows /> : <ClerkDays />}
    </Page>
  );
};
