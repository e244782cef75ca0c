import { type ComponentType, type ReactNode, useEffect, useLayoutEffect, useReducer, useRef } from "react";
import { DOCKED_PX } from "./bar.ts";
import type { PanelName, PanelProps } from "./panel-props.ts";

type Loader = () => Promise<ComponentType<PanelProps>>;

/** Each is loaded after the line: that must be there at once. */
const LOADERS: Readonly<Record<PanelName, Loader>> = {
  startCase: async () => (await import("./panels/start-case.tsx")).StartCase,
  cancelCase: async () => (await import("./panels/cancel-case.tsx")).CancelCase,
  severalCases: async () => (await import("./panels/several-cases.tsx")).SeveralCases,
  pause: async () => (await import("./panels/pause-window.tsx")).PauseWindow,
  paperForm: async () => (await import("./panels/paper-form.tsx")).PaperFormPanel,
  code: async () => (await import("./panels/code-panel.tsx")).CodePanel,
  changeClerk: async () => (await import("./panels/change-clerk.tsx")).ChangeClerk,
  signOut: async () => (await import("./panels/sign-out.tsx")).SignOut,
  settings: async () => (await import("./panels/settings.tsx")).Settings,
  whoServed: async () => (await import("./panels/who-served.tsx")).WhoServed,
  changePin: async () => (await import("./panels/new-pin.tsx")).ChangePin,
  setPin: async () => (await import("./panels/new-pin.tsx")).SetPin,
  pairing: async () => (await import("./panels/pairing.tsx")).PairingPanel,
};

const loaded = new Map<PanelName, ComponentType<PanelProps>>();

const load = async (name: PanelName): Promise<void> => {
  loaded.set(name, await LOADERS[name]());
};

/** Loads them all, quietly. */
export const preloadPanels = (): void => {
  for (const name of Object.keys(LOADERS) as PanelName[]) load(name).catch(() => undefined);
};

/** Line above a form, CSS pixels: what a docked strip asks for at first, before it is known how high the form is then (use-docked.ts). */
const LINE_PX = 120;
/** Line and actions above and below a form in a window of its own. */
const AROUND_PX = 240;

/** What the clerk has opened. It takes the focus, for the clerk asked for it; nothing else on the strip ever does. */
export const Panel = ({ name, ...props }: PanelProps & { name: PanelName }) => {
  const [, look] = useReducer((count: number) => count + 1, 0);
  const Content = loaded.get(name);
  const { close } = props;
  useEffect(() => {
    // Without window-host nothing can be loaded; the line says so.
    if (!loaded.has(name)) load(name).then(look, close);
  }, [name, close]);
  return (
    <section className="panel" data-testid={`panel-${name}`}>
      {Content !== undefined && (
        <Opened key={name}>
          <Content {...props} />
        </Opened>
      )}
    </section>
  );
};

/** Takes the focus, and asks for the height it needs. */
export const Opened = ({ children }: { children: ReactNode }) => {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    (element.querySelector<HTMLElement>("[data-first]") ?? element.querySelector<HTMLElement>("[type=submit]"))?.focus();
    return growTo(element.scrollHeight);
  }, []);
  return (
    <div ref={place} className="opened">
      {children}
    </div>
  );
};

/** A docked strip is too low for a form: its window grows while one is open. A page in an ordinary window scrolls instead. */
const growTo = (formPx: number): (() => void) | undefined => {
  const shell = window.windowRatingShell;
  if (shell !== undefined) {
    // Also if it is high enough now: that may be the height of the form before, which has just been given back.
    shell.needHeight(Math.max(formPx + LINE_PX, DOCKED_PX + 1));
    return () => shell.needHeight(null);
  }
  // A window of its own (chromium --app) may grow as well; a browser's tab stays as it is.
  const heightPx = formPx + AROUND_PX;
  const { outerWidth, outerHeight, innerHeight } = window;
  if (innerHeight >= heightPx || innerHeight > DOCKED_PX) return undefined;
  window.resizeTo(outerWidth, heightPx + outerHeight - innerHeight);
  return () => window.resizeTo(outerWidth, outerHeight);
};
