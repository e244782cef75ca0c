import { Button, Checkbox } from "antd";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { fitsFilter } from "../../../../core/traffic/traffic-filter.ts";
import type { TrafficFilter, TrafficLine } from "../../../../core/traffic/traffic-shape.ts";
import type { Refusal } from "../../../../messages/envelope.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page, Section } from "../../elements/page.tsx";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useModel, useSnapshot } from "../../elements/use-model.ts";
import { MESSAGE_WORDS } from "../../words/frame-words.ts";
import { useWords } from "../../words/use-words.ts";
import { Choice } from "./choice.tsx";
import { FrameTable } from "./frame-table.tsx";
import { TrafficLog } from "./traffic-log.ts";

/** More rows than these nobody reads, and an old PC would be busy drawing them. */
const MOST_ROWS = 200;

const NO_FILTER: TrafficFilter = { windowNo: null, direction: null, type: null, text: "", beats: false };

/** What goes over the lines of the pads, while the page is open. */
export const Traffic = () => {
  const model = useModel();
  const { t, pair } = useWords();
  const { connections, standing } = useSnapshot();
  const [log] = useState(() => new TrafficLog());
  const { frames, dropped, isPaused, news } = useSyncExternalStore(log.subscribe, log.snapshot);
  const [lines, setLines] = useState<readonly TrafficLine[]>([]);
  const [refusal, setRefusal] = useState<Refusal>();
  const [filter, setFilter] = useState(NO_FILTER);
  const [showsHex, setShowsHex] = useState(false);
  const [saved, setSaved] = useState<{ readonly path: string; readonly frames: number }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection watches nothing yet
  useEffect(() => {
    if (standing !== "connected") return;
    const stopHearing = model.on("traffic", (batch) => log.hear(batch));
    void model.ask("traffic.watch", {}).then((reply) => {
      if (reply.is === "refused") return setRefusal(reply.error);
      setRefusal(undefined);
      setLines(reply.body.lines);
      // Numbers begin anew with a watch.
      log.clear();
    });
    return () => {
      stopHearing();
      void model.ask("traffic.stop", {});
    };
  }, [model, log, connections, standing]);
  const fitting = useMemo(() => frames.filter((frame) => fitsFilter(frame, filter)), [frames, filter]);
  const rows = fitting.slice(-MOST_ROWS).reverse();
  const types = [...new Set([...frames.map(({ type }) => type), ...(filter.type === null ? [] : [filter.type])])].sort();
  const change = (changed: Partial<TrafficFilter>): void => setFilter({ ...filter, ...changed });
  return (
    <Page name="traffic" intro={t("traffic.intro")}>
      {refusal === undefined ? null : <RefusalNote refusal={refusal} />}
      <Section title={t("traffic.frames")}>
        <div className="buttons filter">
          {lines.length > 1 ? (
            <Choice
              label={t("traffic.window")}
              all={t("traffic.all")}
              value={filter.windowNo}
              choices={lines.map(({ windowNo, speaks }) => [windowNo, `${windowNo} (${speaks})`])}
              onChange={(windowNo) => change({ windowNo })}
            />
          ) : null}
          <Choice
            label={t("traffic.direction")}
            all={t("traffic.all")}
            value={filter.direction}
            choices={(["out", "in"] as const).map((direction) => [direction, t(`traffic.${direction}`)])}
            onChange={(direction) => change({ direction: direction as TrafficFilter["direction"] })}
          />
          <Choice
            label={t("traffic.type")}
            all={t("traffic.all")}
            value={filter.type}
            choices={types.map((type) => [type, `${type} ${MESSAGE_WORDS[type] === undefined ? "" : pair(MESSAGE_WORDS[type])}`])}
            onChange={(type) => change({ type })}
          />
          <label className="choice">
            {t("traffic.text")}
            <input type="search" maxLength={100} value={filter.text} onChange={({ target }) => change({ text: target.value })} />
          </label>
          <Checkbox checked={filter.beats} onChange={({ target }) => change({ beats: target.checked })}>
            {t("traffic.beats")}
          </Checkbox>
          <Checkbox checked={showsHex} onChange={({ target }) => setShowsHex(target.checked)}>
            {t("traffic.hex")}
          </Checkbox>
        </div>
        <div className="buttons">
          <Button type="primary" aria-pressed={isPaused} onClick={() => log.pause(!isPaused)}>
            {t(isPaused ? "traffic.resume" : "traffic.pause")}
          </Button>
          <Button onClick={() => log.clear()}>{t("traffic.clear")}</Button>
          <ActButton
            text={t("traffic.save")}
            isDisabled={rows.length === 0}
            ask={() => model.ask("traffic.save", { filter, from: rows.at(-1)?.no ?? 0, to: rows[0]?.no ?? 0 })}
            onDone={setSaved}
          />
        </div>
        {saved === undefined ? null : (
          <p className="good" role="status">
            {t("traffic.saved", saved)}
          </p>
        )}
        <p className="detail">
          {isPaused ? t("traffic.paused", { news }) : t("traffic.running", { kept: frames.length, shown: rows.length })}
          {dropped === 0 ? null : <span className="look"> {t("traffic.dropped", { dropped })}</span>}
        </p>
        {rows.length === 0 ? (
          <Nothing title={t("traffic.none")} advice={t("traffic.noneAdvice")} />
        ) : (
          <FrameTable frames={rows} showsWindow={lines.length > 1} showsHex={showsHex} />
        )}
      </Section>
    </Page>
  );
};
