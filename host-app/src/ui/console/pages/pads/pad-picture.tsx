import type { PadPicture as Picture } from "../../../../messages/console-pads.ts";

interface PadPictureProps {
  readonly picture: Picture;
  /** Keys that are lit, and those that were pressed in this test, by name. */
  readonly lit: readonly string[];
  readonly pressed: readonly string[];
  readonly label: string;
}

const KEY = { width: 96, height: 84, gap: 12 };
const MARGIN = 20;
const IN_ROW = 5;
/** Characters of a name that fit in large letters. */
const WIDE = 5;

/** The pad as its profile describes it. A key that is down is lit; one that was pressed keeps a tick. */
export const PadPicture = ({ picture: { shape, keys, lamps }, lit, pressed, label }: PadPictureProps) => {
  const rows = Math.ceil(keys.length / IN_ROW);
  const top = shape === "screen" ? 30 : lamps > 0 ? 46 : MARGIN;
  const across = Math.min(keys.length, IN_ROW);
  const width = 2 * MARGIN + across * KEY.width + (across - 1) * KEY.gap;
  const height = top + rows * (KEY.height + KEY.gap) - KEY.gap + MARGIN;
  return (
    <svg className="pad-picture" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <rect className="pad-body" x={1} y={1} width={width - 2} height={height - 2} rx={shape === "screen" ? 6 : 18} />
      {shape === "screen" ? <rect className="pad-screen" x={10} y={10} width={width - 20} height={height - 20} rx={3} /> : null}
      {keys.map(({ key, label: words, means }, index) => {
        const x = MARGIN + (index % IN_ROW) * (KEY.width + KEY.gap);
        const y = top + Math.floor(index / IN_ROW) * (KEY.height + KEY.gap);
        const isLit = lit.includes(key);
        const wasPressed = pressed.includes(key);
        return (
          <g key={key} className="pad-key" data-key={key} data-means={means} data-lit={isLit} data-pressed={wasPressed}>
            {index < lamps ? <circle className="pad-lamp" cx={x + KEY.width / 2} cy={y - 16} r={7} /> : null}
            <rect x={x} y={y} width={KEY.width} height={KEY.height} rx={8} />
            <text x={x + KEY.width / 2} y={y + 34} className={key.length > WIDE ? "pad-key-name long" : "pad-key-name"}>
              {wasPressed ? `✓ ${key}` : key}
            </text>
            <text x={x + KEY.width / 2} y={y + 62} className="pad-key-words">
              {words === key ? "" : words}
            </text>
          </g>
        );
      })}
    </svg>
  );
};
