import type { Words } from "./pairs.ts";

const page = {
  intro: [
    "每个窗口的评价器：怎样连接、是否可用、试灯试键、配对、更换固件。",
    "The pad of each window: how it is reached, whether it can be used, tests, pairing and firmware.",
  ],
  windows: ["本机窗口", "Windows of this PC"],
  chosen: ["窗口", "Window"],
  pad: ["评价器", "Pad"],
  state: ["状态", "State"],
  port: ["端口", "Port"],
  nonePad: ["尚未找到评价器", "No pad found yet"],
} as const satisfies Words;

const connection = {
  ready: ["可以使用", "ready"],
  connecting: ["正在连接", "connecting"],
  absent: ["未连接", "not connected"],
  failed: ["不能使用", "cannot be used"],
} as const satisfies Words;

const fact = {
  title: ["评价器情况", "The pad"],
  model: ["型号", "Model"],
  profile: ["型号说明", "Profile"],
  noProfile: ["本机没有此型号的说明", "no profile on this PC"],
  serialNumber: ["序列号", "Serial number"],
  firmware: ["固件", "Firmware"],
  trust: ["配对", "Pairing"],
  paired: ["已配对", "paired"],
  unpaired: ["未配对", "not paired"],
  otherMaker: ["其他厂家，不配对", "of another maker: none"],
  distrusted: ["配对不符", "does not match"],
  sessions: ["连接次数", "Connections"],
  frames: ["收到 / 发出帧", "Frames received / sent"],
  resent: ["重发", "Sent again"],
  faults: ["坏帧", "Damaged"],
  roundTrip: ["应答时间（100 次中 99 次以内）", "Answer time (99 of 100 within)"],
  milliseconds: ["{{ms}} 毫秒", "{{ms}} ms"],
  recovery: ["最近的恢复动作", "Newest recoveries"],
  noRecovery: ["启动以来没有", "none since the start"],
  hasGivenUp: ["自动恢复都试过了，仍在每半分钟重试", "Every recovery was tried; tried again every half minute"],
} as const satisfies Words;

const recovery = {
  resend: ["重发", "sent again"],
  resync: ["重新对齐数据", "resynchronised"],
  "new-session": ["重新建立连接", "new session"],
  reopen: ["重新打开端口", "port opened anew"],
  "soft-reset": ["让评价器重新启动", "pad started anew"],
  "give-up": ["都试过了，每半分钟再试一次", "all was tried; again every half minute"],
  well: ["已恢复正常", "well again"],
  cable: ["线缆或电源", "cable or power"],
  host: ["本机或其设置", "this PC or its settings"],
  firmware: ["评价器本身", "the pad itself"],
  foreign: ["其他设备", "another device"],
} as const satisfies Words;

const keypad = {
  title: ["其他厂家的评价器", "Pad of another maker"],
  guard: ["换件保护时间", "Guard interval"],
  taken: ["计入的按键", "Presses that counted"],
  discarded: ["不计入的按键", "Presses that count for nobody"],
  none: ["没有", "none"],
  unanswered: ["未应答的指令", "Commands not answered"],
  unproven: ["只打开了端口，还没有收到过数据", "The port is open; nothing was heard yet"],
  noRequest: ["没有请求评价", "nothing was asked"],
  inGuard: ["换件保护时间内", "in the guard interval"],
  repeat: ["同一次按键重发", "the same press again"],
  pressedAlready: ["已评价过", "rated already"],
  meansNothing: ["不代表等级的键", "keys without a level"],
  caseChanged: ["按下时换件", "the case changed"],
} as const satisfies Words;

const trial = {
  title: ["试用评价器", "Test the pad"],
  hint: [
    "试用时的按键不计入任何评价，也不保存；一旦请群众评价，试用立即停止。",
    "What is pressed in a test is no rating and is kept nowhere; a test ends at once when a citizen is asked to rate.",
  ],
  identify: ["找到这台", "Identify"],
  lamps: ["试灯", "Lamps"],
  keys: ["试键", "Keys"],
  voice: ["试语音", "Voice"],
  screen: ["试屏幕", "Screen"],
  beep: ["试蜂鸣", "Beep"],
  stars: ["试星级", "Stars"],
  stop: ["停止试用", "Stop the test"],
  cannot: ["这台评价器没有这些项目：{{parts}}", "This pad has nothing for: {{parts}}"],
  away: ["评价器未连接或不能使用，暂不能试用。", "No pad that can be used is connected: nothing to test."],
  keysLit: [
    "此型号不亮时不发出按键，所以试键时会点亮；按一个键后熄灭，约一秒后再亮。没有请任何人评价。",
    "In the dark such a pad sends nothing, so the test lights it; it goes dark at each press and is lit again after a second. Nobody is asked to rate.",
  ],
  staysLit: [
    "此型号不能由电脑熄灭：如果还亮着，请按一下任意一个满意度键，不计入任何评价。",
    "A PC cannot make such a pad dark: if it is still lit, press one of its keys for a level. That is no rating.",
  ],
  nowIdentify: ["评价器正在闪灯或显示序列号。", "The pad blinks, or shows its serial number."],
  nowLamps: ["灯依次亮起，请看评价器。", "The lamps light one after the other: look at the pad."],
  nowKeys: ["请依次按评价器上的每个键，按到的键在图上亮起。", "Press each key of the pad; each lights in the picture."],
  nowVoice: ["评价器正在说话，请听。", "The pad speaks now: listen."],
  nowScreen: ["屏幕显示试用画面，请看评价器。", "The screen shows its test: look at the pad."],
  nowBeep: ["评价器正在蜂鸣，请听。", "The pad beeps now: listen."],
  nowStars: ["评价器显示五颗星，请看。", "The pad shows five stars: look."],
  endTime: ["试用时间到。", "The test is over."],
  endStopped: ["已停止试用。", "The test was stopped."],
  endRating: ["正在请群众评价，试用已停止。", "A citizen is asked to rate: the test has ended."],
  endLost: ["评价器断开，试用已停止。", "The pad went away: the test has ended."],
  endRefused: ["评价器现在不能做这项试用。", "The pad does not do this test now."],
  found: ["评价器自检：{{detail}}", "The pad itself found: {{detail}}"],
  pressed: ["已按 {{pressed}} / {{all}} 个键", "{{pressed}} of {{all}} keys pressed"],
  picture: ["评价器的样子：{{keys}}", "The pad: {{keys}}"],
} as const satisfies Words;

const pairing = {
  title: ["配对", "Pairing"],
  canNot: ["没有可配对的评价器；其他厂家的评价器不用配对。", "No pad here can be paired; pads of other makers need no pairing."],
  begin: ["开始配对", "Pair"],
  unpair: ["解除配对", "Unpair"],
  unpairTitle: ["解除 {{pad}} 的配对？", "Unpair {{pad}}?"],
  unpairText: [
    "评价器和本机都忘掉密钥；按本单位的设置，未配对的评价器可能不能使用。已收到的评价不受影响。",
    "Pad and PC both forget the key; whether an unpaired pad is used is a setting of the site. Ratings that came are not touched.",
  ],
  inviting: [
    "第一步：在评价器上按住 3 号键 5 秒（触摸屏：设置、配对），然后松开。",
    "Step 1: hold key 3 of the pad for 5 seconds (touchscreen: settings, pair), and let go.",
  ],
  asking: [
    "第二步：评价器用灯闪出或在屏幕上显示八位数字（1 至 5），请在这里输入。",
    "Step 2: the pad blinks or shows eight digits from 1 to 5; type them here.",
  ],
  press: [
    "第三步：代码正确，请再按一次评价器的 3 号键（或屏幕上的按钮）。",
    "Step 3: the code is right; press key 3 once more, or the button on the screen.",
  ],
  done: ["配对完成。", "Paired."],
  failed: ["配对没有成功", "Pairing failed"],
  code: ["配对码", "Code"],
  send: ["确定", "Send"],
  giveUp: ["放弃配对", "Give up"],
  left: ["剩余 {{seconds}} 秒", "{{seconds}} s left"],
  keys: ["本机有密钥的评价器", "Pads of which this PC has a key"],
  noKeys: ["本机没有任何评价器的密钥。", "This PC has the key of no pad."],
  forget: ["忘掉密钥", "Forget the key"],
  forgetTitle: ["忘掉 {{pad}} 的密钥？", "Forget the key of {{pad}}?"],
  forgetText: [
    "只用于已丢失、损坏或在别处配对的评价器。它要再用于本机，须重新配对。",
    "Only for a pad that is lost, broken or paired elsewhere. To be used here again it must be paired anew.",
  ],
} as const satisfies Words;

const firmware = {
  title: ["固件与素材", "Firmware and files"],
  none: ["其他厂家的评价器，固件与素材不由本系统更新。", "Pads of other makers take neither firmware nor files from here."],
  path: ["本机上的固件文件路径", "Path of the image on this PC"],
  fromPath: ["从路径更新", "Update from the path"],
  file: ["或选择固件文件", "Or choose an image"],
  fromFile: ["上传并更新", "Upload and update"],
  uploading: ["已上传 {{percent}}%", "{{percent}} % uploaded"],
  sending: [
    "固件 {{version}} 正在传给评价器：{{percent}}%。请群众评价时暂停，评价后自动继续。",
    "Firmware {{version}} goes to the pad: {{percent}} %. It rests while a citizen is asked, and goes on by itself.",
  ],
  waiting: [
    "固件 {{version}} 已在评价器上，等它空闲后安装。评价照常进行。",
    "Firmware {{version}} is on the pad, which installs it when nothing is shown and no rating waits.",
  ],
  trial: ["评价器正在用固件 {{version}} 重新启动。", "The pad starts with firmware {{version}}."],
  kept: ["更新完成，评价器运行固件 {{version}}。", "Done: the pad runs firmware {{version}}."],
  failed: ["固件 {{version}} 没有更新成功", "Firmware {{version}} was not kept"],
  notTaken: ["评价器没有接受固件 {{version}}：{{why}}。", "The pad did not take firmware {{version}}: {{why}}."],
  held: ["评价器上的素材", "Files on the pad"],
  queued: ["等待传送", "On their way"],
  refused: ["评价器没有接受", "Not taken by the pad"],
  nothing: ["没有", "none"],
  refresh: ["重新检查素材", "Look at the files anew"],
} as const satisfies Words;

const refused = {
  wrongHash: ["传送后内容不符，请再试一次", "it came in another shape than it was sent; try again"],
  noRoom: ["评价器上放不下", "there is no room for it on the pad"],
  unsupported: ["此型号不能用这种文件", "such a pad cannot use such a file"],
  wrongModel: ["文件是给其他型号的", "it is for another model"],
  downgrade: ["版本比评价器上的旧", "it is older than what the pad has"],
  unknownSigner: ["不是本评价器厂家签名的文件", "it was not signed by a maker whom the pad knows"],
  wrongSignature: ["签名不正确，文件可能被改动", "its signature is wrong: it may have been altered"],
  fault: ["评价器的存储出错", "the memory of the pad failed"],
  noAnswer: ["评价器没有应答", "the pad did not answer"],
} as const satisfies Words;

const log = {
  title: ["评价器日志", "Log of the pad"],
  none: ["其他厂家的评价器没有可读的日志。", "Pads of other makers keep no log that a PC could read."],
  hint: [
    "评价器自己记下的启动、连接和故障，没有评价、办件和人员的内容。文字由评价器写出，多为英文；评价器有疑难时，存成文件交给厂家。",
    "What the pad itself notes of starts, connections and faults; nothing of ratings, cases or people. Save it for the maker if something is wrong.",
  ],
  read: ["读取日志", "Read the log"],
  save: ["日志存成文件", "Save the log"],
  saved: ["已存到本机 {{path}}（{{lines}} 行）", "Saved on this PC as {{path}} ({{lines}} lines)"],
  shown: ["共 {{all}} 行，下面是最新的 {{shown}} 行，最新的在上。", "{{all}} lines; the newest {{shown}} of them, newest first:"],
  empty: ["评价器的日志是空的。", "The log of the pad is empty."],
  number: ["编号", "No."],
  text: ["内容", "Text"],
} as const satisfies Words;

const ports = {
  title: ["本机串口", "Serial ports of this PC"],
  find: ["查看串口", "List the ports"],
  ask: ["询问每个空闲端口", "Ask at each free port"],
  hint: [
    "“询问”只打开可能接着评价器的空闲端口，不影响正在使用的评价器。",
    "Asking opens only free ports that a profile knows; pads in use are not disturbed.",
  ],
  none: ["本机没有串口", "This PC has no serial port"],
  noneAdvice: ["检查 USB 线是否插好；网络串口和平板不在此列出。", "Check the USB cable; serial servers and tablets are not listed here."],
  port: ["端口", "Port"],
  usb: ["USB 编号", "USB ids"],
  noUsb: ["不是 USB", "not USB"],
  usedBy: ["使用者", "Used by"],
  free: ["空闲", "free"],
  access: ["谁可以打开", "Who may open it"],
  mayBe: ["可能是", "May be"],
  answer: ["应答", "Answer"],
  unknown: ["不像评价器", "no pad that is known"],
  "give-to-group": [
    "没有用户组可以使用此端口。请用 udev 规则把它交给 dialout 组（权限 0660），再把用户 {{user}} 加入该组，然后重新登录或重启本机程序。",
    "No group may use this port. Give it to the group dialout by a udev rule (mode 0660), add the user {{user}} to it, then log in again or restart the service.",
  ],
  "join-group": [
    "请把用户 {{user}} 加入 {{group}} 组（sudo usermod -aG {{group}} {{user}}），然后重新登录或重启本机程序。",
    "Add the user {{user}} to the group {{group}} (sudo usermod -aG {{group}} {{user}}), then log in again or restart the service.",
  ],
  "log-in-again": [
    "用户 {{user}} 已在 {{group}} 组中，但加入后还没有重新登录：请重新登录，或重启本机程序。",
    "The user {{user}} is in the group {{group}} already, but has not logged in since: log in again, or restart the service.",
  ],
  more: ["还有 {{count}} 种型号", "and {{count}} more"],
  notAsked: ["未询问", "not asked"],
  inUse: ["正在使用，不询问", "in use: not asked"],
  pad: [
    "评价器 {{model}}，序列号 {{serialNumber}}，固件 {{firmware}}",
    "Pad {{model}}, serial number {{serialNumber}}, firmware {{firmware}}",
  ],
  silent: ["端口能打开，没有评价器应答", "The port opens, and no pad answers"],
  foreign: ["有设备，但不是本系统的评价器", "Something is there that does not speak as a pad"],
} as const satisfies Words;

const tablets = {
  title: ["平板与第二屏", "Tablets and second screens"],
  none: ["本机没有用平板的窗口", "No window of this PC has a tablet"],
  noneAdvice: [
    "把该窗口的 pad.port 设为 browser，见 docs/browser-pad.md。",
    "Set pad.port=browser for the window; see docs/browser-pad.md.",
  ],
  origin: ["网页地址", "Served at"],
  certificate: ["证书有效期至", "Certificate good until"],
  noCertificate: ["无证书，只供本机", "none: for this PC alone"],
  notServed: ["没有提供网页", "Not served"],
  noTablet: ["还没有平板", "no tablet yet"],
  connected: ["已连接", "connected"],
  away: ["未连接", "away"],
  forgetful: ["浏览器可能清除未上传的评价，请安装为应用", "its browser may clear what is not delivered: install the page as an app"],
  offer: ["显示二维码", "Show a QR code"],
  replace: ["换一台平板", "Put another in its place"],
  replaceTitle: ["换掉 {{windowNo}} 号窗口的平板？", "Put another tablet at window {{windowNo}}?"],
  replaceText: [
    "旧平板不再使用，它尚未上传的评价留在它里面；请先让它上传完。",
    "The old one is used no longer and keeps what it has not delivered; let it deliver first.",
  ],
  remove: ["停用平板", "Remove"],
  removeTitle: ["停用 {{windowNo}} 号窗口的平板？", "Remove the tablet of window {{windowNo}}?"],
  removeText: ["它立即断开；尚未上传的评价留在平板里，不会删除。", "It is cut off at once; what it has not delivered stays in it."],
  scan: [
    "用平板扫描，再按屏幕上的按钮；{{minutes}} 分钟内只能用一次，不要给别人看。",
    "Scan it with the tablet and press its button; good once, for {{minutes}} minutes; show it to nobody else.",
  ],
  qr: ["二维码", "QR code"],
  hide: ["收起二维码", "Hide the code"],
} as const satisfies Words;

export const pads = {
  pads: page,
  padConnection: connection,
  padFact: fact,
  padRecovery: recovery,
  padKeypad: keypad,
  padTrial: trial,
  padPairing: pairing,
  padFirmware: firmware,
  padRefused: refused,
  padLog: log,
  padPorts: ports,
  padTablets: tablets,
} as const satisfies Readonly<Record<string, Words>>;
