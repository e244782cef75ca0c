import type { Text } from "../../calendar/schema.ts";
import type { Step } from "../../policy/count.ts";
import type { Explanation } from "../../policy/explain.ts";
import type { LoadedPack } from "../../policy/load.ts";
import { listRules } from "../../policy/rule-list.ts";
import { FACT_NAMES } from "../../policy/vocabulary.ts";

const both = ({ zh, en }: Text): string => `${zh}  ${en}`;

/** Chinese first, English second; the answer on the first line. */
export const explanationText = (explanation: Explanation, pack: LoadedPack["pack"]): string => {
  const { due, ask, ruleName, cites, clause, chosen, actor, extension, stop } = explanation;
  const facts = [explanation.class, explanation.channel].flatMap((fact) => (fact === null ? [] : [both(FACT_NAMES[fact])]));
  const answer =
    due !== null ? due : ask ? "须由人设定日期  a person must set the date" : "本地区没有此项规定  this region has no such rule";
  const lines = [
    `期限 Due: ${answer}`,
    [both(pack.name), both(ruleName), ...facts].join(" · "),
    `条款 Clause: ${clause}`,
    ...cites.map(({ line, quote }) => `  L${line} 「${quote}」`),
    ...(actor === null ? [] : [`责任 Who: ${[actor, ...explanation.with].join("，协同 with ")}`]),
    ...(explanation.to.length === 0 ? [] : [`报送 To: ${explanation.to.join("、")}`]),
    ...explanation.readings.map(readingText(explanation.reading)),
    ...(chosen === null ? [] : [`  选定 Chosen: ${chosen.reading}, ${chosen.on}, ${both(chosen.by)}`, `  理由 Why: ${both(chosen.why)}`]),
    "经过 Steps:",
    ...explanation.steps.map(stepText),
    ...(extension === null ? [] : [extensionText(extension)]),
    ...(stop === null ? [] : [`停止 Stops: ${both(stop.text)}${stop.at === null ? "" : ` ${stop.at}${doneText(stop.inTime, due)}`}`]),
    ...explanation.assumptions.map((text) => `假定 Assumed: ${both(text)}`),
    ...explanation.warnings.map((text) => `注意 Warning: ${both(text)}`),
  ];
  return `${lines.join("\n")}\n`;
};

/** With a due moment and yet no answer it is on the spot. */
const doneText = (inTime: boolean | null, due: string | null): string => {
  if (inTime !== null) return inTime ? " 按期 in time" : " 逾期 late";
  return due === null ? "" : " 是否当场由人判断 a person says whether it was on the spot";
};

const readingText =
  (used: string | null) =>
  ({ name, text, due, ask, chosen, refused }: Explanation["readings"][number]): string => {
    const result = due ?? (ask ? "由人设定 a person sets it" : (refused ?? "—"));
    const marks = [name === used ? "本次 used" : "", chosen ? "选定 chosen" : ""].filter((mark) => mark !== "").join(", ");
    return `读法 Reading ${name}${marks === "" ? "" : ` [${marks}]`}: ${result}  ${both(text)}`;
  };

const stepText = ({ date, counted, number, why, kind }: Step): string => {
  // CJK characters are two columns wide: six columns each.
  const mark = kind !== "day" ? " ".repeat(6) : counted ? `第${String(number ?? "").padStart(2)}天` : "跳过  ";
  return `  ${(date ?? "").padEnd(10)} ${mark}  ${both(why)}`;
};

const extensionText = ({ capWorkingDays, approvalBy, tell, base, tellBefore }: NonNullable<Explanation["extension"]>): string => {
  const parts = [
    `原期限 without extension ${base ?? "—"}`,
    capWorkingDays === null ? "无上限 no cap" : `上限 cap ${capWorkingDays} 个工作日 working days`,
    ...(approvalBy === null ? [] : [`${approvalBy}批准 approves`]),
    `告知 tell ${tell.join("、")}`,
    ...(tellBefore === null ? [] : [`须在此日之前 before ${tellBefore}`]),
  ];
  return `延期 Extension: ${parts.join("；")}`;
};

export const rulesText = ({ pack, hash }: LoadedPack): string => {
  const lines = listRules(pack).map(({ rule, ruleName, class: classes, channel, reading, chosen, answer, text, clause }) => {
    const when = [...(classes ?? []), ...(channel ?? [])].join(", ");
    const mark = reading === null || (reading === "as-written" && chosen) ? "" : ` [${reading}${chosen ? ", 选定 chosen" : ""}]`;
    return `${rule} ${ruleName.zh}${when === "" ? "" : ` (${when})`}${mark}: ${both(answer)}\n    ${both(text)}\n    ${clause}\n`;
  });
  return `${packLine({ pack, hash })}\n${lines.join("")}`;
};

const packLine = ({ pack, hash }: LoadedPack): string => {
  const signed = pack.signOff === null ? "未签署 not signed" : `签署 signed: ${pack.signOff.by}, ${pack.signOff.on}`;
  const draft = pack.status === "draft" ? " 草案 DRAFT" : "";
  return `${pack.region}  ${both(pack.name)}  v${pack.version}${draft}  ${signed}\n  ${pack.document.number}《${pack.document.title}》\n  ${hash}\n`;
};

export const packsText = (packs: readonly LoadedPack[]): string => packs.map(packLine).join("");
