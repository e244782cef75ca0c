import { numberSetting, switchSetting } from "./setting.ts";

/** What clerks may do and see, and how they sign in and out: the group clerk of the settings. */
export const CLERK_SETTINGS = {
  mayPair: switchSetting({
    default: false,
    help: {
      en: "Whether a signed-in clerk may confirm on the strip that a business system is paired; else the strip only tells that one asks.",
      zh: "已签到的工作人员是否可在评价条上同意业务系统配对；否则评价条只提示有系统请求配对。",
    },
  }),
  idleMinutes: numberSetting({
    default: 0,
    min: 0,
    max: 480,
    unit: "min",
    help: {
      en: "After so long without anything happening clerks are signed out, never while a citizen is asked; a case in progress stays. 0: never.",
      zh: "无操作超过此时长自动签退（群众正在评价时不签退，未办结的办件保留）；0 表示不自动签退。",
    },
  }),
  cardNeedsPin: switchSetting({
    default: false,
    help: {
      en: "Whether a clerk who signs in by card types the PIN as well; a card is easily copied.",
      zh: "刷卡签到时是否还须输入 PIN；卡片容易被复制。",
    },
  }),
  ownTotals: switchSetting({
    default: false,
    help: {
      en: "Whether a clerk may see the own ratings, pooled by 20 and late, as a share of good ones in three steps; never a single one.",
      zh: "工作人员是否可查看本人评价汇总（每 20 条一组、延迟显示、仅分三档的好评占比）；任何单条评价均不可见。",
    },
  }),
  totalsDelayHours: numberSetting({
    default: 24,
    min: 1,
    max: 720,
    unit: "h",
    help: {
      en: "How long after its last rating a pool is shown; never before the next day.",
      zh: "每组最后一条评价之后多久才显示；最早次日。",
    },
  }),
} as const;
