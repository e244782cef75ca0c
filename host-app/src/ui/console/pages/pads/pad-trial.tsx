import { useEffect, useRef, useState } from "react";
import type { EventOf } from "../../../../messages/events.ts";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { PadPicture } from "./pad-picture.tsx";
import type { SeenWindow } from "./seen-window.ts";

type Trial = NonNullable<EventOf<"pads">["trial"]>;

const PARTS = ["identify", "lamps", "keys", "voice", "screen", "beep", "stars"] as const;
/** Only of pads of other makers; that one of ours lacks them is nothing to say. */
const RARE: readonly string[] = ["beep", "stars"];
/** A press that is over at once is to be seen all the same, milliseconds. */
const GLOW_MS = 700;

const NOW = {
  identify: "padTrial.nowIdentify",
  lamps: "padTrial.nowLamps",
  keys: "padTrial.nowKeys",
  voice: "padTrial.nowVoice",
  screen: "padTrial.nowScreen",
  beep: "padTrial.nowBeep",
  stars: "padTrial.nowStars",
} as const;
const END = {
  time: "padTrial.endTime",
  stopped: "padTrial.endStopped",
  rating: "padTrial.endRating",
  lost: "padTrial.endLost",
  refused: "padTrial.endRefused",
} as const;

/** The test of a window's pad: what the core told last, by event or by the list, whichever is newer. */
const useTrial = (windowNo: string, listed: SeenWindow["trial"]): Trial | null => {
  const model = useModel();
  const [told, setTold] = useState<Trial | null>(null);
  useEffect(() => model.on("pads", (event) => event.windowNo === windowNo && setTold(event.trial)), [model, windowNo]);
  if (told === null || (listed !== null && listed.number > told.number)) return listed;
  // An event comes at once and the list now and then; but events of a connection that was lost do not come at all.
  return listed?.number === told.number && listed.ended !== null ? listed : told;
};

/** Keys whose count has just gone up, each for a moment. */
const useGlow = (trial: Trial | null): readonly string[] => {
  const [glowing, setGlowing] = useState<readonly string[]>([]);
  const seen = useRef<Readonly<Record<string, number>>>({});
  const presses = trial?.presses;
  useEffect(() => {
    const fresh = Object.entries(presses ?? {}).flatMap(([key, times]) => (times > (seen.current[key] ?? 0) ? [key] : []));
    seen.current = presses ?? {};
    if (fresh.length === 0) return;
    setGlowing((before) => [...before, ...fresh]);
    window.setTimeout(() => setGlowing((before) => before.slice(fresh.length)), GLOW_MS);
  }, [presses]);
  return glowing;
};

export const PadTrial = ({ window: { windowNo, tests, picture, trial: listed } }: { readonly window: SeenWindow }) => {
  const model = useModel();
  const { t } = useWords();
  const trial = useTrial(windowNo, listed);
  const glowing = useGlow(trial);
  const isOn = trial !== null && trial.ended === null;
  const cannot = PARTS.filter((part) => !tests.includes(part) && !RARE.includes(part));
  const keys = picture?.keys ?? [];
  const pressed = trial === null || trial.is !== "keys" ? [] : Object.keys(trial.presses);
  return (
    <Section title={t("padTrial.title")}>
      <p>{t("padTrial.hint")}</p>
      {tests.length === 0 ? <p className="look">{t("padTrial.away")}</p> : null}
      <div className="buttons">
        {PARTS.filter((part) => tests.includes(part)).map((part) => (
          <ActButton key={part} text={t(`padTrial.${part}`)} ask={() => model.ask("pads.test", { windowNo, part })} />
        ))}
        <ActButton text={t("padTrial.stop")} isDisabled={!isOn} ask={() => model.ask("pads.endTest", { windowNo })} />
      </div>
      {tests.length > 0 && cannot.length > 0 ? (
        <p className="detail">{t("padTrial.cannot", { parts: cannot.map((part) => t(`padTrial.${part}`)).join("、") })}</p>
      ) : null}
      <p className="trial-now" role="status">
        {trial === null ? "" : trial.ended === null ? t(NOW[trial.is]) : t(END[trial.ended])}
        {isOn && trial.is === "keys" ? ` ${t("padTrial.pressed", { pressed: pressed.length, all: keys.length })}` : ""}
        {trial?.found?.outcome === "failed" ? ` ${t("padTrial.found", { detail: trial.found.detail })}` : ""}
      </p>
      {trial?.is === "keys" && picture !== null && picture.keyTest !== "plain" ? (
        <KeyTestNote stays={picture.keyTest === "stays-lit"} isOn={isOn} />
      ) : null}
      {picture === null ? null : (
        <PadPicture
          picture={picture}
          lit={[...(trial?.down ?? []), ...glowing]}
          pressed={pressed}
          label={t("padTrial.picture", { keys: keys.map(({ label }) => label).join("、") })}
        />
      )}
    </Section>
  );
};

/** Of a pad whose keys send nothing in the dark: who lights it, and how it gets dark again. */
const KeyTestNote = ({ stays, isOn }: { readonly stays: boolean; readonly isOn: boolean }) => {
  const { t } = useWords();
  if (isOn) return <p className="look">{t("padTrial.keysLit")}</p>;
  return stays ? <p className="look">{t("padTrial.staysLit")}</p> : null;
};
