import { LEVELS, type Level } from "@window-rating/protocol/rating";
import type { Channel, Standing, SubjectKind } from "../../ratings/submission.ts";
import type { Both } from "../contract/fields.ts";

/*
 * What happened to a case, said in one sentence. Names of clerks stand where the case has them; of citizens there is nothing to say.
 */

const both = (zh: string, en: string): Both => ({ zh, en });

const CHANNELS: Readonly<Record<Channel, Both>> = {
  pad: both("评价器", "the pad"),
  "browser-pad": both("网页评价器", "the browser pad"),
  "dynamic-qr": both("动态二维码", "a QR code of the case"),
  "static-qr": both("窗口二维码", "the QR code of the window"),
  web: both("网页", "the web page"),
  sms: both("短信", "SMS"),
  hotline: both("热线按键", "the hotline"),
  "phone-visit": both("电话回访", "a telephone visit"),
  paper: both("纸质评价表", "a paper form"),
  terminal: both("自助终端", "a self-service terminal"),
  message: both("留言", "a message"),
  "opinion-box": both("意见箱", "the opinion box"),
  "complaint-desk": both("投诉代办台", "the complaint desk"),
  system: both("其他系统", "another system"),
  import: both("文件导入", "an import"),
  default: both("默认评价", "the rules"),
};
const SUBJECTS: Readonly<Record<SubjectKind, Both>> = {
  staff: both("服务人员", "the clerk"),
  item: both("事项", "the item"),
  theme: both("主题", "the theme"),
  hall: both("大厅", "the hall"),
  agency: both("机构", "the agency"),
  platform: both("平台", "the platform"),
  window: both("窗口", "the window"),
};
const STANDINGS: Readonly<Record<Standing, Both>> = {
  first: both("", ""),
  correction: both("，更正此前的评价", ", correcting the one before"),
  beside: both("，保留但不计入", ", kept and not counted"),
};
const NOT_RATED: Readonly<Record<string, Both>> = {
  "timed-out": both("超时未评价", "nobody pressed in time"),
  expired: both("评价请求已过期", "the request expired before the pad could show it"),
  cancelled: both("评价请求被取消", "the request was cancelled"),
  superseded: both("被下一个请求取代", "the next request took its place"),
  "refused-by-pad": both("评价器未能显示请求", "the pad would not show the request"),
};
const REMINDERS: Readonly<Record<string, Both>> = {
  queued: both("决定发送提醒短信", "A reminder is to be sent"),
  "no-contact": both("没有联系方式，不发提醒", "No reminder: there is no contact"),
  "too-late": both("已过时限，不发提醒", "No reminder: it would have come too late"),
};
const MATCHES: Readonly<Record<string, Both>> = {
  matched: both("窗口二维码评价匹配到本次服务", "A rating by the window's QR code was found to be about this visit"),
  refused: both(
    "窗口二维码评价匹配到本次服务，但规则不予计入",
    "A rating by the window's QR code is about this visit, and the rules refused it",
  ),
  contested: both(
    "窗口二维码评价可能属于本次服务，另有评价相争",
    "A rating by the window's QR code may be about this visit; another one fits as well",
  ),
};

const level = (value: Level): Both => {
  const found = LEVELS.find((one) => one.level === value);
  return both(found?.zh ?? String(value), found?.en ?? String(value));
};

const atWindow = (windowNo: string | null): Both =>
  windowNo === null ? both("", "") : both(`${windowNo} 号窗口`, ` at window ${windowNo}`);
const visit = (visitNo: number | null): Both => (visitNo === null ? both("", "") : both(`第 ${visitNo} 次服务`, `Visit ${visitNo}`));

export const storyWords = {
  told: (by: Both): Both => both(`中心首次得知此办件（${by.zh}）`, `Central first heard of the case (${by.en})`),
  accepted: (): Both => both("受理", "Accepted"),
  completed: (): Both => both("办结", "Completed"),
  served: (visitNo: number, windowNo: string | null, clerk: string | null): Both =>
    both(
      `${visit(visitNo).zh}：${atWindow(windowNo).zh}${clerk === null ? "" : `，${clerk}`}`,
      `${visit(visitNo).en}${atWindow(windowNo).en}${clerk === null ? "" : `, ${clerk}`}`,
    ),
  report: (outcome: "applied" | "older"): Both =>
    outcome === "applied"
      ? both("业务系统报送情况，已采用", "A business system told of it")
      : both("业务系统报送较早的情况，仅补充空缺", "A business system told of an earlier state; it filled gaps alone"),
  refusedReport: (code: string, field: string): Both =>
    both(`业务系统报送被拒（${code}，${field}）`, `A report was refused (${code}, ${field})`),
  retakenReport: (refusedNo: number): Both => both(`被拒的报送 ${refusedNo} 重新采用`, `Refused report ${refusedNo} was taken after all`),
  notRated: (visitNo: number, reason: string, ratedLater: boolean): Both => {
    const why = NOT_RATED[reason] ?? both(reason, reason);
    return both(
      `${visit(visitNo).zh}未评价：${why.zh}${ratedLater ? "（后来作了评价）" : ""}`,
      `${visit(visitNo).en} not rated: ${why.en}${ratedLater ? " (rated later)" : ""}`,
    );
  },
  rating: (value: Level, channel: Channel, subject: SubjectKind, standing: Standing, isShared: boolean): Both => {
    const [said, how, what, place] = [level(value), CHANNELS[channel], SUBJECTS[subject], STANDINGS[standing]];
    const shared = isShared ? both("，由同批评价沿用", ", valid from another rating") : both("", "");
    return channel === "default"
      ? both(`按规则默认：${said.zh}（${what.zh}）${place.zh}`, `Default rating of ${what.en}: ${said.en}${place.en}`)
      : both(
          `${what.zh}评价：${said.zh}，经${how.zh}${place.zh}${shared.zh}`,
          `Rating of ${what.en}: ${said.en}, by ${how.en}${place.en}${shared.en}`,
        );
  },
  receipt: (ratingNo: number): Both => both(`为评价 ${ratingNo} 发出回执码`, `A receipt code was issued for rating ${ratingNo}`),
  codeIssued: (channel: string): Both =>
    channel === "web" ? both("发出评价链接", "A link for rating was issued") : both("发出动态二维码", "A QR code for rating was issued"),
  staticMatch: (outcome: string): Both =>
    MATCHES[outcome] ?? both("窗口二维码评价的匹配结果", "What became of a rating by the window's QR code"),
  reminder: (outcome: string): Both => REMINDERS[outcome] ?? both(outcome, outcome),
  sms: (state: string): Both => both(`提醒短信：${state}`, `Reminder by SMS: ${state}`),
  smsReply: (outcome: string): Both => both(`收到短信回复：${outcome}`, `A reply by SMS: ${outcome}`),
  policyStep: (ruleName: Both, clause: string): Both =>
    both(`按“${ruleName.zh}”计算时限（${clause}）`, `Deadline by “${ruleName.en}” (${clause})`),
  look: (purpose: string): Both => both(`查看个人信息（${purpose}）`, `Personal data were looked at (${purpose})`),
} as const;

/** Who told or did something, as people say it. */
export const tellerName = (toldBy: string): Both => {
  const [kind = "", no = ""] = toldBy.split(" ");
  if (kind === "window-pc") return both("窗口电脑", "a window PC");
  if (kind === "system") return both(`业务系统 ${no}`, `business system ${no}`);
  if (kind === "import") return both(`导入 ${no}`, `import ${no}`);
  return CHANNELS[kind as Channel] ?? both(toldBy, toldBy);
};

/** By whose clock a teller's times are. */
export const tellerClock = (toldBy: string): "window-pc" | "teller" | "channel" => {
  if (toldBy.startsWith("window-pc")) return "window-pc";
  return toldBy.startsWith("system") || toldBy.startsWith("import") ? "teller" : "channel";
};
