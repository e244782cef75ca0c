import type { Carrier } from "../../messages/carrier.ts";
import type { StripAction } from "../../messages/preferences.ts";
import { webSocketCarrier } from "./web-socket-carrier.ts";

/** The keys that work in every program. */
export interface ShellKeys {
  readonly shortcuts: Readonly<Partial<Record<StripAction, string>>>;
  /** Those of them that another program has. */
  readonly taken: readonly string[];
}

/** What Electron's preload puts into the page. */
declare global {
  interface Window {
    /** Carries messages by IPC. */
    readonly windowRatingCarrier?: Carrier;
    /** The window around the page. */
    readonly windowRatingShell?: {
      /** The strip needs this many CSS pixels of height to show what the clerk has opened; null: its docked height again. */
      needHeight(px: number | null): void;
      /** Whoever is told last is told alone: a key that works in every program was pressed. */
      onAction(act: (action: StripAction) => void): void;
      /** Whoever is told last is told alone: the keys that work in every program, now and whenever they change. */
      onKeys(tell: (keys: ShellKeys) => void): void;
      /** These in place of those, at once. */
      keepKeys(shortcuts: ShellKeys["shortcuts"]): void;
    };
  }
}

/** In Electron by IPC, in a browser by WebSocket. */
export const screenCarrier = (screen: "strip" | "console"): Carrier => {
  const own = window.windowRatingCarrier;
  if (own !== undefined) return own;
  const query = new URLSearchParams({ screen });
  const windowNo = new URLSearchParams(location.search).get("window");
  if (windowNo !== null) query.set("window", windowNo);
  return webSocketCarrier(query.toString());
};
