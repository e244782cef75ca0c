import { Button, Input } from "antd";
import { useId, useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";

interface ChangeSettingProps {
  readonly setting: AnswerOf<"site.read">["settings"][number];
  readonly onKept: () => void;
  readonly onLeft: () => void;
}

/** Another value for one setting, checked by window-host before it is written. */
export const ChangeSetting = ({ setting: { key, value, next, from, range }, onKept, onLeft }: ChangeSettingProps) => {
  const model = useModel();
  const { t } = useWords();
  const id = useId();
  const [typed, setTyped] = useState(next ?? value);
  const isDecidedElsewhere = from === "central" || from === "environment";
  return (
    <div className="site-form" role="group" aria-label={t("site.changeOf", { key })}>
      {isDecidedElsewhere ? <p className="look">{t("site.notHere", { from: t(`site.from-${from}`) })}</p> : null}
      <div className="site-field">
        <label htmlFor={id}>{t("site.newValue", { key })}</label>
        <Input id={id} value={typed} autoFocus onChange={({ target }) => setTyped(target.value)} aria-describedby={`${id}-range`} />
        <span id={`${id}-range`} className="detail">
          {t("site.range", { range })}
        </span>
      </div>
      <div className="buttons">
        <ActButton text={t("site.keep")} isMain ask={() => model.ask("site.set", { key, value: typed })} onDone={onKept} />
        <ActButton text={t("site.toDefault")} ask={() => model.ask("site.set", { key, value: null })} onDone={onKept} />
        <Button onClick={onLeft}>{t("site.leave")}</Button>
      </div>
    </div>
  );
};
