import { Alert } from "antd";
import { Facts } from "../../elements/facts.tsx";
import { Section } from "../../elements/page.tsx";
import { timeText } from "../../elements/quantities.ts";
import type { WordKey } from "../../words/use-words.ts";
import { useWords } from "../../words/use-words.ts";
import type { SeenWindow } from "./seen-window.ts";

/** Rungs shown, newest first. */
const RECOVERIES = 5;

const DISCARDED: Readonly<Record<string, WordKey>> = {
  "no-request": "padKeypad.noRequest",
  guard: "padKeypad.inGuard",
  repeat: "padKeypad.repeat",
  "already-pressed": "padKeypad.pressedAlready",
  "means-nothing": "padKeypad.meansNothing",
  "case-changed": "padKeypad.caseChanged",
};

/** Who the pad is, how it is reached, what its line has counted, and what went wrong. */
export const PadFacts = ({ window: { pad, picture } }: { readonly window: SeenWindow }) => {
  const { t, language, sentence } = useWords();
  const { counters, roundTripMs, recovery, keypad } = pad;
  const trust =
    pad.trust === undefined
      ? keypad === undefined
        ? undefined
        : "padFact.otherMaker"
      : pad.trust === "paired" || pad.trust === "unpaired"
        ? (`padFact.${pad.trust}` as const)
        : "padFact.distrusted";
  const code = /^WR\d{4}/.exec(pad.cause ?? "")?.[0];
  return (
    <Section title={t("padFact.title")}>
      {pad.cause === undefined ? null : (
        <Alert
          className="note"
          type={pad.connection === "failed" ? "error" : "warning"}
          showIcon
          title={code === undefined ? pad.cause : sentence(code, pad.cause)}
          description={code === undefined || language === "en" ? null : <p className="detail">{pad.cause}</p>}
        />
      )}
      {pad.hasGivenUp ? <p className="stop">{t("padFact.hasGivenUp")}</p> : null}
      <Facts
        facts={[
          [t("padFact.model"), pad.model],
          [t("padFact.profile"), profileText(picture, language) ?? (pad.model === undefined ? undefined : t("padFact.noProfile"))],
          [t("padFact.serialNumber"), pad.serialNumber],
          [t("padFact.firmware"), pad.firmware],
          [t("padFact.trust"), trust === undefined ? undefined : t(trust)],
          [t("pads.port"), pad.port],
          [t("padFact.sessions"), counters.sessions],
          [t("padFact.frames"), `${counters.frames} / ${counters.sent}`],
          [t("padFact.resent"), counters.resent],
          [t("padFact.faults"), Object.values(counters.faults).reduce((sum, one) => sum + one, 0)],
          [t("padFact.roundTrip"), roundTripMs === null ? undefined : t("padFact.milliseconds", { ms: Math.round(roundTripMs.p99) })],
        ]}
      />
      {keypad === undefined ? null : (
        <>
          <h3>{t("padKeypad.title")}</h3>
          {keypad.proven ? null : <p className="look">{t("padKeypad.unproven")}</p>}
          <Facts
            facts={[
              [t("padKeypad.guard"), t("padFact.milliseconds", { ms: keypad.guardMs })],
              [t("padKeypad.taken"), keypad.taken],
              [
                t("padKeypad.discarded"),
                Object.entries(keypad.discarded)
                  .filter(([, count]) => count > 0)
                  .map(([why, count]) => `${DISCARDED[why] === undefined ? why : t(DISCARDED[why])} ${count}`)
                  .join("；") || t("padKeypad.none"),
              ],
              [t("padKeypad.unanswered"), keypad.unanswered],
            ]}
          />
        </>
      )}
      <h3>{t("padFact.recovery")}</h3>
      {recovery.length === 0 ? (
        <p>{t("padFact.noRecovery")}</p>
      ) : (
        <ul className="plain">
          {recovery
            .slice(-RECOVERIES)
            .reverse()
            .map((event) => (
              <li key={`${event.atMs} ${JSON.stringify(event)}`}>
                <RecoveryLine event={event} />
              </li>
            ))}
        </ul>
      )}
    </Section>
  );
};

const profileText = (picture: SeenWindow["picture"], language: "zh-CN" | "en"): string | undefined =>
  picture?.profile == null ? undefined : language === "en" ? picture.profile.en : picture.profile.zh;

/** When, what was tried, where the cause lies, and what it is. */
const RecoveryLine = ({ event: { atMs, rung, side, code, text } }: { readonly event: SeenWindow["pad"]["recovery"][number] }) => {
  const { t, language, sentence } = useWords();
  return (
    <>
      {timeText(atMs)} {t(`padRecovery.${rung}`)}
      {side === null ? "" : ` · ${t(`padRecovery.${side}`)}`}
      {code === null || language === "en" ? null : ` · ${sentence(code, text)}`}
      {rung === "well" ? null : (
        <div className="detail" lang="en">
          {text}
        </div>
      )}
    </>
  );
};
