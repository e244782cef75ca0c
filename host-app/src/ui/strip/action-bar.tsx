import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { type Preferences, STRIP_ACTIONS, type StripAction } from "../../messages/preferences.ts";
import type { Hindrance, Possibilities } from "./actions.ts";
import { ariaShortcut, shortcutOf } from "./shortcuts.ts";

interface ActionBarProps {
  readonly possible: Possibilities;
  readonly preferences: Preferences;
  readonly isPausing: boolean;
  readonly start: (action: StripAction, hindrance: Hindrance | null) => void;
}

/** What can be done, with its keys. What cannot be done now stays in its place and says why when it is pressed. */
export const ActionBar = ({ possible, preferences, isPausing, start }: ActionBarProps) => {
  const { t } = useTranslation();
  return (
    <nav className="actions">
      {STRIP_ACTIONS.map((action) => {
        const hindrance = possible[action];
        const chord = shortcutOf(action, preferences);
        const name = action === "pause" && isPausing ? t("action.resume") : t(`action.${action}`);
        return (
          <Button
            key={action}
            className="action"
            data-action={action}
            type={action === "endCase" && hindrance === null ? "primary" : "default"}
            aria-disabled={hindrance !== null}
            aria-keyshortcuts={ariaShortcut(chord)}
            title={hindrance === null ? t("shortcut.key", { key: chord }) : t(`why.${hindrance}`)}
            onClick={() => start(action, hindrance)}
          >
            <span className="name">{name}</span>
            <span className="key" aria-hidden="true">
              {chord}
            </span>
          </Button>
        );
      })}
    </nav>
  );
};
