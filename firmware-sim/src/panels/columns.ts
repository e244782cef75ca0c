/**
 * Columns that text takes in a terminal. A Chinese character takes two. Only ASCII and East Asian Wide characters (Unicode UAX 11) are
 * drawn by the panel itself: the width of "ambiguous" ones such as ● and ─ depends on the terminal's locale.
 */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ZERO = /[\p{M}\p{Cf}]/u;

const columnsOf = (character: string): number => (ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

export const columns = (text: string): number => [...text].reduce((sum, character) => sum + columnsOf(character), 0);

/** The longest beginning of a text that fits. */
const cut = (text: string, width: number): string => {
  let used = 0;
  let fitting = "";
  for (const character of text) {
    used += columnsOf(character);
    if (used > width) break;
    fitting += character;
  }
  return fitting;
};

/** Cut or filled with blanks to exactly this width. */
export const left = (text: string, width: number): string => {
  const fitting = cut(text, width);
  return fitting + " ".repeat(width - columns(fitting));
};

export const centred = (text: string, width: number): string => {
  const fitting = cut(text, width);
  return left(" ".repeat(Math.floor((width - columns(fitting)) / 2)) + fitting, width);
};

/** Two texts at the two ends of a line; the second one is cut first. */
export const apart = (one: string, other: string, width: number): string => {
  const start = cut(one, width);
  const end = cut(other, Math.max(0, width - columns(start) - 1));
  return start + " ".repeat(width - columns(start) - columns(end)) + end;
};
