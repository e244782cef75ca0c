import { CHANNELS } from "../../../ratings/submission.ts";
import type { FilterField, FilterValues } from "../../elements/filters.tsx";
import { periodQuery } from "../../elements/period.ts";
import type { WordUse } from "../../words/use-words.ts";

export const RATING_FILTERS = [
  ...["from", "to", "level", "channel", "origin", "agency", "hall", "window", "staffNo", "item", "caseNo"],
  ...["subject", "standing", "words", "given"],
] as const;

/** The filters as the form shows them. */
export const ratingFields = ({ t, code }: WordUse, places: readonly FilterField[]): readonly FilterField[] => [
  { name: "from", label: t("frame.from"), as: "day" },
  { name: "to", label: t("frame.to"), as: "day" },
  {
    name: "level",
    label: t("ratings.level"),
    as: "choice",
    options: [
      { value: "1,2", text: t("ratings.onlyBad") },
      ...[5, 4, 3, 2, 1].map((level) => ({ value: String(level), text: code("level", level) })),
    ],
  },
  {
    name: "given",
    label: t("ratings.given"),
    as: "choice",
    options: [
      { value: "yes", text: t("ratings.givenOnly") },
      { value: "no", text: t("ratings.defaultOnly") },
    ],
  },
  ...places,
  {
    name: "channel",
    label: t("ratings.channel"),
    as: "choice",
    options: CHANNELS.map((value) => ({ value, text: code("channel", value) })),
  },
];

/** Those that are asked seldom. */
export const rareRatingFields = ({ t, code }: WordUse): readonly FilterField[] => [
  {
    name: "origin",
    label: t("ratings.origin"),
    as: "choice",
    options: ["secured", "unsecured", "without-pad"].map((value) => ({ value, text: code("origin", value) })),
  },
  {
    name: "words",
    label: t("ratings.words"),
    as: "choice",
    options: [
      { value: "yes", text: t("ratings.withWords") },
      { value: "no", text: t("ratings.withoutWords") },
    ],
  },
  {
    name: "standing",
    label: t("ratings.standing"),
    as: "choice",
    options: ["first", "correction", "beside"].map((value) => ({ value, text: code("standing", value) })),
  },
  {
    name: "subject",
    label: t("ratings.subject"),
    as: "choice",
    options: ["staff", "item", "theme", "hall", "agency", "platform", "window"].map((value) => ({ value, text: code("subject", value) })),
  },
  { name: "staffNo", label: t("frame.staffNo"), as: "text" },
  { name: "item", label: t("frame.itemCode"), as: "text" },
  { name: "caseNo", label: t("frame.caseNo"), as: "text" },
];

/** The filters as central takes them. */
export const ratingQuery = ({ from, to, ...others }: FilterValues): Record<string, string> => ({ ...others, ...periodQuery({ from, to }) });
