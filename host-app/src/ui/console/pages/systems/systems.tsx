import { useCallback } from "react";
import { ActButton } from "../../elements/act-button.tsx";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { timeOf } from "../time-of.ts";

const EVERY_MS = 2000;

/** Business systems that may speak to this PC: who waits, and who is paired. */
export const Systems = () => {
  const model = useModel();
  const { t } = useWords();
  const asked = useAsked(
    useCallback(() => model.ask("systems.list", {}), [model]),
    EVERY_MS,
  );
  const again = (): void => void asked.askAgain();
  return (
    <Page name="systems" intro={t("systems.intro")}>
      <Answered asked={asked}>
        {({ waiting, pairings }) => (
          <>
            <Section title={t("systems.waiting")}>
              {waiting.length === 0 ? <Nothing title={t("systems.noneWaiting")} advice={t("systems.noneWaitingHow")} /> : null}
              {waiting.map(({ name, origin, code, expiresInMs }) => (
                <div key={code}>
                  <Facts
                    facts={[
                      [t("systems.name"), <b key="name">{name}</b>],
                      [t("systems.origin"), origin ?? t("systems.noOrigin")],
                      [
                        t("systems.code"),
                        <span key="code" className="secret">
                          {code}
                        </span>,
                      ],
                      [t("systems.left"), t("systems.seconds", { seconds: Math.ceil(expiresInMs / 1000) })],
                    ]}
                  />
                  <div className="buttons">
                    <ActButton
                      text={t("systems.confirm")}
                      isMain
                      question={{ title: t("systems.confirmTitle", { name }), text: t("systems.confirmText", { code }) }}
                      ask={() => model.ask("systems.confirm", { code })}
                      onDone={again}
                    />
                    <ActButton text={t("systems.refuse")} ask={() => model.ask("systems.refuse", { code })} onDone={again} />
                  </div>
                </div>
              ))}
            </Section>
            <Section title={t("systems.paired")}>
              {pairings.length === 0 ? (
                <Nothing title={t("systems.nonePaired")} advice={t("systems.noneWaitingHow")} />
              ) : (
                <WideTable
                  label={t("systems.paired")}
                  heads={[t("systems.name"), t("systems.origin"), t("systems.since"), t("systems.lastUsed"), t("systems.acts")]}
                >
                  {pairings.map(({ name, origins, createdAt, lastUsedAt }) => (
                    <tr key={name}>
                      <td>{name}</td>
                      <td>{origins.length === 0 ? t("systems.noOrigin") : origins.join("、")}</td>
                      <td>{timeOf(Date.parse(createdAt))}</td>
                      <td>{lastUsedAt ?? t("systems.neverUsed")}</td>
                      <td>
                        <ActButton
                          text={t("systems.revoke", { name })}
                          question={{ title: t("systems.revokeTitle", { name }), text: t("systems.revokeText") }}
                          ask={() => model.ask("systems.revoke", { name })}
                          onDone={again}
                        />
                      </td>
                    </tr>
                  ))}
                </WideTable>
              )}
            </Section>
          </>
        )}
      </Answered>
    </Page>
  );
};
