import { describe, expect, test } from "vitest";
import { DEFAULT_SHORTCUTS, preferencesSchema, STRIP_ACTIONS, shortcutSchema } from "../../messages/preferences.ts";
import { actionOf, ariaShortcut, type Chord, chordName, shortcutOf } from "./shortcuts.ts";

const chord = (code: string, held: Partial<Chord> = {}): Chord => ({
  key: code,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});

describe("Shortcuts", () => {
  test("are all different and all valid before anybody changes them", () => {
    const usual = STRIP_ACTIONS.map((action) => DEFAULT_SHORTCUTS[action]);
    expect(new Set(usual).size).toBe(usual.length);
    for (const text of usual) expect(shortcutSchema.safeParse(text).success).toBe(true);
  });

  test("are named by the place of the key, whatever an input method makes of it", () => {
    expect(chordName(chord("Digit1", { altKey: true, key: "¡" }))).toBe("Alt+1");
    expect(chordName(chord("Numpad1", { altKey: true }))).toBe("Alt+1");
    expect(chordName(chord("KeyE", { ctrlKey: true, shiftKey: true, key: "Process" }))).toBe("Ctrl+Shift+E");
    expect(chordName(chord("F8"))).toBe("F8");
  });

  test("never take a key that people type with, and none of the system's", () => {
    for (const plain of [
      chord("Digit1"),
      chord("KeyA", { shiftKey: true }),
      chord("Enter"),
      chord("Tab", { altKey: true }),
      chord("Escape"),
    ])
      expect(chordName(plain)).toBeUndefined();
    expect(chordName(chord("KeyL", { metaKey: true, ctrlKey: true }))).toBeUndefined();
  });

  test("follow what a clerk has chosen; a chosen key goes before a usual one, and the old key is free again", () => {
    const liked = { shortcuts: { endCase: "F8", pause: "Alt+1" } };
    expect([actionOf("F8", liked), actionOf("Alt+1", liked), actionOf("Alt+6", liked)]).toEqual(["endCase", "pause", undefined]);
    expect(shortcutOf("signOut", liked)).toBe("Alt+0");
  });

  test("are kept only if they are such", () => {
    const kept = (shortcuts: object) => preferencesSchema.safeParse({ language: "en", contrast: "high", paper: "A6", shortcuts }).success;
    expect([kept({}), kept({ endCase: "F8" }), kept({ endCase: "A" }), kept({ other: "F8" }), kept({ endCase: "Alt+<script>" })]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test("are told to screen readers in their own spelling", () => expect(ariaShortcut("Ctrl+Alt+E")).toBe("Control+Alt+E"));
});
