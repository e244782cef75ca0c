import type { ErrorFacts } from "@window-rating/protocol/error";

/** Fields as the forms of the strip name them. */
const FIELDS: Readonly<Record<string, string>> = {
  caseNo: "办件编号",
  visitNo: "服务次数",
  itemCode: "事项编码",
  itemName: "事项名称",
  themeNo: "主题编号",
  themeName: "主题名称",
  cases: "办件列表",
  staffNo: "工号",
  pin: "密码",
  newPin: "新密码",
  code: "一次性代码",
  card: "卡号",
  text: "文字",
  level: "满意度",
  reasons: "评价指标",
  words: "文字意见",
  name: "评价人姓名",
  phone: "联系电话",
  typedBy: "录入人",
  shortcuts: "快捷键",
};

/** "45 秒", "3 分钟" */
const timeWords = (seconds: number): string => (seconds <= 120 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`);

const fieldSentence = ({ field, line }: ErrorFacts): string | undefined => {
  const name = field === undefined ? undefined : FIELDS[field];
  if (name === undefined) return undefined;
  return `${line === undefined ? "" : `第 ${line} 件的`}“${name}”不符合要求，请改正后再试。`;
};

/** What a clerk reads where the core has told more than the code; undefined: it has not, and the sentence of the code stands. */
export const FACT_WORDS: Readonly<Record<string, (facts: ErrorFacts) => string | undefined>> = {
  WR5003: fieldSentence,
  WR5103: fieldSentence,
  WR5007: ({ caseNo, windowNo, itemName }) => {
    if (caseNo === undefined) return undefined;
    if (windowNo !== undefined) return `办件 ${caseNo} 正在 ${windowNo} 号窗口办理，请核对编号，或到该窗口结束或取消。`;
    if (itemName !== undefined) return `办件 ${caseNo} 已按“${itemName}”开始，请核对事项；如事项有误，请先取消再重新开始。`;
    return `本窗口的办件 ${caseNo} 还未结束，请先结束或取消。`;
  },
  WR5019: ({ seconds }) =>
    seconds === undefined ? undefined : `工号或密码不正确，已暂时锁定，请 ${timeWords(seconds)}后再试，或请信息技术人员解锁。`,
  WR5020: ({ seconds }) =>
    seconds === undefined ? undefined : `密码多次输错，已暂时锁定，请 ${timeWords(seconds)}后再试，或请信息技术人员解锁。`,
};
