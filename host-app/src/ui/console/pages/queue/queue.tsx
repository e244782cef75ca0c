import { useCallback, useState } from "react";
import { ActButton } from "../../elements/act-button.tsx";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { timeText } from "../../elements/quantities.ts";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import type { Central } from "./central.ts";
import { Enrolment } from "./enrolment.tsx";
import { SetAside } from "./set-aside.tsx";

const EVERY_MS = 2000;

/** Seconds with one place; less than that is 0.0, on either side of it. */
const tenths = (ms: number): string => (Math.round(ms / 100) / 10 || 0).toFixed(1);

/** Central, what waits for it, and what it refused. */
export const Queue = () => {
  const model = useModel();
  const { t } = useWords();
  const asked = useAsked(
    useCallback(() => model.ask("central.read", {}), [model]),
    EVERY_MS,
  );
  const again = (): void => void asked.askAgain();
  return (
    <Page name="queue" intro={t("central.intro")}>
      <Answered asked={asked}>
        {(central) => (
          <>
            <Enrolment central={central} onDone={again} />
            <Way central={central} onDone={again} />
            <SetAside central={central} />
            <Lists central={central} />
          </>
        )}
      </Answered>
    </Page>
  );
};

const Way = ({ central, onDone }: { readonly central: Central; readonly onDone: () => void }) => {
  const model = useModel();
  const { t, cause } = useWords();
  const [isTried, setTried] = useState(false);
  const { sender, waiting, oldestMs } = central;
  const at = (ms: number | null | undefined): string | null => (ms === null || ms === undefined ? null : timeText(ms));
  return (
    <Section title={t("central.way")}>
      <Facts
        facts={[
          [t("central.waiting"), t("overview.entries", { count: waiting })],
          [t("central.oldest"), at(oldestMs)],
          [t("central.lastAnswer"), at(sender?.lastSyncMs) ?? t("frame.never")],
          [t("central.nextTry"), at(sender?.nextTryMs)],
          [
            t("central.offset"),
            sender?.offsetMs == null ? t("central.notMeasured") : t("central.offsetText", { seconds: tenths(sender.offsetMs) }),
          ],
          [t("central.sent"), sender?.sent],
          [t("central.gapless"), sender?.highestGapless],
        ]}
      />
      {sender?.cause == null ? null : (
        <p className="look">
          {t("central.why")}：{cause(sender.cause)}
        </p>
      )}
      {central.centralUrl === null ? null : (
        <div className="buttons">
          <ActButton
            text={t("central.tryNow")}
            ask={() => model.ask("central.try", {})}
            onDone={() => {
              setTried(true);
              onDone();
            }}
          />
          <span role="status">{isTried ? t("central.tried") : ""}</span>
        </div>
      )}
    </Section>
  );
};

const Lists = ({ central: { roster, policy } }: { readonly central: Central }) => {
  const { t } = useWords();
  const none = t("central.none");
  const calendar = policy?.calendar;
  return (
    <Section title={t("central.lists")}>
      <Facts
        facts={[
          [t("central.rosterAnswer"), roster.lastAnswerMs === null ? t("frame.never") : timeText(roster.lastAnswerMs)],
          [t("central.roster"), roster.version],
          [t("central.clerks"), roster.clerks],
          [t("central.items"), roster.items],
          [t("central.reasons"), roster.reasonsVersion ?? none],
          [t("central.policy"), roster.siteVersion ?? none],
          [t("central.region"), policy?.regionName ?? roster.region ?? none],
          [t("central.calendar"), calendar == null ? t("central.calendarAtCentral") : t("central.calendarIs", { ...calendar })],
        ]}
      />
    </Section>
  );
};
