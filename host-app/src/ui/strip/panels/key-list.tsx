import { Button } from "antd";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { STRIP_ACTIONS, type StripAction } from "../../../messages/preferences.ts";
import { chordName } from "../shortcuts.ts";
import type { StripModel } from "../strip-model.ts";

interface KeyListProps {
  readonly model: StripModel;
  readonly title: string;
  readonly hint?: string;
  readonly keyOf: (action: StripAction) => string | undefined;
  readonly actionOf: (chord: string) => StripAction | undefined;
  readonly take: (action: StripAction, chord: string) => void;
  /** Where an action need have no key. */
  readonly free?: (action: StripAction) => void;
}

/** A key for each action, chosen by pressing it. */
export const KeyList = ({ model, title, hint, keyOf, actionOf, take, free }: KeyListProps) => {
  const { t } = useTranslation();
  const [changing, setChanging] = useState<StripAction | null>(null);

  const press = (action: StripAction, event: KeyboardEvent): void => {
    if (event.key === "Tab" || ["Control", "Alt", "Shift", "Meta"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") {
      event.stopPropagation();
      return setChanging(null);
    }
    const chord = chordName(event);
    if (chord === undefined) return model.say("refused", t("settings.needsModifier"));
    const taken = actionOf(chord);
    if (taken !== undefined && taken !== action)
      return model.say("refused", t("settings.taken", { key: chord, action: t(`action.${taken}`) }));
    take(action, chord);
    setChanging(null);
  };

  return (
    <fieldset className="field wide">
      <legend>{title}</legend>
      {hint !== undefined && <p className="hint">{hint}</p>}
      <ul className="shortcuts">
        {STRIP_ACTIONS.map((action) => (
          <li key={action}>
            <span>{t(`action.${action}`)}</span>
            <kbd>{keyOf(action) ?? "—"}</kbd>
            <Button
              size="small"
              data-takes-keys={changing === action ? "" : undefined}
              aria-label={`${title}: ${t(changing === action ? "settings.press" : "settings.change")} ${t(`action.${action}`)}`}
              onClick={() => setChanging(action)}
              onBlur={() => setChanging(null)}
              onKeyDown={(event) => changing === action && press(action, event)}
            >
              {changing === action ? t("settings.press") : t("settings.change")}
            </Button>
            {free !== undefined && keyOf(action) !== undefined && (
              <Button size="small" aria-label={`${title}: ${t("settings.noKey")} ${t(`action.${action}`)}`} onClick={() => free(action)}>
                {t("settings.noKey")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
};
