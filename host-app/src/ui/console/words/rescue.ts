import type { Words } from "./pairs.ts";

export const rescue = {
  state: [
    "本机数据库损坏，评价已暂停，本机只提供抢救：请到“抢救数据库”页面按三步处理。（WR4001）",
    "The database of this PC is damaged. Ratings have stopped, and nothing but the rescue is served: follow the three steps of the page Rescue of the database. (WR4001)",
  ],
  intro: [
    "不要删除任何文件。按过的评价在损坏的文件、备份、中心或评价器里；评价器会一直保存，恢复后自动交回。抢救不会改动损坏的文件。",
    "Delete nothing. What was pressed is in the damaged file, in its backups, at central or in the pads, which keep it and deliver it afterwards. A rescue does not change the damaged file.",
  ],
  damaged: ["损坏的文件", "What is damaged"],
  file: ["文件", "File"],
  size: ["大小", "Size"],
  found: ["检查结果（技术细节）", "What was found (technical)"],
  backups: ["备份", "Backups"],
  backupsText: ["{{count}} 份，最近一份 {{time}}", "{{count}}, the newest of {{time}}"],
  noBackups: ["没有备份", "none"],
  stepRescue: ["第一步：抢救", "Step 1: rescue"],
  rescueText: [
    "把损坏的文件和所有备份里找得到的记录，放进隔离文件夹里的一个新数据库。每条记录都核对签名，不会有改动过的记录混进来。",
    "Puts every entry that is found in the damaged file and in all backups into a new database in quarantine. Each one's signature is checked, so nothing comes back altered.",
  ],
  begin: ["开始抢救", "Rescue"],
  beginAgain: ["重新抢救", "Rescue again"],
  underWay: ["正在抢救（已 {{age}}）。可以关闭本页，抢救会继续。", "Rescuing (for {{age}}). It goes on when this page is closed."],
  stepRead: ["第二步：看结果", "Step 2: read what was found"],
  entries: ["救出的记录", "Entries rescued"],
  entriesText: ["{{count}} 条，最大编号 {{highest}}", "{{count}}, up to number {{highest}}"],
  from: ["来源", "Found in"],
  fromText: ["损坏的文件 {{file}} 条，只在备份里 {{backups}} 条", "{{file}} in the damaged file, {{backups}} in backups alone"],
  missing: ["没有找到的编号", "Numbers that were found nowhere"],
  missingNone: ["没有，全部找到", "none, all were found"],
  nothing: [
    "一条记录都没有找到。本机收过评价的，不要启用：请先找回备份，放入 backups 文件夹，再重新抢救。",
    "No entry was found at all. If this PC has taken ratings, do not use it: put a backup into the folder backups first, then rescue again.",
  ],
  missingText: [
    "这些记录本机已经没有；其中已上传的，中心还有。",
    "These entries are no longer on this PC; central has those of them that it has confirmed.",
  ],
  doubtful: ["可疑的记录（不采用，另存备查）", "Doubtful entries (left out, kept for a look)"],
  requests: ["评价请求", "Rating requests"],
  clerks: ["人员", "Clerks"],
  copy: ["抢救出的文件", "The rescued file"],
  report: ["完整报告", "The whole report"],
  stepUse: ["第三步：与中心核对后启用", "Step 3: compare with central, then use it"],
  stepUseAlone: ["第三步：启用", "Step 3: use it"],
  central: ["中心已有的最大编号", "Highest number that central has"],
  centralAsking: ["正在询问中心……", "Central is being asked …"],
  centralHint: [
    "现在连不上中心，请在中心查看：运行 window-central status，找到本窗口一行，填入 highest 一列的数字；中心没有本机的记录时填 0。",
    "Central cannot be asked from here, so look there: run window-central status, find the row of this window, and type the number of the column highest; 0 where central has no entry of this PC.",
  ],
  centralFine: [
    "可以启用：中心到 {{central}} 号，救出的到 {{highest}} 号。",
    "It may be used: central has up to {{central}}, the rescued file up to {{highest}}.",
  ],
  use: ["启用抢救出的数据库", "Use the rescued database"],
  useTitle: ["启用抢救出的数据库？", "Use the rescued database?"],
  useText: [
    "救出的 {{count}} 条记录重新排队上传，中心已有的不会重复计算。损坏的文件原样保存。随后程序自动正常启动，评价恢复。",
    "The {{count}} rescued entries are queued for central again, which counts none twice. The damaged file is kept as it is. Then window-host starts properly by itself, and ratings go on.",
  ],
  used: [
    "已启用，程序正在启动，请稍候，本页会自动变回正常画面。",
    "It is in use. window-host starts now, and this page becomes the usual one by itself.",
  ],
  cannot: ["不能启用", "It cannot be used"],
  "why-changed": ["损坏的文件在抢救之后又有变化，请重新抢救。", "The damaged file has changed since it was rescued; rescue it again."],
  "why-unsound": [
    "抢救出的文件仍有问题，请重新抢救；仍不行，请把日志包交给软件提供方。",
    "The rescued file is not sound. Rescue again; if that does not help, pass a log bundle on to whoever supplies the software.",
  ],
  "why-newer-lost": [
    "编号 {{first}} 到 {{last}} 用过，但没有找到；启用会让新记录占用这些编号。请找回较新的备份，放入 backups 文件夹，再重新抢救。",
    "Numbers {{first}} to {{last}} were given and not found; new entries would take them. Put a newer backup into the folder backups, then rescue again.",
  ],
  "why-central-has-newer": [
    "中心还有编号 {{first}} 到 {{last}}，这里没有找到；启用会让新记录占用这些编号。请找回较新的备份，放入 backups 文件夹，再重新抢救。",
    "Central has numbers {{first}} to {{last}}, which were not found here; new entries would take them. Put a newer backup into the folder backups, then rescue again.",
  ],
} as const satisfies Words;
