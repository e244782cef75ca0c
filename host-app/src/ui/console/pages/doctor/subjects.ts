import type { Pair } from "../../words/pairs.ts";

/** What the doctor looks at, by the name that the core gives it. */
export const SUBJECTS: Readonly<Record<string, Pair>> = {
  Node: ["运行环境", "Node"],
  "Data folder": ["数据目录", "Data folder"],
  Disk: ["磁盘", "Disk"],
  Settings: ["设置", "Settings"],
  Profile: ["型号配置", "Profile"],
  Port: ["端口", "Port"],
  Ports: ["端口", "Ports"],
  ModemManager: ["ModemManager 程序", "ModemManager"],
  Database: ["数据库", "Database"],
  "Database in use": ["数据库（使用中）", "Database in use"],
  "window-host": ["本机程序", "window-host"],
  Pad: ["评价器", "Pad"],
  "Pad's firmware": ["评价器固件", "Pad's firmware"],
  "Round trip": ["往返时间", "Round trip"],
  Frames: ["数据帧", "Frames"],
  Enrolment: ["中心登记", "Enrolment"],
  Queue: ["待上传", "Queue"],
  "Set aside": ["中心退回", "Set aside"],
  Ratings: ["评价", "Ratings"],
  Clock: ["时钟", "Clock"],
};

/** A finding of one window says of which: "Window 12: Pad". */
const OF_WINDOW = /^Window (.+?): (.+)$/;

export const subjectPair = (subject: string): Pair => {
  const [, windowNo, rest] = OF_WINDOW.exec(subject) ?? [];
  if (windowNo === undefined || rest === undefined) return SUBJECTS[subject] ?? [subject, subject];
  const [zh, en] = SUBJECTS[rest] ?? [rest, rest];
  return [`${windowNo} 号窗口 ${zh}`, `Window ${windowNo}: ${en}`];
};
