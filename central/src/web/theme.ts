import type { ThemeConfig } from "antd";

/** Large letters, dark on light, one blue. Nothing moves that need not. */
export const THEME: ThemeConfig = {
  token: {
    colorPrimary: "#0b5394",
    colorLink: "#0b5394",
    colorText: "#1a1f26",
    colorTextSecondary: "#454d57",
    colorTextTertiary: "#565f6a",
    colorTextDescription: "#454d57",
    colorTextPlaceholder: "#5f6873",
    colorBorder: "#8a94a0",
    colorError: "#b3261e",
    colorWarning: "#8a5a00",
    colorSuccess: "#1b6e3c",
    fontSize: 16,
    controlHeight: 40,
    borderRadius: 4,
    motion: false,
    fontFamily: '"Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif',
  },
  // Words in buttons stay as written: antd would put a space between two Chinese letters.
};
