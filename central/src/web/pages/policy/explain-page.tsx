import type { ReactNode } from "react";
import type { z } from "zod";
import type { packListSchema } from "../../../console/contract/policy.ts";
import { CHANNELS, CLASSES, RULE_NAMES } from "../../../policy/vocabulary.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { type FilterField, Filters, useFilters } from "../../elements/filters.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { useWords } from "../../words/use-words.ts";
import { ExplanationView } from "./explanation-view.tsx";

type PackList = z.infer<typeof packListSchema>;

const NAMES = ["region", "rule", "class", "channel", "at", "reading"] as const;

/** Until when, and why. */
export const ExplainPage = (): ReactNode => {
  const { t } = useWords();
  const packs = useAnswer("packs", {});
  return (
    <Page title={t("title.explain")} intro={t("explain.intro")}>
      <Answered asked={packs}>{(answer) => <Question packs={answer} />}</Answered>
    </Page>
  );
};

const Question = ({ packs }: { readonly packs: PackList }): ReactNode => {
  const { t, both, code } = useWords();
  const values = useFilters(NAMES, { region: packs.site.region ?? packs.packs[0]?.region ?? "" });
  const { region = "", rule = "", at = "" } = values;
  const isAsked = region !== "" && rule !== "" && at !== "";
  const readings = useReadings(region, rule, values.reading ?? "");
  // A form's time has neither seconds nor offset; it is China's.
  const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(at) ? `${at}+08:00` : at;
  const explanation = useAnswer("explain", { query: { ...values, region, rule, at: moment } }, { enabled: isAsked });
  const fields: FilterField[] = [
    {
      name: "region",
      label: t("policy.region"),
      as: "choice",
      anything: t("explain.notAsked"),
      options: packs.packs.map((pack) => ({ value: pack.region, text: both(pack.name) })),
    },
    {
      name: "rule",
      label: t("explain.rule"),
      as: "choice",
      anything: t("explain.notAsked"),
      options: Object.entries(RULE_NAMES).map(([value, name]) => ({ value, text: both(name) })),
    },
    {
      name: "class",
      label: t("explain.class"),
      as: "choice",
      anything: t("explain.notAsked"),
      options: CLASSES.map((value) => ({ value, text: code("class", value) })),
    },
    {
      name: "channel",
      label: t("explain.channel"),
      as: "choice",
      anything: t("explain.notAsked"),
      options: CHANNELS.map((value) => ({ value, text: code("reviewChannel", value) })),
    },
    { name: "at", label: t("explain.at"), as: "moment" },
    { name: "reading", label: t("explain.reading"), as: "choice", anything: t("explain.chosenReading"), options: readings },
  ];
  return (
    <>
      <Filters fields={fields} values={values} submit={t("explain.submit")} />
      {isAsked ? (
        <Answered asked={explanation}>{(answer) => <ExplanationView explanation={answer} />}</Answered>
      ) : (
        <Nothing title={t("explain.chooseFirst")} />
      )}
    </>
  );
};

/** Readings of the rule asked about, by name. */
const useReadings = (region: string, rule: string, asked: string) => {
  const { both } = useWords();
  const { data } = useAnswer("rules", { query: { region } }, { enabled: region !== "" });
  const found = data?.rules.find((one) => one.rule === rule)?.variants.flatMap(({ readings }) => readings) ?? [];
  const options = new Map(found.map(({ name, text }) => [name, { value: name, text: `${name}：${both(text)}` }]));
  if (asked !== "" && !options.has(asked)) options.set(asked, { value: asked, text: asked });
  return [...options.values()];
};
