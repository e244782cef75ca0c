import { useAnswer } from "../api/use-answer.ts";
import { useWords } from "../words/use-words.ts";
import type { FilterField } from "./filters.tsx";

/** Choices of agency, hall and window, of what the account may see. */
export const usePlaceFields = (): readonly FilterField[] => {
  const { t } = useWords();
  const { data } = useAnswer("places", {});
  const { agencies = [], halls = [], windows = [] } = data ?? {};
  const field = (name: string, label: string, options: { value: string; text: string }[]): FilterField[] =>
    options.length === 0 ? [] : [{ name, label, as: "choice", options }];
  return [
    ...field(
      "agency",
      t("frame.agency"),
      agencies.map(({ agencyCode, name }) => ({ value: agencyCode, text: name })),
    ),
    ...field(
      "hall",
      t("frame.hall"),
      halls.map(({ hallNo, name }) => ({ value: hallNo, text: name })),
    ),
    ...field(
      "window",
      t("frame.window"),
      windows.map(({ windowNo, name }) => ({ value: windowNo, text: name === null ? windowNo : `${windowNo} ${name}` })),
    ),
  ];
};
