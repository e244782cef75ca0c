import { Alert, Button, Checkbox, Input } from "antd";
import { useId, useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { Section } from "../../elements/page.tsx";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { ChangeSetting } from "./change-setting.tsx";

interface SettingsInForceProps extends Pick<AnswerOf<"site.read">, "settings"> {
  readonly onChanged: () => Promise<void>;
}

/** Every setting in plain words, with its value and where that comes from, and the way to another value. */
export const SettingsInForce = ({ settings, onChanged }: SettingsInForceProps) => {
  const { t, language } = useWords();
  const id = useId();
  const [wanted, setWanted] = useState("");
  const [onlySet, setOnlySet] = useState(true);
  const [changing, setChanging] = useState<string>();
  const [kept, setKept] = useState<string>();
  const helpOf = ({ help }: (typeof settings)[number]): string => (language === "en" ? help.en : help.zh);
  const shown = settings.filter(
    (setting) =>
      (!onlySet || wanted !== "" || setting.from !== "default" || setting.next !== null) &&
      `${setting.key} ${helpOf(setting)}`.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  return (
    <Section title={t("site.settings")}>
      <p className="intro">{t("site.settingsHow")}</p>
      <div className="site-form">
        <div className="site-field">
          <label htmlFor={id}>{t("site.find")}</label>
          <Input id={id} value={wanted} onChange={({ target }) => setWanted(target.value)} allowClear />
        </div>
        <Checkbox checked={onlySet} onChange={({ target }) => setOnlySet(target.checked)}>
          {t("site.onlySet")}
        </Checkbox>
      </div>
      {kept === undefined ? null : <Alert className="note" type="success" showIcon role="status" title={t("site.kept", { key: kept })} />}
      <div className="settings">
        <WideTable label={t("site.settings")} heads={[t("site.setting"), t("site.value"), t("site.from"), t("site.change")]}>
          {shown.map((setting) => (
            <tr key={setting.key}>
              <td>
                <code>{setting.key}</code>
                <div className="detail">{helpOf(setting)}</div>
                {changing !== setting.key ? null : (
                  <ChangeSetting
                    setting={setting}
                    onKept={() => {
                      setChanging(undefined);
                      setKept(setting.key);
                      void onChanged();
                    }}
                    onLeft={() => setChanging(undefined)}
                  />
                )}
              </td>
              <td>
                <b>{setting.value}</b>
                {setting.unit === null ? "" : ` ${setting.unit}`}
                {setting.next === null ? null : <div className="look">{t("site.next", { value: setting.next })}</div>}
              </td>
              <td>{t(`site.from-${setting.from}`)}</td>
              <td>
                <Button
                  aria-label={t("site.changeOf", { key: setting.key })}
                  aria-expanded={changing === setting.key}
                  onClick={() => {
                    setKept(undefined);
                    setChanging(setting.key);
                  }}
                >
                  {t("site.change")}
                </Button>
              </td>
            </tr>
          ))}
        </WideTable>
      </div>
    </Section>
  );
};
