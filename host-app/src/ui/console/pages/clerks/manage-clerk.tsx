import { Alert, Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { timeOf } from "../time-of.ts";

type Clerk = AnswerOf<"clerks.list">["clerks"][number];

interface ManageClerkProps {
  /** undefined: nobody is managed. */
  readonly clerk: Clerk | undefined;
  readonly onChanged: () => Promise<void>;
  readonly onRemoved: (name: string) => void;
  readonly onClose: () => void;
}

/** Code, first PIN, card, lock and name of one clerk, and the clerk's end. What is secret is forgotten when it is closed. */
export const ManageClerk = ({ clerk, onChanged, onRemoved, onClose }: ManageClerkProps) => {
  const { t } = useWords();
  return (
    <Modal
      open={clerk !== undefined}
      title={clerk === undefined ? "" : t("clerks.manageOf", { name: clerk.name, staffNo: clerk.staffNo })}
      footer={<Button onClick={onClose}>{t("frame.close")}</Button>}
      onCancel={onClose}
      destroyOnHidden
    >
      {clerk === undefined ? null : <Deeds key={clerk.staffNo} clerk={clerk} onChanged={onChanged} onRemoved={onRemoved} />}
    </Modal>
  );
};

interface DeedsProps extends Pick<ManageClerkProps, "onChanged" | "onRemoved"> {
  readonly clerk: Clerk;
}

const Deeds = ({ clerk, onChanged, onRemoved }: DeedsProps) => {
  const { staffNo, name, source, hasCard, pin: hasPin, lock, onDutyAt } = clerk;
  const model = useModel();
  const { t } = useWords();
  const id = useId();
  const [code, setCode] = useState<AnswerOf<"clerks.code">>();
  const [pin, setPin] = useState("");
  const [card, setCard] = useState("");
  const [newName, setNewName] = useState(name);
  const [isDone, setDone] = useState(false);
  const begin = <Answer,>(asked: Promise<Answer>): Promise<Answer> => {
    setDone(false);
    setCode(undefined);
    return asked;
  };
  const end = (): void => {
    setDone(true);
    setPin("");
    setCard("");
    void onChanged();
  };
  return (
    <div className="deeds">
      {code === undefined ? null : (
        <Alert
          className="note"
          type="success"
          showIcon
          role="status"
          title={t("clerks.codeTitle", { name })}
          description={
            <>
              <p className="secret">{code.code}</p>
              <p>{t("clerks.codeOnce", { until: timeOf(code.expiresAtMs) })}</p>
            </>
          }
        />
      )}
      {isDone ? <Alert className="note" type="success" showIcon role="status" title={t("clerks.done")} /> : null}
      <section>
        <p>{t("clerks.codeHow")}</p>
        <ActButton
          text={t("clerks.giveCode")}
          isMain
          ask={() => begin(model.ask("clerks.code", { staffNo }))}
          onDone={(made) => {
            setCode(made);
            void onChanged();
          }}
        />
      </section>
      {lock === "none" ? null : (
        <section>
          <p className="stop">{t(`clerks.lock-${lock}`)}</p>
          <ActButton text={t("clerks.unlock")} ask={() => begin(model.ask("clerks.unlock", { staffNo }))} onDone={end} />
        </section>
      )}
      <section>
        <label htmlFor={`${id}-pin`}>{t("clerks.newPin")}</label>
        <p className="detail">{t("clerks.pinHow")}</p>
        <Input.Password
          id={`${id}-pin`}
          value={pin}
          autoComplete="new-password"
          inputMode="numeric"
          visibilityToggle={false}
          onChange={({ target }) => setPin(target.value)}
        />
        <ActButton
          text={t("clerks.setPin")}
          isDisabled={pin === ""}
          ask={() => begin(model.ask("clerks.pin", { staffNo, pin }))}
          onDone={end}
        />
      </section>
      <section>
        <label htmlFor={`${id}-card`}>{t("clerks.cardNo")}</label>
        <p className="detail">{t("clerks.cardHow")}</p>
        <Input.Password
          id={`${id}-card`}
          value={card}
          autoComplete="off"
          visibilityToggle={false}
          onChange={({ target }) => setCard(target.value.trim())}
        />
        <div className="buttons">
          <ActButton
            text={t("clerks.setCard")}
            isDisabled={card === ""}
            ask={() => begin(model.ask("clerks.card", { staffNo, card }))}
            onDone={end}
          />
          {hasCard ? <ActButton text={t("clerks.dropCard")} ask={() => begin(model.ask("clerks.card", { staffNo }))} onDone={end} /> : null}
        </div>
      </section>
      <section>
        {source === "central" ? (
          <p className="detail">{t("clerks.renameCentral")}</p>
        ) : (
          <>
            <label htmlFor={`${id}-name`}>{t("clerks.name")}</label>
            <p className="detail">{t("clerks.renameHow")}</p>
            <Input id={`${id}-name`} value={newName} autoComplete="off" onChange={({ target }) => setNewName(target.value)} />
            <ActButton
              text={t("clerks.rename")}
              isDisabled={newName.trim() === "" || newName.trim() === name}
              ask={() => begin(model.ask("clerks.add", { staffNo, name: newName.trim() }))}
              onDone={end}
            />
          </>
        )}
      </section>
      {source === "central" && !hasCard && hasPin === "none" ? null : (
        <section>
          <p className="detail">{t(source === "central" ? "clerks.removeCentral" : "clerks.removeHow")}</p>
          {onDutyAt.length === 0 ? null : <p className="look">{t("clerks.removeOnDuty", { windows: onDutyAt.join("、") })}</p>}
          <ActButton
            text={t("clerks.removeIt", { name })}
            isDisabled={onDutyAt.length > 0}
            question={{
              title: t("clerks.removeTitle", { name, staffNo }),
              text: t(source === "central" ? "clerks.removeCentral" : "clerks.removeHow"),
            }}
            ask={() => begin(model.ask("clerks.remove", { staffNo }))}
            onDone={() => onRemoved(name)}
          />
        </section>
      )}
    </div>
  );
};
