import type { DeskState } from "@window-rating/protocol/desk";
import { type ComponentType, lazy, type ReactNode, Suspense, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Preferences, StripAction } from "../../messages/preferences.ts";
import type { StripModel } from "./strip-model.ts";

export type PanelName = Exclude<StripAction, "endCase" | "inviteAgain"> | "whoServed" | "changePin" | "setPin";

export interface PanelProps {
  readonly model: StripModel;
  readonly state: DeskState;
  readonly preferences: Preferences;
  readonly close: () => void;
  readonly open: (panel: PanelName) => void;
}

/** Each is loaded when it is first opened: the line must be there at once. */
const PANELS: Readonly<Record<PanelName, ComponentType<PanelProps>>> = {
  startCase: lazy(async () => ({ default: (await import("./panels/start-case.tsx")).StartCase })),
  cancelCase: lazy(async () => ({ default: (await import("./panels/cancel-case.tsx")).CancelCase })),
  severalCases: lazy(async () => ({ default: (await import("./panels/several-cases.tsx")).SeveralCases })),
  pause: lazy(async () => ({ default: (await import("./panels/pause-window.tsx")).PauseWindow })),
  paperForm: lazy(async () => ({ default: (await import("./panels/paper-form.tsx")).PaperFormPanel })),
  code: lazy(async () => ({ default: (await import("./panels/code-panel.tsx")).CodePanel })),
  changeClerk: lazy(async () => ({ default: (await import("./panels/change-clerk.tsx")).ChangeClerk })),
  signOut: lazy(async () => ({ default: (await import("./panels/sign-out.tsx")).SignOut })),
  settings: lazy(async () => ({ default: (await import("./panels/settings.tsx")).Settings })),
  whoServed: lazy(async () => ({ default: (await import("./panels/who-served.tsx")).WhoServed })),
  changePin: lazy(async () => ({ default: (await import("./panels/new-pin.tsx")).ChangePin })),
  setPin: lazy(async () => ({ default: (await import("./panels/new-pin.tsx")).SetPin })),
};

/** Room around the form that the shell gives besides, CSS pixels. */
const MARGIN_PX = 24;

/** What the clerk has opened. It takes the focus, for the clerk asked for it; nothing else on the strip ever does. */
export const Panel = ({ name, ...props }: PanelProps & { name: PanelName }) => {
  const { t } = useTranslation();
  const Content = PANELS[name];
  return (
    <section className="panel" data-testid={`panel-${name}`}>
      <Suspense fallback={<p>{t("line.connecting")}</p>}>
        <Opened key={name}>
          <Content {...props} />
        </Opened>
      </Suspense>
    </section>
  );
};

const Opened = ({ children }: { children: ReactNode }) => {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const first = element.querySelector<HTMLElement>("[data-first]");
    (first ?? element.querySelector<HTMLElement>("input, textarea, button"))?.focus();
    return growTo(element.scrollHeight + MARGIN_PX);
  }, []);
  return (
    <div ref={place} className="opened">
      {children}
    </div>
  );
};

/** A docked strip is too low for a form: its window grows while one is open. A page in an ordinary window scrolls instead. */
const growTo = (heightPx: number): (() => void) | undefined => {
  if (window.innerHeight >= heightPx) return undefined;
  const shell = window.windowRatingShell;
  if (shell !== undefined) {
    shell.needHeight(heightPx);
    return () => shell.needHeight(null);
  }
  // A window of its own (chromium --app) may grow as well; a browser's tab stays as it is.
  const { outerWidth, outerHeight, innerHeight } = window;
  if (innerHeight > DOCKED_PX) return undefined;
  window.resizeTo(outerWidth, heightPx + outerHeight - innerHeight);
  return () => window.resizeTo(outerWidth, outerHeight);
};

/** What is lower than this is a docked strip, CSS pixels. */
const DOCKED_PX = 160;
