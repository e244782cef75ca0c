import type { ThemeConfig } from "antd";
import type { Preferences } from "../../messages/preferences.ts";

const FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif';

/** Contrast of text and borders is at least 4.5 : 1 and 3 : 1; of the high one 7 : 1 and more. */
export const themeOf = (contrast: Preferences["contrast"]): ThemeConfig => ({
  token: {
    fontFamily: FONT,
    fontSize: 16,
    borderRadius: 4,
    motion: false,
    colorPrimary: contrast === "high" ? "#00316e" : "#0b4f9e",
    colorText: contrast === "high" ? "#000000" : "#1a1a1a",
    colorTextPlaceholder: "#595959",
    colorBorder: contrast === "high" ? "#000000" : "#767676",
  },
});
