import { saysWindow } from "../codes/window-code.ts";
import type { Config } from "./settings.ts";
import { windowsOf } from "./window-list.ts";

/** A setting that is valid, and does not do what whoever wrote it had in mind. */
export interface SettingDoubt {
  readonly what: string;
  readonly todo: string;
}

/** In English, with the names of facts in {{braces}}. */
export const DOUBTS = {
  windowQrNowhere: {
    what: "screen.windowQr is shown at none of the {{windows}} windows of this PC, for it does not say which of them it is for",
    todo: "Write {windowNo} where its address has the number of the window, put a picture of each window's code into the folder assets (qr/window-<windowNo>.png), or have central make the codes (window-central qr --window <no>)",
  },
  partyEmblem: {
    what: "screen.partyEmblem has no effect any more, for it called every clerk a party member",
    todo: "Say it of each clerk: 党员 in central's list of clerks, or window-host clerk add <staffNo> --name <name> --party-member; then take the setting out",
  },
} as const satisfies Readonly<Record<string, SettingDoubt>>;

interface NamedDoubt extends SettingDoubt {
  readonly is: keyof typeof DOUBTS;
  readonly facts: Readonly<Record<string, number>>;
}

export const settingDoubts = (config: Config): NamedDoubt[] => {
  const { windowQr, partyEmblem } = config.screen;
  const { length } = windowsOf(config);
  const doubts: NamedDoubt[] = [];
  if (windowQr !== null && length > 1 && !saysWindow(windowQr)) {
    const { what, todo } = DOUBTS.windowQrNowhere;
    doubts.push({ is: "windowQrNowhere", facts: { windows: length }, what: what.replace("{{windows}}", String(length)), todo });
  }
  if (partyEmblem) doubts.push({ is: "partyEmblem", facts: {}, ...DOUBTS.partyEmblem });
  return doubts;
};

export const doubtText = ({ what, todo }: SettingDoubt): string => `${what}. ${todo}.`;
