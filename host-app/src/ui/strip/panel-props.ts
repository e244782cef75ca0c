import type { DeskState } from "@window-rating/protocol/desk";
import type { Preferences, StripAction } from "../../messages/preferences.ts";
import type { StripModel } from "./strip-model.ts";

/** What the clerk can open under the line. */
export type PanelName = Exclude<StripAction, "endCase" | "inviteAgain"> | "whoServed" | "changePin" | "setPin" | "pairing";

/** What each of them is given. */
export interface PanelProps {
  readonly model: StripModel;
  readonly state: DeskState;
  readonly preferences: Preferences;
  readonly close: () => void;
  readonly open: (panel: PanelName) => void;
}
