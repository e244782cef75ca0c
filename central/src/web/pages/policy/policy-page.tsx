import { Alert, Checkbox, Tag } from "antd";
import { type ReactNode, useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { z } from "zod";
import type { packListSchema, RuleList } from "../../../console/contract/policy.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { momentText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { useWords } from "../../words/use-words.ts";
import { VariantCard } from "./variant-card.tsx";

type PackList = z.infer<typeof packListSchema>;
type Pack = PackList["packs"][number];

/** The rules of a region: what each document says, both readings where there are two, and which was chosen. */
export const PolicyPage = (): ReactNode => {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const packs = useAnswer("packs", {});
  return (
    <Page title={t("title.policy")} intro={t("policy.intro")}>
      <Answered asked={packs}>
        {(answer) => {
          const region = search.get("region") ?? answer.site.region ?? answer.packs[0]?.region;
          return (
            <>
              <Missing answer={answer} />
              <Regions answer={answer} shown={region} onChoose={(chosen) => setSearch({ region: chosen })} />
              {region === undefined ? <Nothing title={t("policy.none")} /> : <Rules region={region} />}
            </>
          );
        }}
      </Answered>
    </Page>
  );
};

const Missing = ({ answer }: { readonly answer: PackList }): ReactNode => {
  const { both } = useWords();
  return answer.missingYears.map((text) => <Alert key={text.en} type="warning" showIcon className="note" title={both(text)} />);
};

interface RegionsProps {
  readonly answer: PackList;
  readonly shown: string | undefined;
  readonly onChoose: (region: string) => void;
}

const Regions = ({ answer, shown, onChoose }: RegionsProps): ReactNode => {
  const { t, both, code } = useWords();
  const { site } = answer;
  return (
    <fieldset className="regions">
      <legend>{t("policy.region")}</legend>
      {answer.packs.map((pack) => (
        <label key={pack.region} className={pack.region === shown ? "region chosen" : "region"}>
          <input type="radio" name="region" checked={pack.region === shown} onChange={() => onChoose(pack.region)} />
          <span>{both(pack.name)}</span>
          {pack.status === "draft" ? <Tag color="warning">{code("packStatus", "draft")}</Tag> : null}
          {pack.region === site.region ? <Tag color="success">{t("policy.ours")}</Tag> : null}
        </label>
      ))}
      {site.region === null || site.setBy === null || site.setAtMs === null ? null : (
        <p className="set-by">
          {t("policy.ours")}：{t("policy.setBy", { by: site.setBy, time: momentText(site.setAtMs) })}
        </p>
      )}
    </fieldset>
  );
};

const Rules = ({ region }: { readonly region: string }): ReactNode => {
  const { t } = useWords();
  const rules = useAnswer("rules", { query: { region } });
  const [onlyTwo, setOnlyTwo] = useState(false);
  return (
    <Answered asked={rules}>
      {(answer) => (
        <>
          <PackHead pack={answer.pack} />
          <Checkbox checked={onlyTwo} onChange={({ target }) => setOnlyTwo(target.checked)}>
            {t("policy.onlyTwo")}
          </Checkbox>
          {answer.rules
            .filter(({ variants }) => !onlyTwo || variants.some(({ readings }) => readings.length > 1))
            .map((rule) => (
              <RuleCard key={rule.rule} rule={rule} region={region} />
            ))}
        </>
      )}
    </Answered>
  );
};

const PackHead = ({ pack }: { readonly pack: Pack }): ReactNode => {
  const { t, both, code } = useWords();
  const { document, signOff } = pack;
  return (
    <section className="card">
      <h2>{both(pack.name)}</h2>
      <Facts
        facts={[
          [t("policy.document"), `${document.title}（${document.number}）${document.date ?? ""}`],
          [
            t("frame.state"),
            pack.statusNote === null ? code("packStatus", pack.status) : `${code("packStatus", pack.status)}：${both(pack.statusNote)}`,
          ],
          [t("registry.version"), t("policy.version", { version: pack.version })],
        ]}
      />
      {signOff === null ? (
        <Alert type="warning" showIcon className="note" title={t("policy.unsigned")} />
      ) : (
        <p>{t("policy.signed", { by: signOff.by, on: signOff.on })}</p>
      )}
    </section>
  );
};

const RuleCard = ({ rule, region }: { readonly rule: RuleList["rules"][number]; readonly region: string }): ReactNode => {
  const { t, both } = useWords();
  return (
    <section className="card rule" aria-label={both(rule.name)}>
      <div className="rule-head">
        <h2>{both(rule.name)}</h2>
        <Link to={`/explain?region=${region}&rule=${rule.rule}`}>{t("policy.explainThis")}</Link>
      </div>
      <Facts
        facts={[
          [t("policy.actor"), rule.actor],
          [t("policy.starts"), rule.event === null ? null : both(rule.event)],
          [t("policy.stops"), rule.stop === null ? null : both(rule.stop)],
        ]}
      />
      {rule.variants.map((variant) => (
        <VariantCard key={JSON.stringify([variant.class, variant.channel])} variant={variant} />
      ))}
    </section>
  );
};
