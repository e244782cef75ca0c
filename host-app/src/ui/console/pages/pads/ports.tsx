import { useState } from "react";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Section } from "../../elements/page.tsx";
import { useModel } from "../../elements/use-model.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";

/** A cheap adapter may be any pad's: so many profiles are named. */
const LIKELY = 2;

type Port = AnswerOf<"pads.ports">["ports"][number];

/** What answered at a port, or why nothing did. */
const Answer = (asked: NonNullable<Port["asked"]>) => {
  const { t, sentence, language } = useWords();
  switch (asked.is) {
    case "pad":
      return (
        <>
          {t("padPorts.pad", { model: asked.model, serialNumber: asked.serialNumber, firmware: asked.firmware })}
          <div className="detail">{t(asked.paired ? "padFact.paired" : "padFact.unpaired")}</div>
        </>
      );
    case "silent":
    case "foreign":
      return t(`padPorts.${asked.is}`);
    case "failed":
      return (
        <>
          <span className="stop">{sentence(asked.code, asked.text)}</span>
          {language === "en" ? null : (
            <div className="detail" lang="en">
              {asked.text}
            </div>
          )}
        </>
      );
  }
};

/** The serial ports of this PC: which window has each, who may open it, what may be behind it. Listed when a person asks. */
export const Ports = () => {
  const model = useModel();
  const { t } = useWords();
  const [ports, setPorts] = useState<readonly Port[]>();
  return (
    <Section title={t("padPorts.title")}>
      <p>{t("padPorts.hint")}</p>
      <div className="buttons">
        <ActButton
          text={t("padPorts.find")}
          ask={() => model.ask("pads.ports", { probe: false })}
          onDone={(answer) => setPorts(answer.ports)}
        />
        <ActButton
          text={t("padPorts.ask")}
          ask={() => model.ask("pads.ports", { probe: true })}
          onDone={(answer) => setPorts(answer.ports)}
        />
      </div>
      {ports === undefined ? null : ports.length === 0 ? (
        <Nothing title={t("padPorts.none")} advice={t("padPorts.noneAdvice")} />
      ) : (
        <div className="ports">
          <WideTable
            label={t("padPorts.title")}
            heads={[
              t("padPorts.port"),
              t("padPorts.usb"),
              t("padPorts.usedBy"),
              t("padPorts.access"),
              t("padPorts.mayBe"),
              t("padPorts.answer"),
            ]}
          >
            {ports.map(({ path, about, stablePaths, windowNo, access, mayBe, asked }) => (
              <tr key={path}>
                <td>
                  {path}
                  {stablePaths.map((stable) => (
                    <div key={stable} className="detail">
                      {stable}
                    </div>
                  ))}
                </td>
                <td>{about === "" ? t("padPorts.noUsb") : about}</td>
                <td>{windowNo === null ? t("padPorts.free") : t("frame.window", { windowNo })}</td>
                <td>
                  {access === null ? "" : `${access.owner}:${access.group} ${access.mode}`}
                  {access?.remedy == null ? null : <div className="stop">{t(`padPorts.${access.remedy.is}`, { ...access.remedy })}</div>}
                </td>
                <td>
                  {mayBe.length === 0 ? t("padPorts.unknown") : mayBe.slice(0, LIKELY).map((id) => <div key={id}>{id}</div>)}
                  {mayBe.length > LIKELY ? <div className="detail">{t("padPorts.more", { count: mayBe.length - LIKELY })}</div> : null}
                </td>
                <td>{asked === null ? t(windowNo === null ? "padPorts.notAsked" : "padPorts.inUse") : <Answer {...asked} />}</td>
              </tr>
            ))}
          </WideTable>
        </div>
      )}
    </Section>
  );
};
