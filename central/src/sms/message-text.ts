import type { Level } from "@window-rating/protocol/rating";

const LONGEST_ITEM = 12;
/** Three parts of a long message; what is longer costs more and is cut by some phones. */
const LONGEST_REMINDER = 3 * 67;
const LEVELS_DOWN: readonly Level[] = [5, 4, 3, 2, 1];

/**
 * The case's name in a message: the item's, cut. A message goes over many hands, so nothing else of a case is in it: a name that holds
 * the case's number, or a number long enough to be anybody's, is not used at all.
 */
export const shortItem = (itemName: string, caseNo: string): string => {
  const plain = itemName.replace(/[\p{C}\s【】]+/gu, " ").trim();
  const isTelling = plain === "" || plain.includes(caseNo) || /\d{5}/.test(plain.normalize("NFKC").replace(/[\s-]/g, ""));
  if (isTelling) return "政务服务事项";
  const characters = [...plain];
  return characters.length <= LONGEST_ITEM ? plain : `${characters.slice(0, LONGEST_ITEM - 1).join("")}…`;
};

const scale = (labels: Readonly<Record<Level, string>>): string => LEVELS_DOWN.map((level) => `${level}${labels[level]}`).join("，");

export interface TextParts {
  readonly signature: string;
  readonly labels: Readonly<Record<Level, string>>;
}

/** @param page where the item can be rated as well; left out where the message would get too long with it */
export const reminderText = ({ signature, labels }: TextParts, item: string, page?: string): string => {
  const told = (or: string): string =>
    `【${signature}】您办理的“${item}”已办结，请您评价。直接回复数字：${scale(labels)}${or}。不愿再收到提醒请回复T。`;
  const withPage = told(`；或打开 ${page} `);
  return page === undefined || [...withPage].length > LONGEST_REMINDER ? told("") : withPage;
};

export const unclearText = ({ signature, labels }: TextParts): string =>
  `【${signature}】没有看懂您的回复，还没有记录评价。请只回复一个数字：${scale(labels)}。`;

export const nothingOpenText = ({ signature }: TextParts): string =>
  `【${signature}】没有找到等待您评价的事项，您的回复没有被记录。如需评价，请使用窗口的二维码或网上评价。`;

export const tooLateText = ({ signature }: TextParts): string => `【${signature}】这件事项的评价已不能再提交或更改，您先前的评价仍然有效。`;

export const thanksText = ({ signature, labels }: TextParts, level: Level, receipt: string): string =>
  `【${signature}】感谢您的评价：${labels[level]}。凭查询码 ${receipt} 可以查看或更改。`;
