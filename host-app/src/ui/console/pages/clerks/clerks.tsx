import { Alert, Button, Checkbox, Input } from "antd";
import { useCallback, useId, useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Answered } from "../../elements/answered.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { ManageClerk } from "./manage-clerk.tsx";

const EVERY_MS = 5000;

type Clerk = AnswerOf<"clerks.list">["clerks"][number];

/** Clerks of this PC: who may sign in, what is locked, and the way to a first PIN. */
export const Clerks = () => {
  const model = useModel();
  const { t } = useWords();
  const [managed, setManaged] = useState<string>();
  const [removed, setRemoved] = useState<string>();
  const asked = useAsked(
    useCallback(() => model.ask("clerks.list", {}), [model]),
    EVERY_MS,
  );
  return (
    <Page name="clerks" intro={t("clerks.intro")}>
      <Answered asked={asked}>
        {({ clerks, lockedWindows }) => (
          <>
            <Section title={t("clerks.list")}>
              {removed === undefined ? null : (
                <Alert className="note" type="success" showIcon role="status" title={t("clerks.removed", { name: removed })} />
              )}
              {clerks.length === 0 ? (
                <Nothing title={t("clerks.none")} advice={t("clerks.noneHow")} />
              ) : (
                <ClerkTable
                  clerks={clerks}
                  onManage={(staffNo) => {
                    setRemoved(undefined);
                    setManaged(staffNo);
                  }}
                />
              )}
            </Section>
            <Section title={t("clerks.lockedWindows")}>
              {lockedWindows.length === 0 ? <p>{t("clerks.noLocked")}</p> : null}
              {lockedWindows.map(({ windowNo, forMs }) => (
                <div key={windowNo} className="buttons">
                  <span className="stop">{t("clerks.lockedFor", { windowNo, minutes: Math.ceil(forMs / 60_000) })}</span>
                  <ActButton
                    text={t("clerks.unlockWindow", { windowNo })}
                    ask={() => model.ask("clerks.unlock", { windowNo })}
                    onDone={() => void asked.askAgain()}
                  />
                </div>
              ))}
            </Section>
            <ManageClerk
              clerk={clerks.find(({ staffNo }) => staffNo === managed)}
              onChanged={asked.askAgain}
              onRemoved={(name) => {
                setManaged(undefined);
                setRemoved(name);
                void asked.askAgain();
              }}
              onClose={() => setManaged(undefined)}
            />
          </>
        )}
      </Answered>
      <AddClerk onAdded={asked.askAgain} />
    </Page>
  );
};

const ClerkTable = ({ clerks, onManage }: { readonly clerks: readonly Clerk[]; readonly onManage: (staffNo: string) => void }) => {
  const { t } = useWords();
  return (
    <WideTable
      label={t("clerks.list")}
      heads={[
        t("clerks.staffNo"),
        t("clerks.name"),
        t("clerks.pin"),
        t("clerks.card"),
        t("clerks.lock"),
        t("clerks.onDuty"),
        t("clerks.acts"),
      ]}
    >
      {clerks.map(({ staffNo, name, source, onCard, pin, hasCard, lock, onDutyAt }) => (
        <tr key={staffNo}>
          <td>{staffNo}</td>
          <td>
            {name}
            <div className="detail">{t("clerks.source", { from: t(`clerks.source-${source}`) })}</div>
            {onCard == null ? null : <OnCard {...onCard} />}
          </td>
          <td className={pin === "none" ? "look" : undefined}>{t(`clerks.pin-${pin}`)}</td>
          <td>{t(hasCard ? "clerks.hasCard" : "clerks.noCard")}</td>
          <td className={lock === "none" ? undefined : "stop"}>{t(`clerks.lock-${lock}`)}</td>
          <td>{onDutyAt.length === 0 ? t("clerks.offDuty") : onDutyAt.join("、")}</td>
          <td>
            <Button aria-label={t("clerks.manageOf", { name, staffNo })} onClick={() => onManage(staffNo)}>
              {t("clerks.manage")}
            </Button>
          </td>
        </tr>
      ))}
    </WideTable>
  );
};

/** What was said here of the card that a pad shows; nothing if nothing was. */
const OnCard = ({ title, stars, partyMember }: NonNullable<Clerk["onCard"]>) => {
  const { t } = useWords();
  const said = [title ?? "", "★".repeat(stars ?? 0), partyMember === true ? t("clerks.isPartyMember") : ""].filter((part) => part !== "");
  return said.length === 0 ? null : <div className="detail">{t("clerks.onCard", { said: said.join(" ") })}</div>;
};

const AddClerk = ({ onAdded }: { readonly onAdded: () => Promise<void> }) => {
  const model = useModel();
  const { t } = useWords();
  const id = useId();
  const [staffNo, setStaffNo] = useState("");
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const [stars, setStars] = useState("");
  const [partyMember, setPartyMember] = useState(false);
  const [added, setAdded] = useState<string>();
  return (
    <Section title={t("clerks.add")}>
      <p className="intro">{t("clerks.addHow")}</p>
      <div className="site-form">
        <div className="site-field">
          <label htmlFor={`${id}-no`}>{t("clerks.staffNo")}</label>
          <Input id={`${id}-no`} value={staffNo} onChange={({ target }) => setStaffNo(target.value.trim())} autoComplete="off" />
        </div>
        <div className="site-field">
          <label htmlFor={`${id}-name`}>{t("clerks.name")}</label>
          <Input id={`${id}-name`} value={name} onChange={({ target }) => setName(target.value)} autoComplete="off" />
        </div>
        <div className="site-field">
          <label htmlFor={`${id}-title`}>{t("clerks.title")}</label>
          <Input id={`${id}-title`} value={title} onChange={({ target }) => setTitle(target.value)} autoComplete="off" />
        </div>
        <div className="site-field">
          <label htmlFor={`${id}-stars`}>{t("clerks.stars")}</label>
          <Input
            id={`${id}-stars`}
            value={stars}
            inputMode="numeric"
            onChange={({ target }) => setStars(/^[0-5]?$/.test(target.value) ? target.value : stars)}
            autoComplete="off"
          />
        </div>
        <Checkbox checked={partyMember} onChange={({ target }) => setPartyMember(target.checked)}>
          {t("clerks.partyMember")}
        </Checkbox>
      </div>
      <ActButton
        text={t("clerks.addIt")}
        isDisabled={staffNo === "" || name.trim() === ""}
        ask={() =>
          model.ask("clerks.add", {
            ...{ staffNo, name: name.trim(), partyMember },
            ...(title.trim() === "" ? {} : { title: title.trim() }),
            ...(stars === "" ? {} : { stars: Number(stars) }),
          })
        }
        onDone={() => {
          setAdded(staffNo);
          setStaffNo("");
          setName("");
          setTitle("");
          setStars("");
          setPartyMember(false);
          void onAdded();
        }}
      />
      {added === undefined ? null : (
        <Alert className="note" type="success" showIcon role="status" title={t("clerks.added", { staffNo: added })} />
      )}
    </Section>
  );
};
