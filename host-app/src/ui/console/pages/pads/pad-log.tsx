import { useState } from "react";
import type { Reply } from "../../../../messages/client.ts";
import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { useModel } from "../../elements/use-model.ts";
import { WideTable } from "../../elements/wide-table.tsx";
import { useWords } from "../../words/use-words.ts";
import { askPatiently } from "./ask-patiently.ts";
import type { SeenWindow } from "./seen-window.ts";

/** Lines shown, the newest first; the file has all of them. */
const SHOWN = 50;
/** No pad keeps so many pages; one that tells more is not read for ever. */
const MOST_PAGES = 2000;

type Line = AnswerOf<"pads.log">["lines"][number];

/** The log that the pad keeps of itself: read when a person asks, shown, and written into a file for its maker. */
export const PadLog = ({ window: { windowNo, files } }: { readonly window: SeenWindow }) => {
  const model = useModel();
  const { t } = useWords();
  const [lines, setLines] = useState<readonly Line[]>();
  const [saved, setSaved] = useState<AnswerOf<"pads.saveLog">>();
  if (files === null) {
    return (
      <Section title={t("padLog.title")}>
        <p className="detail">{t("padLog.none")}</p>
      </Section>
    );
  }
  const readAll = async (): Promise<Reply<"pads.log">> => {
    const read: Line[] = [];
    for (let from = 0, page = 0; ; page++) {
      const reply = await askPatiently(() => model.ask("pads.log", { windowNo, from }));
      if (reply.is === "refused") return reply;
      read.push(...reply.body.lines);
      if (reply.body.next === null || page >= MOST_PAGES) {
        setLines(read);
        setSaved(undefined);
        return reply;
      }
      from = reply.body.next;
    }
  };
  return (
    <Section title={t("padLog.title")}>
      <p>{t("padLog.hint")}</p>
      <div className="buttons">
        <ActButton text={t("padLog.read")} ask={readAll} />
        <ActButton
          text={t("padLog.save")}
          isDisabled={lines === undefined || lines.length === 0}
          ask={() => model.ask("pads.saveLog", { windowNo })}
          onDone={setSaved}
        />
      </div>
      <div role="status">
        {saved === undefined ? null : <p className="good">{t("padLog.saved", saved)}</p>}
        {lines === undefined ? null : (
          <p>{lines.length === 0 ? t("padLog.empty") : t("padLog.shown", { shown: Math.min(SHOWN, lines.length), all: lines.length })}</p>
        )}
      </div>
      {lines === undefined || lines.length === 0 ? null : (
        <WideTable label={t("padLog.title")} heads={[t("padLog.number"), t("padLog.text")]}>
          {lines
            .slice(-SHOWN)
            .reverse()
            .map(({ number, text }) => (
              <tr key={number}>
                <td>{number}</td>
                <td lang="en">{text}</td>
              </tr>
            ))}
        </WideTable>
      )}
    </Section>
  );
};
