import type { ErrorFacts } from "@window-rating/protocol/error";
import { sentenceOf } from "../../words/sentence.ts";

/**
 * What IT staff read for a code in Chinese, where the sentence for a clerk only says to call them: the console is theirs.
 * A test holds this against the messages and the codes that a pad, a port, the database and the way to central may tell.
 */
const IT_WORDS: Readonly<Record<string, string>> = {
  WR1001: "评价器发来的数据帧过长；请把评价器升级到最新固件，仍出现请联系厂家。",
  WR1002: "发给评价器的参数超出范围；请核对本窗口的评价器设置，仍出现请升级评价器固件。",
  WR1003: "评价器发来的数据无法识别，已忽略；如反复出现，请升级评价器固件或联系厂家。",
  WR1004: "评价器与本机程序的协议版本不同；请升级较旧的一方。",
  WR1007: "评价器拒绝了一条指令；如反复出现，请导出日志包，连同型号和固件版本交给厂家。",
  WR1011: "评价器尚未配对，不能使用；请在“评价器”页面配对。",
  WR1012: "此评价器已与另一台窗口电脑配对；请放回原窗口，确属本窗口的请在“评价器”页面重新配对。",
  WR1013: "评价器的配对信息丢失；知道原因（更换、维修、解除配对）的请重新配对，否则先查明谁动过它。",
  WR1014: "评价器无法证明身份，已停用；请检查评价器与电脑之间接了什么，确认是本单位的评价器后重新配对。",
  WR1015: "配对失败；请重新开始配对，并在评价器显示校验码时按时输入。",
  WR1016: "本机的配对密钥文件无法使用；请按下面的技术细节处理该文件，它须属于运行本机程序的用户，且他人不可读。",
  WR1017: "没有可配对的评价器；请先接好评价器，等它显示在列表中。",
  WR1021: "无法试用此评价器；请检查端口、速率，并确认没有其他程序占用。",
  WR1030: "固件文件无法读取，没有发送任何内容；请向评价器厂家重新索取文件。",
  WR1031: "文件不是可用的素材；请改用 16 MB 以内的 PNG、JPEG、WAV 或 JSON 文件。",
  WR1032: "评价器没有接受文件；请看下面的技术细节，核对文件是否适用于此型号。",
  WR1033: "评价器已退回原固件，可照常使用；请把固件版本和下面的技术细节告知厂家。",
  WR1034: "评价器未连接，无法更新；请先接好评价器再试。",
  WR1040: "此平板未获准使用；请在“评价器”页面重新生成二维码，十分钟内用平板扫描。",
  WR1041: "本窗口已有一台平板；请等它交回保存的评价后再更换，或先移除它。",
  WR1042: "本窗口没有设置平板评价器；请把该窗口的端口设为 browser，然后重新启动本机程序。",
  WR1043: "平板评价器服务没有开启，正在自动重试；请按下面的技术细节检查地址、端口和证书。",
  WR3001: "找不到评价器的端口；请检查连接线，在“评价器”页面查看本机有哪些端口。",
  WR3002: "没有权限打开评价器端口；请把运行本机程序的用户加入端口所属的组（通常是 dialout），重新登录后再试。",
  WR3003: "评价器端口被其他程序占用；请关闭占用它的程序。",
  WR3007: "评价器线路干扰大；请换用更短或带屏蔽的连接线，远离电源线，并核对两端速率。",
  WR3008: "串口服务器没有开启 RFC 2217；请在服务器上开启，或改用 tcp:// 并在服务器上设好速率和校验。",
  WR3009: "串口服务器拒绝了线路设置；请选它支持的速率，或改用 tcp:// 并在服务器上设置。",
  WR4001: "本机数据库损坏；不要删除任何文件，请到“数据库”页面处理，评价可以抢救。",
  WR4002: "本机数据库属于更新的程序版本；请重新安装较新的版本，文件没有改动。",
  WR4003: "磁盘已满；请腾出磁盘空间，不要删除数据文件夹中的文件。评价保存在评价器中，不会丢失。",
  WR4004: "本机数据库的安全设置没有生效；请导出日志包，交给软件提供方。",
  WR4005: "本机数据库被另一个 window-host 占用；请先停止那一个。",
  WR4008: "本机数据库暂时无法使用；请查看“体检与日志”。评价保存在评价器中，不会丢失。",
  WR5016: "没有办成，请再试一次；如反复出现，请在“体检与日志”页面导出日志包，交给软件提供方。",
  WR5017: "本机不再服务此窗口；请刷新页面，核对本机的窗口号。",
  WR5023: "本机和中心名单里都没有此工号；请核对工号，或先添加该人员。",
  WR5104: "此操作不属于本画面；请在它所属的画面上操作。",
  WR6001: "连不上中心；请检查中心地址和网络。评价保存在本机，连上后自动上传。",
  WR6002: "该地址的应答不像中心；请核对中心地址，以及途中的代理。",
  WR6003: "本机尚未在中心登记；请在中心取得一次性登记码，连同中心地址填写后再试。",
  WR6004: "中心退回了一条记录，已单独保存，不影响其他记录；原因见“中心与上传”页面。",
  WR6005: "中心拒绝了本机；请在中心取一个新的登记码重新登记，评价保存在本机。",
  WR6006: "本机身份文件 identity.json 无法使用；请按下面的技术细节修复，或从备份恢复，不要删除它。",
  WR6007: "中心暂时不能接收；评价保存在本机，稍后自动上传。长时间如此，请查看中心的日志。",
  WR6008: "有一条记录过大，途中被拦下，已单独保存；请让中心前面的代理放行 1 MiB 的请求。",
  WR6009: "待上传队列暂时无法使用，会自动重试；请查看“体检与日志”。",
  WR7002: "中心不认识本机；请在中心取一个登记码重新登记，评价保存在本机。",
  WR8001: "设置的取值不正确；请按所列的可填范围更正。",
  WR8006: "本机数据文件夹中的文件无法读写；请检查该文件夹的权限和磁盘，具体文件见下面的技术细节。",
  WR8012: "这不是可用的配置文件；请选择由本系统导出并签名的 site.json。",
  WR8013: "窗口清单不能用；请按列出的行更正，全部正确才会采用。",
  WR8014: "中心还没有配置文件；请先把已签名的文件上传到中心，或在上面直接选择文件。",
  WR8015: "所选文件、窗口号或本机设置与刚才查看的不同；请重新选择文件并查看改动，再决定采用。",
};

/** Fields of the console's forms, and what fits them. */
const FIELDS: Readonly<Record<string, string>> = {
  staffNo: "工号不能为空，最多 32 个字",
  name: "姓名不能为空，最多 64 个字",
  title: "职务最多 20 个字",
  card: "卡号须为 4–32 位数字",
  pin: "密码须填写，最多 32 位",
  url: "中心地址须以 http:// 或 https:// 开头，如 https://central.hall.example",
  code: "一次性代码不完整，请照原样输入",
  windowNos: "窗口号不符合要求，多个用空格隔开，最多 16 个",
  site: "大厅名称须填写，最多 64 个字",
};

const fieldSentence = ({ field }: ErrorFacts): string | undefined => {
  const rule = field === undefined ? undefined : FIELDS[field];
  return rule === undefined ? undefined : `${rule}；请改正后再试。`;
};

const IT_FACT_WORDS: Readonly<Record<string, (facts: ErrorFacts) => string | undefined>> = {
  WR5103: fieldSentence,
  WR8001: fieldSentence,
  WR8013: ({ windowNo, field }) => {
    if (field === "windowNo") return "本机还没有窗口号；请先填写本机窗口号（窗口清单中的一个）。";
    return windowNo === undefined ? undefined : `配置文件的窗口清单里没有 ${windowNo} 号窗口；请核对本机窗口号。`;
  },
};

/** As `sentenceOf`, in the words of IT staff. */
export const itSentenceOf = (code: string, english: string, language: string, facts?: ErrorFacts): string => {
  const own = language === "zh-CN" ? ((facts && IT_FACT_WORDS[code]?.(facts)) ?? IT_WORDS[code]) : undefined;
  return own === undefined ? sentenceOf(code, english, language, facts) : `${own}（${code}）`;
};

/** As `causeSentence`, in the words of IT staff. */
export const itCauseOf = (cause: string, language: string): string => {
  const code = /^WR\d{4}/.exec(cause)?.[0];
  return code === undefined ? cause : itSentenceOf(code, cause, language);
};
