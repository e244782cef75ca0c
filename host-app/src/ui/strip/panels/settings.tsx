import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DEFAULT_SHORTCUTS, type Preferences, type StripAction } from "../../../messages/preferences.ts";
import type { PanelProps } from "../panel-props.ts";
import { actionOf, shortcutOf } from "../shortcuts.ts";
import { Choice, Form } from "./form.tsx";
import { GlobalKeys } from "./global-keys.tsx";
import { KeyList } from "./key-list.tsx";
import { OwnTotals } from "./own-totals.tsx";

/** How this clerk likes the strip; kept by the window PC under the clerk's number. */
export const Settings = ({ model, state, preferences, close }: PanelProps) => {
  const { t } = useTranslation();
  const [liked, setLiked] = useState<Preferences>(preferences);

  const submit = async (): Promise<void> => {
    if (await model.keepPreferences(liked)) close();
  };

  const take = (action: StripAction, chord: string): void => {
    const { [action]: _, ...others } = liked.shortcuts;
    setLiked({ ...liked, shortcuts: chord === DEFAULT_SHORTCUTS[action] ? others : { ...others, [action]: chord } });
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
      <KeyList
        model={model}
        title={t("settings.shortcuts")}
        keyOf={(action) => shortcutOf(action, liked)}
        actionOf={(chord) => actionOf(chord, liked)}
        take={take}
      />
      <GlobalKeys model={model} />
      {state.allows.ownTotals && clerk !== null && <OwnTotals model={model} clerks={state.clerks} />}
    </Form>
  );
};
