import { useCallback } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { lineOf } from "../../../strip/line.ts";
import { Sign } from "../../../strip/sign.tsx";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { ageIn, sizeText, stripWordsIn, timeText } from "../../elements/quantities.ts";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel, useSnapshot } from "../../elements/use-model.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { needsOf } from "./needs.ts";

type Health = AnswerOf<"status.read">;

const EVERY_MS = 3000;

/** How this PC stands, at one look: what needs a hand first. */
export const Overview = () => {
  const model = useModel();
  const asked = useAsked(
    useCallback(() => model.ask("status.read", {}), [model]),
    EVERY_MS,
  );
  return (
    <Page name="overview">
      <Answered asked={asked}>
        {(health) => (
          <>
            <Needs health={health} />
            <Windows />
            <Pc health={health} />
          </>
        )}
      </Answered>
    </Page>
  );
};

const Needs = ({ health }: { readonly health: Health }) => {
  const { t, language, cause: causeIn } = useWords();
  const needs = needsOf(health);
  if (needs.length === 0)
    return (
      <p className="need good">
        <Sign tone="good" />
        <span>{t("overview.allWell")}</span>
      </p>
    );
  return (
    <Section title={t("overview.needs")}>
      <ul className="needs">
        {needs.map(({ tone, text, values = {}, cause, page }) => (
          <li key={`${text} ${values.windowNo ?? ""}`} className={`need ${tone}`}>
            <Sign tone={tone} />
            <div>
              <strong>
                {t(text, { ...values, size: sizeText(Number(values.bytes ?? 0)), age: ageIn(Number(values.ms ?? 0), language) })}
              </strong>
              {cause === undefined ? null : <p className="detail">{causeIn(cause)}</p>}
            </div>
            <a href={`#${page}`}>
              {t("overview.go")}：{t(`title.${page}`)}
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
};

const Windows = () => {
  const { windows, standing } = useSnapshot();
  const { t, language } = useWords();
  const strip = stripWordsIn(language);
  return (
    <Section title={t("overview.windows")}>
      <WideTable
        label={t("overview.windows")}
        heads={(["state", "number", "pad", "clerk", "openCase", "line"] as const).map((name) => t(`overview.${name}`))}
      >
        {windows.map((state) => {
          const line = lineOf({ standing, state, sinceMs: 0, t: strip, language });
          return (
            <tr key={state.windowNo}>
              <td className={`state ${line.tone}`}>
                <Sign tone={line.tone} />
                {t(`overview.${line.tone}`)}
              </td>
              <th scope="row">{state.windowNo}</th>
              <td>{strip(`line.${PAD_WORDS[state.pad.connection]}`)}</td>
              <td>{state.clerks.map(({ name, staffNo }) => `${name}（${staffNo}）`).join("、") || t("overview.nobody")}</td>
              <td>{state.openCase?.caseNo ?? t("overview.noCase")}</td>
              <td>{line.main}</td>
            </tr>
          );
        })}
      </WideTable>
    </Section>
  );
};

const PAD_WORDS = { ready: "padReady", connecting: "padConnecting", absent: "padAbsent", failed: "padFailed" } as const;

const Pc = ({ health }: { readonly health: Health }) => {
  const { t, language } = useWords();
  const { queue, database, identity, clock, ratings, version, centralUrl, newestBackupMs } = health;
  const since = (ms: number): string => ageIn(clock.wallMs - ms, language);
  const central = centralUrl === null ? t("overview.noCentral") : t(identity.enrolled ? "overview.enrolled" : "overview.notEnrolled");
  return (
    <Section title={t("overview.pc")}>
      <Facts
        facts={[
          [t("overview.central"), central],
          [t("overview.lastAnswer"), queue.lastSyncMs === null ? t("frame.never") : timeText(queue.lastSyncMs)],
          [t("overview.queue"), t("overview.entries", { count: queue.waiting })],
          [t("overview.oldest"), queue.oldestMs === null ? null : since(queue.oldestMs)],
          [t("overview.setAside"), t("overview.entries", { count: queue.setAside })],
          [t("overview.ratings"), ratings.total],
          [t("overview.database"), sizeText(database.sizeBytes)],
          [t("overview.backup"), newestBackupMs === null ? t("frame.never") : timeText(newestBackupMs)],
          [t("overview.free"), database.freeBytes === null ? t("frame.unknown") : sizeText(database.freeBytes)],
          [t("overview.version"), version],
        ]}
      />
    </Section>
  );
};
