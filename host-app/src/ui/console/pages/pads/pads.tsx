import { WideTable } from "../../elements/wide-table.tsx";
import "./pads.css";
import { useCallback, useState } from "react";
import { Answered } from "../../elements/answered.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { PadFacts } from "./pad-facts.tsx";
import { PadFirmware } from "./pad-firmware.tsx";
import { PadLog } from "./pad-log.tsx";
import { PadPairing } from "./pad-pairing.tsx";
import { PadTrial } from "./pad-trial.tsx";
import { Ports } from "./ports.tsx";
import type { SeenWindow } from "./seen-window.ts";
import { Tablets } from "./tablets.tsx";

const EVERY_MS = 1500;

/** The pads of this PC, a window at a time. */
export const Pads = () => {
  const model = useModel();
  const { t } = useWords();
  const asked = useAsked(
    useCallback(() => model.ask("pads.read", {}), [model]),
    EVERY_MS,
  );
  const [chosen, choose] = useState<string>();
  const again = (): void => void asked.askAgain();
  return (
    <Page name="pads" intro={t("pads.intro")}>
      <Answered asked={asked}>
        {({ list, windows }) => {
          const seen = list.windows.flatMap((one): SeenWindow[] => {
            const { windowNo, pad, ...rest } = one;
            const more = windows.find((other) => other.windowNo === windowNo);
            return more === undefined ? [] : [{ ...rest, windowNo, pad: more.pad, picture: more.picture }];
          });
          const shown = seen.find(({ windowNo }) => windowNo === chosen) ?? seen[0];
          return (
            <>
              <Section title={t("pads.windows")}>
                <WindowTable windows={seen} shown={shown?.windowNo} choose={choose} />
              </Section>
              {shown === undefined ? null : (
                <div key={shown.windowNo}>
                  {shown.tests.length === 0 ? <PadFacts window={shown} /> : null}
                  <PadTrial window={shown} />
                  {shown.tests.length === 0 ? null : <PadFacts window={shown} />}
                  <PadPairing window={shown} keys={list.keys} again={again} />
                  <PadFirmware window={shown} again={again} />
                  <PadLog window={shown} />
                </div>
              )}
            </>
          );
        }}
      </Answered>
      <Ports />
      <Tablets />
    </Page>
  );
};

interface WindowTableProps {
  readonly windows: readonly SeenWindow[];
  readonly shown: string | undefined;
  readonly choose: (windowNo: string) => void;
}

/** Which pad is at which window, and whether it can be used. */
const WindowTable = ({ windows, shown, choose }: WindowTableProps) => {
  const { t, language } = useWords();
  return (
    <WideTable label={t("pads.windows")} heads={[t("pads.chosen"), t("pads.state"), t("pads.pad"), t("pads.port")]}>
      {windows.map(({ windowNo, pad, picture }) => (
        <tr key={windowNo}>
          <td>
            <button type="button" className="pick" aria-pressed={windowNo === shown} onClick={() => choose(windowNo)}>
              {t("frame.window", { windowNo })}
            </button>
          </td>
          <td className={pad.connection === "ready" ? "good" : pad.connection === "connecting" ? "look" : "stop"}>
            {pad.connection === "ready" ? "✓ " : pad.connection === "connecting" ? "… " : "✗ "}
            {t(`padConnection.${pad.connection}`)}
          </td>
          <td>
            {pad.model === undefined ? t("pads.nonePad") : `${pad.model} ${pad.serialNumber ?? ""}`}
            {picture?.profile == null ? null : <div className="detail">{language === "en" ? picture.profile.en : picture.profile.zh}</div>}
          </td>
          <td>{pad.port ?? ""}</td>
        </tr>
      ))}
    </WideTable>
  );
};
