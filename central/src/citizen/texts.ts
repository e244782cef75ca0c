import type { ErrorCode } from "@window-rating/protocol/error";
import type { Level } from "@window-rating/protocol/rating";
import type { Text } from "../calendar/schema.ts";
import type { Channel, SubjectKind } from "../ratings/submission.ts";

const CHINA_OFFSET_MS = 8 * 3_600_000;

/** Date and time in China, yyyy-mm-dd hh:mm. */
export const chinaTime = (ms: number): string => new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 16).replace("T", " ");

/** What is asked about each subject. */
export const QUESTIONS: Readonly<Record<SubjectKind, Text>> = {
  staff: { zh: "您对这次窗口服务满意吗？", en: "How satisfied are you with the service at the window?" },
  item: { zh: "您对这件事的办理满意吗？", en: "How satisfied are you with how this matter was handled?" },
  theme: { zh: "您对这几件事的整体办理满意吗？", en: "How satisfied are you with these matters as a whole?" },
  window: { zh: "您对这次窗口服务满意吗？", en: "How satisfied are you with the service at the window?" },
  hall: { zh: "您对大厅的服务满意吗？", en: "How satisfied are you with this hall?" },
  agency: { zh: "您对这个机构满意吗？", en: "How satisfied are you with this agency?" },
  platform: { zh: "您对这个平台满意吗？", en: "How satisfied are you with this platform?" },
};

/** By which way a rating came, in a citizen's words. */
export const CHANNEL_NAMES: Readonly<Record<Channel, Text>> = {
  pad: { zh: "窗口评价器", en: "pad at the window" },
  "browser-pad": { zh: "窗口屏幕", en: "screen at the window" },
  "dynamic-qr": { zh: "办件二维码", en: "QR code of the case" },
  "static-qr": { zh: "窗口二维码", en: "QR code of the window" },
  web: { zh: "网页", en: "web page" },
  sms: { zh: "短信", en: "text message" },
  hotline: { zh: "热线按键", en: "hotline" },
  "phone-visit": { zh: "电话回访", en: "call from the agency" },
  paper: { zh: "纸质评价表", en: "paper form" },
  terminal: { zh: "自助终端", en: "self-service terminal" },
  message: { zh: "留言", en: "message" },
  "opinion-box": { zh: "意见箱", en: "opinion box" },
  "complaint-desk": { zh: "投诉代办台", en: "complaint desk" },
  system: { zh: "业务系统", en: "other system" },
  import: { zh: "历史导入", en: "taken from a file" },
  default: { zh: "系统默认（无人评价）", en: "set by rule: nobody rated" },
};

/** What a citizen can do about what went wrong. */
const FAULTS: Partial<Record<ErrorCode, { readonly title: Text; readonly advice: Text }>> = {
  WR7001: {
    title: { zh: "没有看懂您发送的内容", en: "What was sent could not be read" },
    advice: { zh: "请返回上一页重新填写；什么都没有保存。", en: "Please go back and try again; nothing was saved." },
  },
  WR7013: {
    title: { zh: "内容太长", en: "Too long" },
    advice: { zh: "意见最多200字。请返回上一页缩短。", en: "At most 200 characters. Please go back and shorten it." },
  },
  WR7020: {
    title: { zh: "这次服务已经评价过", en: "Rated already" },
    advice: { zh: "每次服务只能评价一次，以第一次为准。", en: "Each service is rated once here; the first one counts." },
  },
  WR7021: {
    title: { zh: "没有找到这次服务", en: "This service was not found" },
    advice: { zh: "请过一会儿再试，或向窗口索取新的二维码。", en: "Please try again later, or ask at the window for a new code." },
  },
  WR7022: {
    title: { zh: "本地区须实名评价", en: "A real name is needed here" },
    advice: { zh: "请填写姓名和电话。", en: "Please give your name and phone number." },
  },
  WR7023: {
    title: { zh: "这件事还没有办结", en: "This matter is not completed yet" },
    advice: { zh: "办结后再来评价，二维码那时仍然有效。", en: "Please come back when it is; the code stays good." },
  },
  WR7024: {
    title: { zh: "已过期限", en: "Too late" },
    advice: { zh: "评价或更正的期限已过，原来的评价保留不变。", en: "The time to rate or correct is over; what was rated stays." },
  },
  WR7025: {
    title: { zh: "请说明原因", en: "Please say why" },
    advice: { zh: "请选择一项原因，或写几句话。", en: "Please choose a reason or write a few words." },
  },
  WR7026: {
    title: { zh: "本地区未开通这种评价方式", en: "This way of rating is not open here" },
    advice: { zh: "请用窗口评价器或其他方式评价。", en: "Please use the pad at the window or another way." },
  },
  WR7028: {
    title: { zh: "没有这个回执码", en: "No such receipt code" },
    advice: {
      zh: "请核对有没有输错；回执码共12位，没有字母I、L、O、U。",
      en: "Please check for typing errors: 12 characters, without I, L, O and U.",
    },
  },
  WR7029: {
    title: { zh: "请求太多", en: "Too many requests" },
    advice: { zh: "请稍等一会儿再试。", en: "Please wait a little and try again." },
  },
  WR7040: {
    title: { zh: "二维码无效", en: "This code is not valid" },
    advice: { zh: "请向窗口索取新的二维码。", en: "Please ask at the window for a new one." },
  },
  WR7041: {
    title: { zh: "二维码已过期", en: "This code has expired" },
    advice: { zh: "请向窗口索取新的二维码。", en: "Please ask at the window for a new one." },
  },
  WR7042: {
    title: { zh: "这个二维码已经评价过", en: "Already rated with this code" },
    advice: { zh: "要查看或更正，请用评价时得到的回执码。", en: "To see or correct it, use the receipt code you were given." },
  },
  WR7043: {
    title: { zh: "页面已过期", en: "This page is out of date" },
    advice: { zh: "请重新扫码打开；什么都没有保存。", en: "Please scan the code again; nothing was saved." },
  },
  WR7044: {
    title: { zh: "评价页面尚未开通", en: "Rating pages are not open yet" },
    advice: { zh: "请用窗口评价器评价。", en: "Please use the pad at the window." },
  },
};

const FAILED = {
  title: { zh: "系统暂时出错", en: "Something went wrong here" },
  advice: { zh: "请过一会儿再试；什么都没有保存一半。", en: "Please try again later; nothing was saved by halves." },
};

export const faultTexts = (code: ErrorCode): { readonly title: Text; readonly advice: Text } => FAULTS[code] ?? FAILED;

/** Label of a level in this region's words, with the English of the level. */
export type LevelNames = Readonly<Record<Level, Text>>;
