import { windowNoSchema } from "@window-rating/protocol/rating";
import { BATCH_LIMITS } from "@window-rating/protocol/sync";
import { z } from "zod";
import { BROWSER_PAD_SETTINGS } from "./browser-pad-settings.ts";
import { CLERK_SETTINGS } from "./clerk-settings.ts";
import { choiceSetting, listSetting, numberSetting, type Setting, switchSetting, textSetting } from "./setting.ts";
import { padPortSchema, padProfileSchema, padSerialNumberSchema, windowListSchema } from "./window-list.ts";

// A password in the address would end up in logs and on screens.
const centralSchema = z
  .url({ protocol: /^https?$/, error: "expected a URL as https://central.example:7300, or none" })
  .regex(/^[^@]*$/, "expected a URL without a user name or password")
  .nullable();

const languagesSchema = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*(,[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*){0,7}$/, "expected language tags as zh-CN,en");
const qrTextSchema = z.string().min(1).max(200).nullable();
const contactKeySchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits, or none")
  .nullable();

/** Every setting of the window PC. The nesting here is that of config.json; keys are written with a dot: `rating.timeoutSeconds`. */
export const SETTINGS = {
  windowNo: textSetting({
    schema: windowNoSchema,
    default: "1",
    range: "1..32 characters",
    flag: "window",
    help: {
      en: "Number of the window as it stands over the counter; copied into every rating request.",
      zh: "窗口编号，与柜台上方所示一致；写入每一条评价请求。",
    },
  }),
  windows: listSetting({
    schema: windowListSchema,
    range: 'a list as [{"windowNo":"12","pad":{"port":"auto","serialNumber":"PAD-12"}}]',
    help: {
      en: "The windows of a PC that serves several, each with its pad (port, profile, serialNumber as under pad); empty: one window, described by windowNo and pad.",
      zh: "一台电脑服务多个窗口时，逐一列出各窗口及其评价器（port、profile、serialNumber 含义同 pad）；为空时仅一个窗口，由 windowNo 与 pad 描述。",
    },
  }),
  central: textSetting({
    schema: centralSchema,
    default: null,
    range: "an http or https URL, none",
    help: {
      en: "Address of the central system; with none, ratings wait on this PC until there is one.",
      zh: "中心系统地址；为 none 时，评价保存在本机，待设置后上传。",
    },
  }),
  deskPort: numberSetting({
    default: 7100,
    min: 0,
    max: 65_535,
    unit: null,
    help: {
      en: "Port of the desk API on 127.0.0.1 and ::1; 0 takes any free one.",
      zh: "业务系统接口的本机端口（127.0.0.1 与 ::1）；0 表示任一空闲端口。",
    },
  }),
  screensPort: numberSetting({
    default: 7101,
    min: 0,
    max: 65_535,
    unit: null,
    help: {
      en: "Port of the screens on 127.0.0.1, open only when a screen was asked for (window-host screen); 0 takes any free one, and the same one again after a restart if it can be had.",
      zh: "本机画面的端口（127.0.0.1），仅在打开过画面（window-host screen）后监听；0 表示任一空闲端口，重启后尽量沿用。",
    },
  }),
  pad: {
    port: textSetting({
      schema: padPortSchema,
      default: "auto",
      range: "auto, browser, a path, tcp://host:port, rfc2217://host:port",
      flag: "pad",
      help: {
        en: "Where the pad is: auto looks through the ports and lets the pad's own answer decide; browser: it is a page on a tablet or a second touch monitor (docs/browser-pad.md).",
        zh: "评价器所在端口；auto 表示自动查找，以评价器的应答为准；browser 表示平板或第二块触摸屏上的网页（见 docs/browser-pad.md）。",
      },
    }),
    profile: textSetting({
      schema: padProfileSchema,
      default: "auto",
      range: "auto, maker/model, a file as ./my-pad.json",
      help: {
        en: "Device profile of the pad, shipped or a file (from the data folder on); auto takes the one that matches what the pad says it is. A pad of another maker needs its profile named.",
        zh: "评价器型号配置，可为内置型号或文件（相对数据目录）；auto 表示按评价器自报的型号选取。其他厂家的评价器必须指定。",
      },
    }),
    serialNumber: textSetting({
      schema: padSerialNumberSchema,
      default: null,
      range: "a serial number, none",
      help: {
        en: "Serial number of this window's pad, or of the USB adapter of another maker's; any other pad that answers on the port is refused. With none, any is taken.",
        zh: "本窗口评价器的序列号（其他厂家的评价器填 USB 转接器的序列号）；端口上若为其他评价器则拒绝使用。为 none 时不限。",
      },
    }),
    unpaired: choiceSetting({
      choices: ["refuse", "admit"],
      default: "refuse",
      help: {
        en: "What is done with a pad that speaks this system's protocol and is not paired (window-host pad pair): refuse uses it for nothing but pairing; admit takes its ratings, each marked as not secured. A pad of another maker cannot be paired and is admitted by naming its profile.",
        zh: "对未配对的评价器（本系统协议）的处理：refuse 只允许配对，不接受评价；admit 接受评价并逐条标明未受保护。其他厂家的评价器无法配对，指定其型号配置即视为允许。",
      },
    }),
    debounceMs: numberSetting({
      default: 30,
      min: 5,
      max: 200,
      unit: "ms",
      help: { en: "How long a key must be still before it counts as pressed.", zh: "按键去抖时间。" },
    }),
    volume: numberSetting({
      default: 70,
      min: 0,
      max: 100,
      unit: "%",
      help: { en: "Loudness of the spoken prompts; 0 is silent.", zh: "语音提示音量；0 为静音。" },
    }),
    brightness: numberSetting({
      default: 80,
      min: 0,
      max: 100,
      unit: "%",
      help: { en: "Brightness of lamps and screen.", zh: "指示灯与屏幕亮度。" },
    }),
    thanksMs: numberSetting({
      default: 3000,
      min: 0,
      max: 10_000,
      unit: "ms",
      help: { en: "How long the pad says thank you after a press.", zh: "按键后致谢显示的时长。" },
    }),
  },
  browserPad: BROWSER_PAD_SETTINGS,
  screen: {
    hall: textSetting({
      schema: z.string().max(32),
      default: "",
      range: "0..32 characters",
      help: { en: "Name of the hall on the screen of a touchscreen pad.", zh: "触摸屏评价器上显示的大厅名称。" },
    }),
    languages: textSetting({
      schema: languagesSchema,
      default: "zh-CN,en",
      range: "language tags, at most 8",
      help: {
        en: "Languages a citizen may choose on a touchscreen pad, the first one first; others than zh-CN and en need a language pack in the folder assets.",
        zh: "触摸屏评价器可选语言，首个为默认；zh-CN、en 以外的语言需在 assets 目录放置语言包。",
      },
    }),
    contrast: choiceSetting({
      choices: ["normal", "high"],
      default: "normal",
      help: { en: "Contrast of the screen; a citizen may change it for one rating.", zh: "屏幕对比度；群众可为本次评价自行切换。" },
    }),
    textSize: choiceSetting({
      choices: ["normal", "large"],
      default: "normal",
      help: { en: "Size of the letters; a citizen may change it for one rating.", zh: "字号；群众可为本次评价自行切换。" },
    }),
    reasons: textSetting({
      schema: z
        .string()
        .regex(/^[0-9a-z-]{1,16}$/)
        .nullable(),
      default: "2020",
      range: "version of a list, none",
      help: {
        en: "List of reasons a citizen may choose from after the level, as long as central has put none in force: central's list goes before it; with none, no reasons are asked for.",
        zh: "选定满意度后可勾选的评价指标版本；中心下发了现行指标时以中心为准；为 none 时不询问指标。",
      },
    }),
    words: switchSetting({
      default: true,
      help: {
        en: "Whether a citizen may write a few words; only on paired pads, and sealed for central.",
        zh: "是否允许填写文字意见；仅限已配对的评价器，加密后只有中心可读。",
      },
    }),
    contact: switchSetting({
      default: true,
      help: {
        en: "Whether a citizen may leave name and phone; only on paired pads, and sealed for central.",
        zh: "是否允许留下姓名和电话；仅限已配对的评价器，加密后只有中心可读。",
      },
    }),
    windowQr: textSetting({
      schema: qrTextSchema,
      default: null,
      range: "an address with {windowNo}, none",
      help: {
        en: "Text of the one-window QR code on the idle screen, {windowNo} for the number of the window; a PC of several windows shows none without it. Where central has made the code of a window, that one is shown.",
        zh: "待机画面“一窗一码”静态二维码的内容，{windowNo} 代表窗口编号；一台电脑服务多个窗口时，未写 {windowNo} 则不显示。中心已生成某窗口的二维码时，显示中心的二维码。",
      },
    }),
    caseQr: textSetting({
      schema: qrTextSchema,
      default: null,
      range: "an address with {requestId}, {caseNo} or {visitNo}, none",
      help: {
        en: "Text of the one-case QR code beside the options, so that a citizen may rate on the own phone.",
        zh: "评价画面“一事一码”动态二维码的内容，可用 {requestId}、{caseNo}、{visitNo}。",
      },
    }),
    caseCodeMinutes: numberSetting({
      default: 10_080,
      min: 0,
      max: 43_200,
      unit: "minutes",
      help: {
        en: "How long a one-case QR code is good that central makes as a rating opens, where caseQr is none; 0: none is asked for.",
        zh: "未设置 caseQr 时，评价开始时由中心生成的“一事一码”二维码的有效时间；0 表示不生成。",
      },
    }),
    partyEmblem: switchSetting({
      default: false,
      help: {
        en: "Has no effect any more, and is taken so that files of before can be read. The party emblem is shown of each clerk by himself: partyMember in central's register of clerks, or window-host clerk add --party-member.",
        zh: "已不起作用，仅为兼容旧配置保留。党徽按每位工作人员分别显示：在中心人员表填写“党员”，或使用 window-host clerk add --party-member。",
      },
    }),
  },
  contactKey: textSetting({
    schema: contactKeySchema,
    default: null,
    range: "64 hexadecimal digits, none",
    help: {
      en: "Central's public key for what citizens write; with none, pads ask for neither words nor contact unless central itself has told its key.",
      zh: "中心用于加密文字意见与联系方式的公钥；为 none 且中心未下发时，评价器不询问文字意见和联系方式。",
    },
  }),
  rating: {
    timeoutSeconds: numberSetting({
      default: 30,
      min: 5,
      max: 600,
      unit: "s",
      help: {
        en: "How long the pad invites the citizen; after it the request counts as not rated.",
        zh: "评价器邀请评价的时长；超时记为“未评价”。",
      },
    }),
    waitSeconds: numberSetting({
      default: 120,
      min: 0,
      max: 3600,
      unit: "s",
      help: {
        en: "How long a rating request waits for a pad that is away before it expires.",
        zh: "评价器离线时，评价请求最长等待时间，逾期失效。",
      },
    }),
    manualTrigger: switchSetting({
      default: true,
      help: {
        en: "Whether the clerk's own key may end a case; such ratings carry the mark manual.",
        zh: "是否允许工作人员手动结束办件；此类评价带有“手动”标记。",
      },
    }),
  },
  clerk: CLERK_SETTINGS,
  backup: {
    everyMinutes: numberSetting({
      default: 60,
      min: 5,
      max: 1440,
      unit: "min",
      help: { en: "How often the database is backed up while it runs.", zh: "数据库在线备份的间隔。" },
    }),
    keep: numberSetting({
      default: 24,
      min: 1,
      max: 1000,
      unit: "files",
      help: { en: "How many backups are kept; the oldest goes first.", zh: "保留的备份份数，先删最旧的。" },
    }),
  },
  disk: {
    ballastMB: numberSetting({
      default: 8,
      min: 0,
      max: 1024,
      unit: "MB",
      help: {
        en: "Space held in reserve: it is given up when the disk is full, so that ratings can still be written.",
        zh: "预留磁盘空间；磁盘写满时释放，以便继续保存评价。",
      },
    }),
  },
  sync: {
    batchEntries: numberSetting({
      default: 400,
      min: 1,
      max: BATCH_LIMITS.entries,
      unit: "entries",
      help: { en: "Most entries sent to central in one batch.", zh: "每批上传到中心的最多条数。" },
    }),
    maxDelaySeconds: numberSetting({
      default: 60,
      min: 1,
      max: 3600,
      unit: "s",
      help: {
        en: "Longest pause between two tries to reach central; the pause grows up to it while central is away.",
        zh: "两次连接中心之间的最长间隔；中心不可用时间隔逐步增至此值。",
      },
    }),
  },
  log: {
    level: choiceSetting({
      choices: ["trace", "debug", "info", "warn", "error", "silent"],
      default: "info",
      help: { en: "How much is logged.", zh: "日志级别。" },
    }),
    file: switchSetting({
      default: true,
      help: {
        en: "Whether the log is kept in the folder logs of the data folder as well, at most 10 MB; window-host bundle packs it.",
        zh: "是否同时把日志保存在数据目录的 logs 文件夹（最多 10 MB）；window-host bundle 会打包这些日志。",
      },
    }),
  },
} as const;

type ValuesOf<Declared> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Setting<infer Value> ? Value : ValuesOf<Declared[Name]>;
};

/** The settings in force: typed as declared, nested as in the file, frozen. */
export type Config = ValuesOf<typeof SETTINGS>;

/** A declaration with its names. */
export interface NamedSetting extends Setting<unknown> {
  /** `rating.timeoutSeconds` */
  readonly key: string;
  readonly path: readonly string[];
  /** `WINDOW_RATING_RATING_TIMEOUT_SECONDS` */
  readonly env: string;
  /** `rating-timeout-seconds`, without the dashes in front. */
  readonly flag: string;
}

export const ENV_PREFIX = "WINDOW_RATING_";

/** Names the data folder; no setting, for config.json lies in that folder. */
export const DATA_VARIABLE = `${ENV_PREFIX}DATA`;

const words = (path: readonly string[]): string[] => path.flatMap((name) => name.split(/(?<=[a-z])(?=[A-Z])/));

const isSetting = (value: object): value is Setting<unknown> => "schema" in value;

const named = (group: object, before: readonly string[]): NamedSetting[] =>
  Object.entries(group).flatMap(([name, value]: [string, object]) => {
    const path = [...before, name];
    if (!isSetting(value)) return named(value, path);
    const env = ENV_PREFIX + words(path).join("_").toUpperCase();
    return [{ ...value, key: path.join("."), path, env, flag: value.flag ?? words(path).join("-").toLowerCase() }];
  });

/** Every setting with its names, in the order of the declaration. */
export const SETTING_LIST: readonly NamedSetting[] = named(SETTINGS, []);
