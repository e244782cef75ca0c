import { Input } from "antd";
import { useState } from "react";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import type { SeenWindow } from "./seen-window.ts";

interface PadPairingProps {
  readonly window: SeenWindow;
  readonly keys: readonly { readonly model: string; readonly serialNumber: string }[];
  readonly again: () => void;
}

/** Pairing with the code that the pad shows, step by step; and the keys that this PC has. */
export const PadPairing = ({ window: { windowNo, pad, canBePaired, pairing }, keys, again }: PadPairingProps) => {
  const model = useModel();
  const { t } = useWords();
  const { is } = pairing;
  const isUnderWay = is === "inviting" || is === "asking" || is === "press";
  const nameOf = (one: { readonly model?: string | undefined; readonly serialNumber?: string | undefined }): string =>
    `${one.model ?? ""} ${one.serialNumber ?? ""}`.trim();
  return (
    <Section title={t("padPairing.title")}>
      <div role="status">
        {is === "inviting" || is === "asking" || is === "press" ? (
          <p>
            <strong>{t(`padPairing.${is}`)}</strong>{" "}
            {pairing.remainingMs === undefined ? "" : t("padPairing.left", { seconds: Math.ceil(pairing.remainingMs / 1000) })}
          </p>
        ) : null}
        {is === "paired" ? <p className="good">✓ {t("padPairing.done")}</p> : null}
        {is === "failed" ? (
          <RefusalNote
            refusal={{
              code: pairing.error?.code ?? "WR1015",
              title: t("padPairing.failed"),
              detail: pairing.error?.detail ?? "",
              advice: "",
            }}
          />
        ) : null}
        {canBePaired || isUnderWay ? null : <p className="detail">{t("padPairing.canNot")}</p>}
      </div>
      {is === "asking" ? <CodeField windowNo={windowNo} again={again} /> : null}
      <div className="buttons">
        {isUnderWay ? (
          <ActButton text={t("padPairing.giveUp")} ask={() => model.ask("pads.cancelPairing", { windowNo })} onDone={again} />
        ) : (
          <ActButton
            text={t("padPairing.begin")}
            isDisabled={!canBePaired}
            ask={() => model.ask("pads.pair", { windowNo })}
            onDone={again}
          />
        )}
        {pad.trust === "paired" ? (
          <ActButton
            text={t("padPairing.unpair")}
            question={{ title: t("padPairing.unpairTitle", { pad: nameOf(pad) }), text: t("padPairing.unpairText") }}
            ask={() => model.ask("pads.unpair", { windowNo })}
            onDone={again}
          />
        ) : null}
      </div>
      <h3>{t("padPairing.keys")}</h3>
      {keys.length === 0 ? <p className="detail">{t("padPairing.noKeys")}</p> : null}
      <ul className="plain">
        {keys.map((key) => (
          <li key={nameOf(key)} className="buttons">
            <span>{nameOf(key)}</span>
            <ActButton
              text={t("padPairing.forget")}
              question={{ title: t("padPairing.forgetTitle", { pad: nameOf(key) }), text: t("padPairing.forgetText") }}
              ask={() => model.ask("pads.forget", key)}
              onDone={again}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
};

const CodeField = ({ windowNo, again }: { readonly windowNo: string; readonly again: () => void }) => {
  const model = useModel();
  const { t } = useWords();
  const [code, setCode] = useState("");
  return (
    <form className="buttons pad-field" onSubmit={(event) => event.preventDefault()}>
      <label htmlFor="pad-code">{t("padPairing.code")}</label>
      <Input
        id="pad-code"
        className="short"
        value={code}
        inputMode="numeric"
        autoComplete="off"
        autoFocus
        onChange={(event) => setCode(event.target.value)}
      />
      <ActButton
        isMain
        text={t("padPairing.send")}
        isDisabled={code.trim() === ""}
        ask={() => model.ask("pads.typeCode", { windowNo, code })}
        onDone={again}
      />
    </form>
  );
};
