import { Fragment } from "react";
import type { TrafficFrame } from "../../../../core/traffic/traffic-shape.ts";
import { FAULT_WORDS, KEYPAD_WORDS, MESSAGE_WORDS } from "../../words/frame-words.ts";
import { useWords, type WordUse } from "../../words/use-words.ts";

interface FrameTableProps {
  /** The newest first. */
  readonly frames: readonly TrafficFrame[];
  readonly showsWindow: boolean;
  readonly showsHex: boolean;
}

const timeOf = (atMs: number): string => {
  const at = new Date(atMs);
  return `${at.toLocaleTimeString("sv-SE")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
};

/** Its name in words, with the name that SPEC.md and profiles have for it. */
const nameOf = ({ is, type }: TrafficFrame, { t, pair }: WordUse): string => {
  if (is === "fault") {
    const words = FAULT_WORDS[type];
    return t("traffic.fault", { reason: words === undefined ? type : pair(words) });
  }
  const words = MESSAGE_WORDS[type] ?? KEYPAD_WORDS[type];
  return words === undefined ? type : pair(words);
};

/** Frames as a table that scrolls in its own place. */
export const FrameTable = ({ frames, showsWindow, showsHex }: FrameTableProps) => {
  const words = useWords();
  const { t } = words;
  const columns = showsWindow ? 7 : 6;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="wide frames" tabIndex={0} aria-label={t("traffic.frames")}>
      <table>
        <thead>
          <tr>
            <th>{t("traffic.time")}</th>
            {showsWindow ? <th>{t("traffic.window")}</th> : null}
            <th>{t("traffic.direction")}</th>
            <th>{t("traffic.content")}</th>
            <th>{t("traffic.fields")}</th>
            <th>{t("traffic.numbers")}</th>
            <th>{t("traffic.bytes")}</th>
          </tr>
        </thead>
        <tbody>
          {frames.map((frame) => (
            <Fragment key={frame.no}>
              <tr data-is={frame.is} data-direction={frame.direction}>
                <td className="mono">{timeOf(frame.atMs)}</td>
                {showsWindow ? <td>{frame.windowNo}</td> : null}
                <td className="direction">{frame.is === "port" ? "" : t(`traffic.${frame.direction}`)}</td>
                <td>
                  <strong>{nameOf(frame, words)}</strong> <span className="mono">{frame.type}</span>
                </td>
                <td className="mono">
                  {frame.fields.map(([name, value]) => (
                    <span className="field" key={name}>
                      {name}={value ?? <em>{t(`traffic.${frame.hides ?? "secret"}`)}</em>}
                    </span>
                  ))}
                  {frame.fields.length === 0 && frame.hides !== null ? <em>{t(`traffic.${frame.hides}`)}</em> : null}
                </td>
                <td className="mono counts">
                  {frame.header === null ? "" : `${frame.header.session} / ${frame.header.sequence} / ${frame.header.acknowledgement}`}
                  {frame.header?.secured === true ? <div>{t("traffic.secured")}</div> : null}
                </td>
                <td className="mono">{frame.bytes ?? ""}</td>
              </tr>
              {showsHex && frame.hex !== "" ? (
                <tr>
                  <td className="mono hex" colSpan={columns}>
                    {frame.hex}
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
};
