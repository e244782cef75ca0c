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
    colorErrorBg: "#fdecea",
    colorErrorBorder: "#d9837c",
    colorWarningBg: "#fff6df",
    colorWarningBorder: "#c9a24a",
    colorSuccessBg: "#e7f4ec",
    colorSuccessBorder: "#7fb797",
    colorInfo: "#0b5394",
    colorInfoBg: "#e6eff8",
    colorInfoBorder: "#8fb3d6",
    fontSize: 16,
    controlHeight: 40,
    borderRadius: 4,
    motion: false,
    fontFamily: '"Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif',
  },
  components: { Segmented: { trackBg: "#dde4ec", itemColor: "#1a1f26", itemSelectedColor: "#083b69" } },
};
