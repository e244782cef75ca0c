import { Button, ConfigProvider } from "antd";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { StripAction } from "../../messages/preferences.ts";
import { ActionBar, MoreActions } from "./action-bar.tsx";
import { type Hindrance, possibilities } from "./actions.ts";
import { roomFor } from "./bar.ts";
import { lineOf, SIGN_OUT_SOON_MS, whyNoCode } from "./line.ts";
import { LineView } from "./line-view.tsx";
import { Opened, Panel } from "./panel.tsx";
import type { PanelName } from "./panel-props.ts";
import { SignInForm } from "./panels/sign-in-form.tsx";
import { actionOf, chordName } from "./shortcuts.ts";
import type { StripModel } from "./strip-model.ts";
import { themeOf } from "./theme.ts";
import { useDockedHeight, useDockedWidth, useOpenedHeight } from "./use-docked.ts";
import { useSecond } from "./use-second.ts";

/** "more": what a docked strip has no button for. */
type Open = PanelName | "more";

const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";

/** The clerk's strip: the line, what was just said, what can be done, and below it what was opened. */
export const StripApp = ({ model }: { model: StripModel }) => {
  const { standing, windowNo, state, outOfOrder, stateAtMs, preferences, message, pairing } = useSyncExternalStore(
    model.subscribe,
    model.snapshot,
  );
  const { t, i18n } = useTranslation();
  const [panel, setPanel] = useState<Open | null>(null);
  const opener = useRef<Element | null>(null);
  const givesFocusBack = useRef(false);
  const closed = useRef<Open | null>(null);
  const nowMs = useSecond(state !== undefined && standing === "connected");
  const sinceMs = Math.max(0, nowMs - stateAtMs);
  const line = lineOf({ standing, state, outOfOrder, sinceMs, t, language: i18n.language });
  const possible = possibilities(standing, state);
  const signOutSoon = standing === "connected" && state?.signOutInMs != null && state.signOutInMs - sinceMs < SIGN_OUT_SOON_MS;

  // A form that was sent closes itself, but not what the clerk has opened since.
  const shown = useRef(panel);
  shown.current = panel;
  const closePanel = useCallback((own: Open | null) => {
    if (own === null || shown.current !== own) return;
    givesFocusBack.current = true;
    closed.current = own;
    setPanel(null);
  }, []);
  useLayoutEffect(() => {
    // The button that opened it is in sight again only now.
    if (panel !== null || !givesFocusBack.current) return;
    givesFocusBack.current = false;
    if (opener.current instanceof HTMLElement) opener.current.focus();
  }, [panel]);
  const close = useMemo(() => () => closePanel(panel), [panel, closePanel]);

  const start = useCallback(
    (action: StripAction, hindrance: Hindrance | null) => {
      model.hush();
      closed.current = null;
      if (hindrance !== null) {
        const why = state?.request?.whyNoCode;
        const text = hindrance === "noCode" && why !== undefined ? whyNoCode(why, t) : t(`why.${hindrance}`);
        return model.say("refused", text, { action, hindrance });
      }
      // What was chosen behind "more" goes back to that button.
      if (shown.current === "more") closePanel("more");
      else opener.current = document.activeElement;
      if (action === "endCase")
        void endCase(model, t("endCase.ended", { caseNo: state?.openCase?.caseNo ?? "" })).then((asks) => asks && setPanel("whoServed"));
      else if (action === "inviteAgain") void inviteAgain(model, t("invite.done", { caseNo: state?.request?.caseNo ?? "" }));
      else if (action === "pause" && state?.pause != null) void model.act("window.resume", {}, t("pause.resumed"));
      else setPanel(action);
    },
    [model, state, t, closePanel],
  );

  const openFrom = (button: Element, what: Open): void => {
    model.hush();
    opener.current = button;
    setPanel(what);
  };

  useEffect(() => {
    document.documentElement.lang = i18n.language;
    document.title = `${t(`tone.${line.tone}`)} · ${line.main}`;
  });

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      model.stay();
      if (event.key === "Escape") {
        model.hush();
        if (panel !== null) close();
        return;
      }
      // Somebody is choosing new keys: they mean nothing else now.
      if ((event.target as HTMLElement | null)?.closest?.("[data-takes-keys]") != null) return;
      const chord = chordName(event);
      const action = chord === undefined ? undefined : actionOf(chord, preferences);
      if (action === undefined || event.repeat) return;
      event.preventDefault();
      start(action, possible[action]);
    };
    const pointed = (): void => model.stay();
    window.addEventListener("keydown", pressed);
    window.addEventListener("pointerdown", pointed);
    return () => {
      window.removeEventListener("keydown", pressed);
      window.removeEventListener("pointerdown", pointed);
    };
  }, [model, panel, preferences, possible, close, start]);

  useEffect(() => {
    window.windowRatingShell?.onAction((action) => {
      model.stay();
      // Somebody is choosing new keys, and has pressed one that is taken.
      if (document.querySelector("[data-takes-keys]") !== null) return model.say("refused", t("settings.alreadyGlobal"));
      start(action, possible[action]);
    });
  }, [model, possible, start, t]);

  const isSignedOut = standing === "connected" && state !== undefined && state.clerk === null;
  const strip = useRef<HTMLElement>(null);
  const dockedWidth = useDockedWidth();
  const room = roomFor(dockedWidth, isSignedOut);
  useDockedHeight(strip, panel !== null);
  useOpenedHeight(strip, panel);
  const isPausing = state?.pause != null;
  const pairingAsked = pairing !== null && standing === "connected" && panel !== "pairing";
  return (
    <ConfigProvider theme={themeOf(preferences.contrast)} csp={{ nonce }} button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
      <main
        ref={strip}
        className="strip"
        data-tone={line.tone}
        data-contrast={preferences.contrast}
        data-docked={dockedWidth === null ? undefined : ""}
        data-panel={panel ?? (isSignedOut ? "signIn" : "none")}
      >
        <LineView line={line} windowNo={windowNo} clerks={standing === "connected" ? (state?.clerks ?? []) : []} message={message}>
          {pairingAsked || signOutSoon ? (
            <>
              {signOutSoon && (
                <Button className="stay" type="primary" onClick={() => void model.act("clerk.stay", {}, null)}>
                  {t("action.stay")}
                </Button>
              )}
              {pairingAsked && (
                <Button className="pairing-asked" onClick={(event) => openFrom(event.currentTarget, "pairing")}>
                  {t("pairing.asked")}
                </Button>
              )}
            </>
          ) : undefined}
        </LineView>
        {panel === "more" ? (
          <section className="panel" data-testid="panel-more">
            <Opened>
              <MoreActions {...{ possible, preferences, isPausing, start, close }}>
                {isSignedOut && <Button onClick={() => setPanel("setPin")}>{t("signIn.withCode")}</Button>}
                {isSignedOut && <Button onClick={() => setPanel("changePin")}>{t("signIn.changePin")}</Button>}
              </MoreActions>
            </Opened>
          </section>
        ) : panel !== null && state !== undefined ? (
          <Panel name={panel} model={model} state={state} preferences={preferences} close={close} open={setPanel} />
        ) : isSignedOut ? (
          <SignInForm model={model} state={state} close={close} open={setPanel} isPanel={false} takesFocus={closed.current === "signOut"} />
        ) : null}
        <ActionBar {...{ possible, preferences, isPausing, start }} room={room} openMore={(button) => openFrom(button, "more")} />
      </main>
    </ConfigProvider>
  );
};

/** @returns whether the clerk must say who served the case: that is never guessed */
const endCase = async (model: StripModel, done: string): Promise<boolean> => {
  const openCase = model.snapshot().state?.openCase;
  if (openCase == null) return false;
  const reply = await model.ask("case.end", { caseNo: openCase.caseNo, visitNo: openCase.visitNo });
  if (reply.is === "answer") model.say("done", done);
  else if (reply.error.code === "WR5018") return true;
  else model.refused(reply.error);
  return false;
};

const inviteAgain = async (model: StripModel, done: string): Promise<void> => {
  const request = model.snapshot().state?.request;
  if (request != null) await model.act("case.inviteAgain", { caseNo: request.caseNo, visitNo: request.visitNo }, done);
};
