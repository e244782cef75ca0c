import { Button } from "antd";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { DEFAULT_SHORTCUTS, type Preferences, STRIP_ACTIONS, type StripAction } from "../../../messages/preferences.ts";
import type { PanelProps } from "../panel.tsx";
import { actionOf, chordName, shortcutOf } from "../shortcuts.ts";
import { Choice, Form } from "./form.tsx";
import { OwnTotals } from "./own-totals.tsx";

/** How this clerk likes the strip; kept by the window PC under the clerk's number. */
export const Settings = ({ model, state, preferences, close }: PanelProps) => {
  const { t } = useTranslation();
  const [liked, setLiked] = useState<Preferences>(preferences);
  const [changing, setChanging] = useState<StripAction | null>(null);

  const submit = async (): Promise<void> => {
    if (await model.keepPreferences(liked)) close();
  };

  const take = (action: StripAction, event: KeyboardEvent): void => {
    if (event.key === "Tab" || ["Control", "Alt", "Shift", "Meta"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") {
      event.stopPropagation();
      return setChanging(null);
    }
    const chord = chordName(event);
    if (chord === undefined) return model.say("refused", t("settings.needsModifier"));
    const taken = actionOf(chord, liked);
    if (taken !== undefined && taken !== action)
      return model.say("refused", t("settings.taken", { key: chord, action: t(`action.${taken}`) }));
    const { [action]: _, ...others } = liked.shortcuts;
    setLiked({ ...liked, shortcuts: chord === DEFAULT_SHORTCUTS[action] ? others : { ...others, [action]: chord } });
    setChanging(null);
  };

  const { clerk } = state;
  return (
    <Form
      title={t("settings.title")}
      submit={t("action.save")}
      onSubmit={submit}
      onClose={close}
      more={<Button onClick={() => setLiked({ ...liked, shortcuts: {} })}>{t("settings.reset")}</Button>}
    >
      <p className="hint wide">{clerk === null ? t("settings.windowFor") : t("settings.ownFor", { name: clerk.name })}</p>
      <Choice<Preferences["language"]>
        label={t("settings.language")}
        value={liked.language}
        onChange={(language) => setLiked({ ...liked, language })}
        options={[
          { value: "zh-CN", text: "中文" },
          { value: "en", text: "English" },
        ]}
      />
      <Choice<Preferences["contrast"]>
        label={t("settings.contrast")}
        value={liked.contrast}
        onChange={(contrast) => setLiked({ ...liked, contrast })}
        options={[
          { value: "normal", text: t("settings.normal") },
          { value: "high", text: t("settings.high") },
        ]}
      />
      <Choice<Preferences["paper"]>
        label={t("code.paper")}
        value={liked.paper}
        onChange={(paper) => setLiked({ ...liked, paper })}
        options={[
          { value: "A6", text: "A6" },
          { value: "58mm", text: "58 mm" },
        ]}
      />
      <fieldset className="field wide">
        <legend>{t("settings.shortcuts")}</legend>
        <ul className="shortcuts">
          {STRIP_ACTIONS.map((action) => (
            <li key={action}>
              <span>{t(`action.${action}`)}</span>
              <kbd>{shortcutOf(action, liked)}</kbd>
              <Button
                size="small"
                data-takes-keys={changing === action ? "" : undefined}
                aria-label={`${t("settings.change")} ${t(`action.${action}`)}`}
                onClick={() => setChanging(action)}
                onBlur={() => setChanging(null)}
                onKeyDown={(event) => changing === action && take(action, event)}
              >
                {changing === action ? t("settings.press") : t("settings.change")}
              </Button>
            </li>
          ))}
        </ul>
      </fieldset>
      {state.allows.ownTotals && clerk !== null && <OwnTotals model={model} clerks={state.clerks} />}
    </Form>
  );
};
