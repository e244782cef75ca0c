import { Button } from "antd";
import { useCallback, useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { QrCode } from "../../../strip/qr-code.tsx";
import { ActButton } from "../../elements/act-button.tsx";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Section } from "../../elements/page.tsx";
import { dayText } from "../../elements/quantities.ts";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";

const EVERY_MS = 4000;

type List = NonNullable<AnswerOf<"tablets.read">["list"]>;

/** Tablets and second monitors that are pads: who is admitted, and the QR code that admits one. */
export const Tablets = () => {
  const model = useModel();
  const { t } = useWords();
  const asked = useAsked(
    useCallback(() => model.ask("tablets.read", {}), [model]),
    EVERY_MS,
  );
  const again = (): void => void asked.askAgain();
  return (
    <Section title={t("padTablets.title")}>
      <Answered asked={asked}>
        {({ list }) =>
          list === null ? (
            <Nothing title={t("padTablets.none")} advice={t("padTablets.noneAdvice")} />
          ) : (
            <>
              <Served list={list} />
              {list.windows.map((one) => (
                <TabletOfWindow key={one.windowNo} {...one} again={again} />
              ))}
            </>
          )
        }
      </Answered>
    </Section>
  );
};

const Served = ({ list: { origin, failure, certificateUntil } }: { readonly list: List }) => {
  const { t } = useWords();
  return (
    <>
      {failure === null ? null : <RefusalNote refusal={{ ...failure, title: t("padTablets.notServed"), advice: "" }} />}
      <Facts
        facts={[
          [t("padTablets.origin"), origin ?? t("padTablets.notServed")],
          [t("padTablets.certificate"), certificateUntil === null ? t("padTablets.noCertificate") : dayText(Date.parse(certificateUntil))],
        ]}
      />
    </>
  );
};

const TabletOfWindow = ({ windowNo, tablet, again }: List["windows"][number] & { readonly again: () => void }) => {
  const model = useModel();
  const { t } = useWords();
  const [offered, setOffered] = useState<AnswerOf<"tablets.offer">>();
  return (
    <div className="tablet">
      <h3>{t("frame.window", { windowNo })}</h3>
      <p>
        {tablet === null
          ? t("padTablets.noTablet")
          : `${tablet.serialNumber ?? ""} ${t(tablet.isConnected ? "padTablets.connected" : "padTablets.away")}`}
        {tablet?.isPersistent === false ? <span className="look"> {t("padTablets.forgetful")}</span> : null}
      </p>
      <div className="buttons">
        {tablet === null ? (
          <ActButton
            text={t("padTablets.offer")}
            ask={() => model.ask("tablets.offer", { windowNo, replace: false })}
            onDone={setOffered}
          />
        ) : (
          <>
            <ActButton
              text={t("padTablets.replace")}
              question={{ title: t("padTablets.replaceTitle", { windowNo }), text: t("padTablets.replaceText") }}
              ask={() => model.ask("tablets.offer", { windowNo, replace: true })}
              onDone={setOffered}
            />
            <ActButton
              text={t("padTablets.remove")}
              question={{ title: t("padTablets.removeTitle", { windowNo }), text: t("padTablets.removeText") }}
              ask={() => model.ask("tablets.remove", { windowNo })}
              onDone={again}
            />
          </>
        )}
        {offered === undefined ? null : <Button onClick={() => setOffered(undefined)}>{t("padTablets.hide")}</Button>}
      </div>
      {offered === undefined ? null : (
        <div className="offer">
          <QrCode text={offered.url} label={t("padTablets.qr")} />
          <p>{t("padTablets.scan", { minutes: Math.round(offered.expiresInMs / 60_000) })}</p>
          <p className="detail">{offered.url}</p>
        </div>
      )}
    </div>
  );
};
