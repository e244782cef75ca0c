import { Tag } from "antd";
import type { ReactNode } from "react";
import type { RuleList } from "../../../console/contract/policy.ts";
import { useWords } from "../../words/use-words.ts";

type Variant = RuleList["rules"][number]["variants"][number];
type Reading = Variant["readings"][number];

/** What a document says for one class and channel: in one reading, or in two side by side. */
export const VariantCard = ({ variant }: { readonly variant: Variant }): ReactNode => {
  const { t, both, code } = useWords();
  const facts = [
    ...(variant.class ?? []).map((value) => code("class", value)),
    ...(variant.channel ?? []).map((value) => code("reviewChannel", value)),
  ];
  const { readings, chosen } = variant;
  return (
    <div className="variant">
      <h3>
        {t("policy.appliesTo")}：{facts.length === 0 ? t("policy.allCases") : facts.join(" · ")}
      </h3>
      {variant.saysNothing === null ? null : (
        <p className="says-nothing">
          {t("policy.saysNothing")}：{both(variant.saysNothing)}
        </p>
      )}
      {readings.length > 1 ? <p className="two-readings">{t("policy.readings", { count: readings.length })}</p> : null}
      <ul className={readings.length > 1 ? "readings side-by-side" : "readings"}>
        {readings.map((reading) => (
          <li key={reading.name} className={readings.length > 1 && reading.chosen ? "reading chosen" : "reading"}>
            <ReadingText reading={reading} isOneOfSeveral={readings.length > 1} />
          </li>
        ))}
      </ul>
      {chosen === null || readings.length < 2 ? null : (
        <p className="chosen-by">{t("policy.chosenBy", { by: both(chosen.by), on: chosen.on, why: both(chosen.why) })}</p>
      )}
    </div>
  );
};

interface ReadingTextProps {
  readonly reading: Reading;
  readonly isOneOfSeveral: boolean;
}

const ReadingText = ({ reading, isOneOfSeveral }: ReadingTextProps): ReactNode => {
  const { t, both } = useWords();
  return (
    <>
      {isOneOfSeveral ? (
        <p className="reading-head">
          <strong>{reading.name}</strong>{" "}
          {reading.chosen ? (
            <Tag color="success">
              <span aria-hidden="true">✓</span> {t("policy.chosen")}
            </Tag>
          ) : (
            <Tag>{t("policy.notChosen")}</Tag>
          )}
        </p>
      ) : null}
      <p className="reading-answer">{both(reading.answer)}</p>
      {reading.ask ? <p className="ask">{t("policy.ask")}</p> : null}
      <p>{both(reading.text)}</p>
      {reading.cites.map(({ clause, line, quote }) => (
        <figure key={`${clause} ${line} ${quote}`} className="quote">
          <blockquote lang="zh-CN">{quote}</blockquote>
          <figcaption>
            {clause} · {t("policy.line", { line })}
          </figcaption>
        </figure>
      ))}
    </>
  );
};
