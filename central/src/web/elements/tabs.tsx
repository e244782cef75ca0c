import { Segmented } from "antd";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";

interface TabsProps<N extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly name: N; readonly text: string }[];
}

/** Which part of a page is shown; it stands in the address, the first one unsaid. */
export const useTab = <N extends string>(names: readonly [N, ...N[]]): N => {
  const [search] = useSearchParams();
  return names.find((name) => name === search.get("tab")) ?? names[0];
};

export function Tabs<N extends string>({ label, tabs }: TabsProps<N>): ReactNode {
  const [search, setSearch] = useSearchParams();
  const shown = search.get("tab") ?? tabs[0]?.name ?? "";
  return (
    <Segmented
      className="tabs"
      aria-label={label}
      value={shown}
      onChange={(name) => setSearch(name === tabs[0]?.name ? {} : { tab: name })}
      options={tabs.map(({ name, text }) => ({ value: name as string, label: text }))}
    />
  );
}
