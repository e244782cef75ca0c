import type { ReactNode } from "react";
import { Navigate } from "react-router";
import { Nothing } from "../elements/nothing.tsx";
import { useWords } from "../words/use-words.ts";
import { menuFor } from "./menu.ts";
import { useSessionAnswer } from "./viewer.ts";

/** Leads to the first page of somebody's menu. */
export const FirstPage = (): ReactNode => {
  const { t } = useWords();
  const first = menuFor(useSessionAnswer().permissions)[0]?.entries[0];
  return first === undefined ? <Nothing title={t("frame.noPages")} /> : <Navigate to={first.path} replace />;
};
