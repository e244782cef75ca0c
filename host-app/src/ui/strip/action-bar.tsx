import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Preferences, STRIP_ACTIONS, type StripAction } from "../../messages/preferences.ts";
import type { Hindrance, Possibilities } from "./actions.ts";
import { barOf } from "./bar.ts";
import { ariaShortcut, shortcutOf } from "./shortcuts.ts";

interface ActionBarProps {
  readonly possible: Possibilities;
  readonly preferences: Preferences;
  readonly isPausing: boolean;
  readonly start: (action: StripAction, hindrance: Hindrance | null) => void;
  /** How many buttons there is room for; null: for all. */
  readonly room: number | null;
  readonly openMore: (button: HTMLElement) => void;
}

/** What can be done, with its keys. What cannot be done now stays in its place, or behind "more", and says why when it is pressed. */
export const ActionBar = ({ possible, preferences, isPausing, start, room, openMore }: ActionBarProps) => {
  const { t } = useTranslation();
  return (
    <nav className="actions">
      {barOf(possible, room).map((action) => (
        <ActionButton key={action} {...{ action, preferences, isPausing, start }} hindrance={possible[action]} />
      ))}
      {room !== null && (
        <Button className="action more" aria-haspopup="true" onClick={(event) => openMore(event.currentTarget)}>
          {t("action.more")}
        </Button>
      )}
    </nav>
  );
};

interface MoreActionsProps extends Omit<ActionBarProps, "room" | "openMore"> {
  readonly close: () => void;
  /** What can be done before anybody is signed in, besides. */
  readonly children?: ReactNode;
}

/** All that can be done, opened from a strip that has no room for it. */
export const MoreActions = ({ possible, preferences, isPausing, start, close, children }: MoreActionsProps) => {
  const { t } = useTranslation();
  const first = barOf(possible, STRIP_ACTIONS.length + 1)[0];
  return (
    <section className="form" aria-label={t("action.more")}>
      <nav className="actions">
        {STRIP_ACTIONS.map((action) => (
          <ActionButton
            key={action}
            {...{ action, preferences, isPausing, start }}
            hindrance={possible[action]}
            isFirst={action === (first ?? STRIP_ACTIONS[0])}
          />
        ))}
      </nav>
      <div className="buttons">
        {children}
        <Button onClick={close} aria-keyshortcuts="Escape">
          {t("action.close")}{" "}
          <span className="key" aria-hidden="true">
            Esc
          </span>
        </Button>
      </div>
    </section>
  );
};

interface ActionButtonProps extends Pick<ActionBarProps, "preferences" | "isPausing" | "start"> {
  readonly action: StripAction;
  readonly hindrance: Hindrance | null;
  /** It has the focus when what it stands in is opened. */
  readonly isFirst?: boolean;
}

const ActionButton = ({ action, hindrance, preferences, isPausing, start, isFirst = false }: ActionButtonProps) => {
  const { t } = useTranslation();
  const chord = shortcutOf(action, preferences);
  const name = action === "pause" && isPausing ? t("action.resume") : t(`action.${action}`);
  return (
    <Button
      className="action"
      data-action={action}
      data-first={isFirst ? "" : undefined}
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
};
