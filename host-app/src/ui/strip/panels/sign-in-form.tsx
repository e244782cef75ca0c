import type { DeskState } from "@window-rating/protocol/desk";
import { Button, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { NO_CARD, readKey } from "../card-reader.ts";
import type { PanelName } from "../panel-props.ts";
import type { StripModel } from "../strip-model.ts";
import { Choice, Field, Form } from "./form.tsx";

interface SignInFormProps {
  readonly model: StripModel;
  readonly state: DeskState;
  readonly close: () => void;
  readonly open: (panel: PanelName) => void;
  /** Whether a clerk opened it, while somebody is signed in; else it is what the strip shows when nobody is. */
  readonly isPanel: boolean;
  /** Whether somebody has just signed out here: the next one need not look for the field. */
  readonly takesFocus?: boolean;
}

type How = "changeShift" | "beside";

/** By staff number and PIN, or by a card held to the reader, wherever the focus is. */
export const SignInForm = ({ model, state, close, open, isPanel, takesFocus = false }: SignInFormProps) => {
  const { t } = useTranslation();
  const [staffNo, setStaffNo] = useState("");
  const [pin, setPin] = useState("");
  const [how, setHow] = useState<How>("changeShift");
  const first = useRef<InputRef>(null);
  useEffect(() => {
    if (takesFocus) first.current?.focus();
  }, [takesFocus]);
  const names = state.clerks.map(({ name }) => name).join("、");
  const beside = isPanel && how === "beside" ? { beside: true } : {};

  const signedIn = (): void => {
    setPin("");
    setStaffNo("");
    const { clerk } = model.snapshot().state ?? {};
    model.say("done", t("signIn.signedIn", { name: clerk?.name ?? "" }));
    close();
  };

  const submit = async (): Promise<void> => {
    if (staffNo.trim() === "") return model.say("refused", t("required", { field: t("signIn.staffNo") }));
    if (pin === "") return model.say("refused", t("required", { field: t("signIn.pin") }));
    const reply = await model.ask("clerk.signInWithPin", { staffNo: staffNo.trim(), pin, ...beside });
    if (reply.is === "answer") return signedIn();
    model.refused(reply.error);
    if (reply.error.code === "WR5022") open("changePin");
    setPin("");
  };

  const byCard = async (card: string): Promise<void> => {
    setStaffNo("");
    setPin("");
    model.say("done", t("signIn.cardRead"));
    const typed = pinBeforeCard(pin, card);
    const reply = await model.ask("clerk.signInWithCard", { card, ...(typed === "" ? {} : { pin: typed }), ...beside });
    if (reply.is === "answer") signedIn();
    else model.refused(reply.error);
  };

  useCardReader(byCard);

  return (
    <Form
      title={t(isPanel ? "action.changeClerk" : "signIn.title")}
      submit={t("signIn.submit")}
      onSubmit={submit}
      onClose={isPanel ? close : undefined}
      more={
        <>
          <Button onClick={() => open("setPin")}>{t("signIn.withCode")}</Button>
          <Button onClick={() => open("changePin")}>{t("signIn.changePin")}</Button>
        </>
      }
    >
      {isPanel && state.clerks.length > 0 && (
        <Choice<How>
          label={t("signIn.how")}
          value={how}
          onChange={setHow}
          options={[
            { value: "changeShift", text: t("signIn.changeShift", { names }) },
            ...(state.clerks.length === 1 ? [{ value: "beside" as const, text: t("signIn.beside", { names }) }] : []),
          ]}
          wide
        />
      )}
      <Field label={t("signIn.staffNo")}>
        {(id) => (
          <Input
            id={id}
            ref={first}
            data-first
            required
            value={staffNo}
            maxLength={32}
            inputMode="numeric"
            onChange={(event) => setStaffNo(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("signIn.pin")}>
        {(id) => (
          <Input
            id={id}
            type="password"
            required
            value={pin}
            maxLength={32}
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => setPin(event.target.value)}
          />
        )}
      </Field>
      <p className="hint">{t("signIn.card")}</p>
    </Form>
  );
};

/** What stood in the PIN field before the reader typed its digits into it: a site may ask for both. */
const pinBeforeCard = (pin: string, card: string): string => (pin.endsWith(card) ? pin.slice(0, -card.length) : pin);

/** Listens to the whole page, before any field: the Enter of a card must not send the form. */
const useCardReader = (onCard: (digits: string) => unknown): void => {
  const latest = useRef(onCard);
  latest.current = onCard;
  useEffect(() => {
    let reading = NO_CARD;
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const step = readKey(reading, event.key, event.timeStamp);
      reading = step.is === "reading" ? step.reading : NO_CARD;
      if (step.is !== "card") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      latest.current(step.digits);
    };
    window.addEventListener("keydown", pressed, { capture: true });
    return () => window.removeEventListener("keydown", pressed, { capture: true });
  }, []);
};
