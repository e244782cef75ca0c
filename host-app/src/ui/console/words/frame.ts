import type { Words } from "./pairs.ts";

export const frame = {
  product: ["窗口电脑管理", "Window PC console"],
  menu: ["页面", "Pages"],
  toContent: ["跳到内容", "Skip to content"],
  otherLanguage: ["English", "中文"],
  highContrast: ["高对比", "High contrast"],
  connecting: ["正在连接本机程序…", "Connecting to window-host…"],
  lost: [
    "与本机程序断开，正在自动重新连接。下面显示的可能已经过时。",
    "No connection to window-host; connecting again by itself. What is shown below may be old.",
  ],
  refused: [
    "此画面已失效，请在本机重新打开：window-host screen console",
    "This screen was ended. Open it again on this PC: window-host screen console",
  ],
  reading: ["正在读取…", "Reading…"],
  again: ["再读一次", "Read again"],
  detail: ["技术细节：", "Detail: "],
  cancel: ["取消", "Cancel"],
  close: ["关闭", "Close"],
  never: ["还没有", "not yet"],
  unknown: ["未知", "unknown"],
  window: ["{{windowNo}} 号窗口", "Window {{windowNo}}"],
  windows: ["{{numbers}} 号窗口", "Windows {{numbers}}"],
  notFound: ["没有这个页面", "There is no such page"],
} as const satisfies Words;

export const title = {
  overview: ["概况", "Overview"],
  pads: ["评价器", "Pads"],
  site: ["窗口与本单位设置", "Window and site"],
  clerks: ["人员与密码", "Clerks and PINs"],
  systems: ["业务系统", "Business systems"],
  queue: ["中心与上传", "Central and queue"],
  database: ["数据库", "Database"],
  rescue: ["抢救数据库", "Rescue of the database"],
  traffic: ["协议实时查看", "Live protocol"],
  doctor: ["体检与日志", "Doctor and logs"],
} as const satisfies Words;

/** A page by its name in the address, after #. */
export type PageName = keyof typeof title;
