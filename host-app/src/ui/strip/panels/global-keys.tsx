import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { STRIP_ACTIONS } from "../../../messages/preferences.ts";
import type { ShellKeys } from "../../carrier/screen-carrier.ts";
import type { StripModel } from "../strip-model.ts";
import { KeyList } from "./key-list.tsx";

/** The keys that work in every program, where there is a window around the page that can have them. They hold at once. */
export const GlobalKeys = ({ model }: { readonly model: StripModel }) => {
  const { t } = useTranslation();
  const [keys, setKeys] = useState<ShellKeys | null>(null);
  const shell = window.windowRatingShell;
  useEffect(() => window.windowRatingShell?.onKeys(setKeys), []);
  if (shell === undefined || keys === null) return null;
  const { shortcuts, taken } = keys;
  const hint = taken.length === 0 ? t("settings.globalHint") : t("settings.globalTaken", { keys: taken.join(", ") });
  return (
    <KeyList
      model={model}
      title={t("settings.globalKeys")}
      hint={hint}
      keyOf={(action) => shortcuts[action]}
      actionOf={(chord) => STRIP_ACTIONS.find((action) => shortcuts[action] === chord)}
      take={(action, chord) => shell.keepKeys({ ...shortcuts, [action]: chord })}
      free={(action) => {
        const { [action]: _, ...others } = shortcuts;
        shell.keepKeys(others);
      }}
    />
  );
};
