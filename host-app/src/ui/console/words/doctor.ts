import type { FindingName } from "../../../core/commands/doctor/finding-kinds.ts";
import { FAULT_WORDS } from "./frame-words.ts";
import { itSentenceOf } from "./refusals.ts";

interface FindingWords {
  readonly text: string;
  /** What to do; without it what IT staff are told of the finding's code. */
  readonly todo?: string;
}

const trips = "一半不超过 {{halfMs}}，99% 不超过 {{mostMs}}，最长 {{longestMs}}，共测 {{samples}} 次（{{bars}}）";
const badFrames = "好 {{frames}} 帧，坏 {{bad}} 帧（{{faults}}）";
const closedPort = "{{path}}{{about}}（权限 {{rights}}）不允许用户 {{user}} 打开。";

/** What the doctor finds, in Chinese, by the name that the core gives it; the English comes with it. */
const FINDINGS: Readonly<Record<FindingName, FindingWords>> = {
  nodeFine: { text: "版本 {{version}}" },
  nodeOld: { text: "版本 {{version}} 过低，需要 {{oldest}} 或更高。", todo: "请用 window-host 命令启动，它会使用合适的版本。" },
  folderAbsent: { text: "{{path}} 还不存在。", todo: "请核对 --data；程序第一次启动时会建立它。" },
  folderClosed: { text: "当前用户不能写入 {{path}}。", todo: "请把该文件夹交给运行本机程序的用户，并检查磁盘。" },
  folderOpen: {
    text: "{{path}} 对本机所有用户开放，其中有评价器密钥、签名密钥和工作人员姓名。",
    todo: '请收回其他用户的权限：chmod 700 "{{path}}"',
  },
  folderFine: { text: "{{path}}，可以写入" },
  disk: { text: "剩余 {{free}}", todo: "请腾出磁盘空间，不要删除数据文件夹中的文件；评价保存在评价器中，不会丢失。" },
  settingsFine: { text: "已设置 {{set}} 项，其余 {{others}} 项用默认值" },
  settingsBad: { text: "设置不能用。" },
  windowQrNowhere: {
    text: "本机有 {{windows}} 个窗口，screen.windowQr 没有写明是哪个窗口的，所以都不显示。",
    todo: "请在地址中写 {windowNo} 代表窗口号，或把各窗口的二维码图片放入 assets（qr/window-窗口号.png），或由中心生成（window-central qr --window 窗口号）。",
  },
  partyEmblem: {
    text: "screen.partyEmblem 已不起作用：它会把所有人都标成党员。",
    todo: "请在中心人员名单的“党员”一列逐人标明，或用 window-host clerk add 工号 --name 姓名 --party-member，然后去掉此设置。",
  },
  misspelt: { text: "环境变量 {{variable}} 不起作用。", todo: "最接近的设置是 {{meant}}，请核对拼写。" },
  profileFine: { text: "{{profile}}" },
  profileBad: { text: "评价器型号配置不能用。" },
  portFine: { text: "{{path}}{{about}}，可以打开" },
  portConfigured: { text: "{{path}}（按设置），可以打开" },
  portThere: { text: "{{path}}{{about}}" },
  portAbsent: { text: "{{path}} 不存在。", todo: "请检查连接线和端口名称；“评价器”页面列出本机的端口。" },
  portNeedsRule: {
    text: closedPort,
    todo: '没有哪个组可以使用 {{path}}：请安装 udev 规则，例如 SUBSYSTEM=="tty", GROUP="dialout", MODE="0660"，再运行 sudo usermod -aG dialout {{user}}',
  },
  portNeedsGroup: { text: closedPort, todo: "请运行 sudo usermod -aG {{group}} {{user}}，然后注销再登录，或重新启动服务。" },
  portNeedsLogIn: {
    text: closedPort,
    todo: "{{user}} 已在 {{group}} 组中，但登录后才生效：请注销再登录，或重新启动服务。",
  },
  portIsPage: { text: "平板或第二块屏幕上的页面（pad.port 为 browser）" },
  portIsNetwork: { text: "{{path}}，经网络连接" },
  portsNone: { text: "没有插着串口转接器。", todo: "请检查评价器的连接线；“评价器”页面列出本机的端口。" },
  portsUnlisted: { text: "无法列出本机的端口。", todo: "请在设置 pad.port 中写明端口，例如 /dev/ttyUSB0。" },
  portsBad: { text: "无法检查本机的端口。" },
  modemManager: {
    text: "正在运行，会向新接的串口（包括评价器）发送数据。",
    todo: '请在评价器的 udev 规则中加 ENV{ID_MM_DEVICE_IGNORE}="1"，或停用它：sudo systemctl disable --now ModemManager',
  },
  databaseNone: { text: "还没有，程序第一次启动时建立" },
  databaseFine: { text: "{{path}}，结构版本 {{schema}}，完好" },
  databaseNewer: {
    text: "{{path}} 的结构版本是 {{schema}}，本程序只认识到 {{known}}。",
    todo: "请重新安装较新的版本，文件没有改动。",
  },
  databaseDamaged: { text: "{{path}} 已损坏。", todo: "不要删除任何文件，请到“数据库”页面处理，评价可以抢救。" },
  databaseBad: { text: "数据库无法读取。" },
  hostFine: { text: "正在运行（进程 {{pid}}），业务系统接口端口 {{port}}" },
  hostAway: { text: "没有运行。", todo: "请启动本机程序；评价保存在评价器中，不会丢失。" },
  hostSilent: { text: "进程 {{pid}} 没有应答。", todo: "请查看日志，然后重新启动；已收下的评价都在磁盘上。" },
  hostInRescue: { text: "进程 {{pid}} 只提供数据库抢救。", todo: "请到“抢救数据库”页面按三步处理，不要删除任何文件。" },
  hostBad: { text: "无法询问本机程序。" },
  padReady: { text: "{{about}}" },
  padUnpaired: { text: "{{about}}，未配对" },
  padConnecting: { text: "正在连接。" },
  padAbsent: { text: "没有连接。" },
  padFailed: { text: "不能使用。" },
  tripsUnmeasured: { text: "还没有测到" },
  tripsFine: { text: trips },
  tripsSlow: { text: trips, todo: "请换短一些的连接线，不经集线器直接插转接器，并把转接器的延迟定时器设为 1 毫秒。" },
  framesFine: { text: "好 {{frames}} 帧，没有坏的" },
  framesSomeBad: { text: badFrames },
  framesOfOther: { text: badFrames, todo: "评价器与本机程序的协议版本不同，请升级较旧的一方。" },
  framesBad: { text: badFrames, todo: "请检查连接线、转接器和速率。" },
  firmwareFaulty: { text: "评价器固件有错误，重新连接也不能恢复。" },
  inUseDamaged: { text: "启动时检查发现问题。", todo: "不要删除任何文件，请到“数据库”页面检查，并查看备份。" },
  inUseUnsafe: { text: "安全设置没有生效（synchronous {{synchronous}}，journal {{journal}}）。" },
  inUseNoBackup: { text: "每次写入都落盘；启动以来还没有备份" },
  inUseFine: { text: "每次写入都落盘；最近备份 {{backup}}" },
  notEnrolled: { text: "本机尚未在中心登记。", todo: "请在中心取得一次性登记码，到“中心与上传”页面登记；评价先保存在本机。" },
  queueEmpty: { text: "没有等待上传的记录" },
  queueWaiting: { text: "{{waiting}} 条等待上传，最早一条已等 {{ageMs}}", todo: "请检查中心地址和网络；评价保存在本机，连上后自动上传。" },
  queueHeldUp: { text: "{{waiting}} 条等待上传，最早一条已等 {{ageMs}}，尚未成功。" },
  setAside: {
    text: "中心退回了 {{entries}} 条，已单独保存，不影响其他记录。",
    todo: "请到“中心与上传”页面查看原因，在中心排除后重新接收。",
  },
  ratingsFine: { text: "{{ratings}} 条" },
  ratingsUnbound: {
    text: "{{ratings}} 条，另有 {{unbound}} 条不属于本机的办件，已单独保存，不计入任何人。",
    todo: "请核对评价器是否来自其他窗口。",
  },
  clockUnknown: { text: "还没有与中心比对" },
  clockBehind: { text: "比中心慢 {{offsetMs}}", todo: "请校准本机时钟并开启自动对时；评价的先后不受影响。" },
  clockAhead: { text: "比中心快 {{offsetMs}}", todo: "请校准本机时钟并开启自动对时；评价的先后不受影响。" },
};

/** For the test that holds it against what the core can find. */
export const FINDING_WORDS: Readonly<Record<string, FindingWords>> = FINDINGS;

type Facts = Readonly<Record<string, string | number>>;

/** "340 毫秒", "12 秒", "5 分钟", "3 小时", "2 天" */
const timeText = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} 毫秒`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} 秒`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} 分钟`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} 小时` : `${Math.round(ms / 86_400_000)} 天`;
};

const factText = (name: string, fact: string | number | undefined): string => {
  if (typeof fact === "number" && name.endsWith("Ms")) return timeText(fact);
  if (name === "faults") return String(fact).replace(/[a-z][a-z-]*/g, (reason) => FAULT_WORDS[reason]?.[0] ?? reason);
  return String(fact ?? "");
};

const filled = (template: string, facts: Facts): string =>
  template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => factText(name, facts[name]));

interface Told {
  readonly text: string;
  readonly todo: string | null;
  /** What another program said, in its own words. */
  readonly detail: string | null;
}

interface ToldFinding {
  readonly kind: string;
  readonly facts: Facts;
  readonly text: string;
  readonly code?: string | undefined;
  readonly todo?: string | undefined;
}

/** A finding in the language of the console. */
export const toldFinding = ({ kind, facts, text, code, todo }: ToldFinding, language: string): Told => {
  const words = language === "en" ? undefined : FINDING_WORDS[kind];
  if (words === undefined) return { text: code === undefined ? text : `${code} ${text}`, todo: todo ?? null, detail: null };
  const detail = facts.detail === undefined || facts.detail === "" ? null : String(facts.detail);
  if (code === undefined) return { text: filled(words.text, facts), todo: null, detail };
  const advice = words.todo === undefined ? itSentenceOf(code, todo ?? "", language) : `${filled(words.todo, facts)}（${code}）`;
  return { text: filled(words.text, facts), todo: advice, detail };
};
