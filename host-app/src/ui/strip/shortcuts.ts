import { DEFAULT_SHORTCUTS, type Preferences, STRIP_ACTIONS, type StripAction, shortcutSchema } from "../../messages/preferences.ts";

/** What of a keyboard event decides. */
export interface Chord {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/**
 * A chord as `Alt+1` or `F8`, by the place of the key: an input method or another layout changes what it types, not where it is.
 * @returns undefined if it can be none
 */
export const chordName = ({ code, key, ctrlKey, altKey, shiftKey, metaKey }: Chord): string | undefined => {
  if (metaKey) return undefined;
  const name = /^F([1-9]|1[0-2])$/.test(key) ? key : /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code)?.slice(1).find(Boolean);
  if (name === undefined) return undefined;
  const text = `${ctrlKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${shiftKey ? "Shift+" : ""}${name}`;
  return shortcutSchema.safeParse(text).success ? text : undefined;
};

export const shortcutOf = (action: StripAction, { shortcuts }: Pick<Preferences, "shortcuts">): string =>
  shortcuts[action] ?? DEFAULT_SHORTCUTS[action];

/** The action of a chord. One that somebody has chosen goes before a usual one on the same keys. */
export const actionOf = (chord: string, liked: Pick<Preferences, "shortcuts">): StripAction | undefined =>
  STRIP_ACTIONS.find((action) => liked.shortcuts[action] === chord) ?? STRIP_ACTIONS.find((action) => shortcutOf(action, liked) === chord);

/** As `aria-keyshortcuts` wants it. */
export const ariaShortcut = (chord: string): string => chord.replace("Ctrl", "Control");
