import { WindowRatingError } from "@window-rating/protocol/error";
import { PACK_FOLDER, readPack } from "../../policy/load.ts";
import { problemText } from "../../policy/pack-problem.ts";
import { openRuleBook, type RuleBook } from "../../policy/rule-book.ts";
import { listRules } from "../../policy/rule-list.ts";
import { NO_CHOICES, type SiteChoices } from "../../policy/site-choices.ts";
import { POLICY_HELP, type PolicyCommand, readPolicyCommand } from "./arguments.ts";
import { explanationText, packsText, rulesText } from "./text.ts";

/** What a policy command is given by its process. */
export interface PolicySurroundings {
  /** Unix milliseconds: from November on, next year's missing paper is warned of. */
  now(): number;
  /** What a site lays over the packs and the calendar; absent: nothing. */
  readonly choices?: SiteChoices;
  out(text: string): void;
  err(text: string): void;
}

const BAD_USAGE: readonly string[] = ["WR8002", "WR7102", "WR7103", "WR7106"];

/** Runs `window-central policy …`. @param given what follows `policy`. @returns 0 done, 1 failed, 2 not understood */
export const runPolicyCommand = (given: readonly string[], surroundings: PolicySurroundings): number => {
  try {
    return run(readPolicyCommand(given), surroundings);
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    surroundings.err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return BAD_USAGE.includes(error.code) ? 2 : 1;
  }
};

const run = (command: PolicyCommand, { now, out, choices = NO_CHOICES }: PolicySurroundings): number => {
  if (command.name === "help") {
    out(POLICY_HELP);
    return 0;
  }
  const book = openRuleBook(command.folders).with(choices);
  const shown = <T>(data: T, text: (data: T) => string): void => out(command.json ? `${JSON.stringify(data)}\n` : text(data));
  switch (command.name) {
    case "explain": {
      const answer = book.explain(command.region, command.question);
      const warned = { ...answer, warnings: [...answer.warnings, ...book.missingYears(now())] };
      shown(warned, (data) => explanationText(data, book.pack(command.region).pack));
      return 0;
    }
    case "rules": {
      const loaded = book.pack(command.region);
      if (command.json) out(`${JSON.stringify({ region: command.region, hash: loaded.hash, rules: listRules(loaded.pack) })}\n`);
      else out(rulesText(loaded));
      return 0;
    }
    case "packs": {
      const packs = book.regions.map((region) => book.pack(region));
      if (command.json) out(`${JSON.stringify(packs.map(({ pack, hash }) => ({ ...summaryOf(pack), hash })))}\n`);
      else out(packsText(packs));
      return 0;
    }
    case "check":
      return check(book, command, now(), out);
  }
};

const summaryOf = ({ region, name, version, status, document, signOff }: ReturnType<RuleBook["pack"]>["pack"]) => ({
  region,
  name,
  version,
  status,
  document,
  signOff,
});

const check = (
  book: RuleBook,
  { folders, json }: Extract<PolicyCommand, { name: "packs" | "check" }>,
  now: number,
  out: (text: string) => void,
): number => {
  const problems = book.regions.flatMap((region) =>
    readPack(region, folders.packs ?? PACK_FOLDER).problems.map((problem) => ({ region, ...problem })),
  );
  // A pack may be right in itself and ask for local holidays that the calendar lacks.
  if (problems.length === 0) for (const region of book.regions) book.calendar(region);
  const warnings = book.missingYears(now);
  if (json) out(`${JSON.stringify({ regions: book.regions, problems, warnings })}\n`);
  else {
    for (const { region, ...problem } of problems) out(`${region}.json, ${problemText(problem)}\n`);
    for (const { zh, en } of warnings) out(`注意 Warning: ${zh}  ${en}\n`);
    out(problems.length === 0 ? `${book.regions.length} 个规则包，没有问题  packs, no problem\n` : `${problems.length} 个问题  problems\n`);
  }
  return problems.length === 0 ? 0 : 1;
};
