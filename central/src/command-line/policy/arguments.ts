import { parseArgs } from "node:util";
import { z } from "zod";
import type { Question } from "../../policy/explain.ts";
import { questionOf, questionSchema } from "../../policy/question.ts";
import type { RuleBookFolders } from "../../policy/rule-book.ts";
import { CHANNELS, CLASSES, RULE_IDS } from "../../policy/vocabulary.ts";
import { faultOf, misread, misunderstood } from "../flag-fault.ts";

export const POLICY_HELP = `window-central policy: the regions' rules, and until when, and why. Needs no database but for what a site decides.

  window-central policy explain --region <id> --rule <id> --at <time> [--class <class>] [--channel <channel>]
                                [--reading <name>] [--done <time>]
  window-central policy rules --region <id>     every rule, every reading, with its clause
  window-central policy packs                   the packs: version, hash, signed or not
  window-central policy check                   checks every pack and the calendar

What this site decides, kept in its database with name and day; the packs and the calendar stay as they came:
  window-central policy choose --region <id> --rule <id> --reading <name> [--class <class>] [--channel <channel>] --by <who> --why <text>
  window-central policy sign --region <id> --hash <hash> --by <who>
  window-central policy local-days --region <id> --festival <name> --year <year> --paper <number> --by <who>
                                   [--off <day>[..<day>]] … [--work <day>] … | --none

Options:
  --class <class>       ${CLASSES.join(", ")}
  --channel <channel>   ${CHANNELS.join(", ")}
  --at <time>           when the clock started, e.g. 2022-03-01T10:00+08:00; without an offset, China Standard Time
  --reading <name>      another reading than the chosen one; explain and rules list them
  --done <time>         when the step was done: says whether in time
  --packs <folder>      other packs than those that come with central
  --calendar <folder>   another calendar
  --data <folder>       explain, rules and packs as the site in this folder reads them; --site: the one in DATABASE_URL
  --hash <hash>         what is signed: policy packs --data <folder> shows it
  --json                print data as JSON
  --help                this text

Rules: ${RULE_IDS.slice(0, 7).join(", ")},
       ${RULE_IDS.slice(7).join(", ")}

Examples:
  window-central policy explain --region weihai-lingang --rule rectification --class complex --channel online --at 2022-03-01T10:00+08:00
  window-central policy explain --region linxia --rule rectification-extended --class complex --at 2024-09-27T16:30 --reading ten-more --json
  window-central policy rules --region xishuangbanna

  window-central policy choose --region linxia --rule rectification-extended --class complex --reading ten-more --by "张三样例" --why "州政府办公室答复" --data <folder>
  window-central policy local-days --region xishuangbanna --festival 泼水节 --year 2026 --off 2026-04-13..2026-04-15 --paper <number> --by "张三样例" --data <folder>

Exit codes: 0 done, 1 failed (also: a year without a holiday paper), 2 command not understood
`;

export type PolicyCommand =
  | { readonly name: "help" }
  | {
      readonly name: "explain";
      readonly region: string;
      readonly question: Question;
      readonly folders: RuleBookFolders;
      readonly json: boolean;
    }
  | { readonly name: "rules"; readonly region: string; readonly folders: RuleBookFolders; readonly json: boolean }
  | { readonly name: "packs" | "check"; readonly folders: RuleBookFolders; readonly json: boolean };

const folders = { packs: z.string().min(1).optional(), calendar: z.string().min(1).optional() };
const common = { ...folders, json: z.boolean().default(false) };
const explainShape = questionSchema.extend(common);
const rulesShape = z.strictObject({ ...common, region: questionSchema.shape.region });
const plainShape = z.strictObject(common);

/** @param given what follows `policy`. @throws WindowRatingError WR8002 */
export const readPolicyCommand = (given: readonly string[]): PolicyCommand => {
  const { values, positionals } = split(given);
  const { help, ...options } = values;
  const [name, surplus] = positionals;
  if (help === true || name === undefined) return { name: "help" };
  if (surplus !== undefined) throw misunderstood(`"${surplus}" follows the command`);
  const read = <S extends z.ZodType>(shape: S): z.output<S> => {
    const parsed = shape.safeParse(options);
    if (parsed.success) return parsed.data;
    throw misunderstood(faultOf(parsed.error, `policy ${name}`));
  };
  switch (name) {
    case "explain": {
      const parsed = read(explainShape);
      return { name, region: parsed.region, question: questionOf(parsed), folders: parsed, json: parsed.json };
    }
    case "rules": {
      const parsed = read(rulesShape);
      return { name, region: parsed.region, folders: parsed, json: parsed.json };
    }
    case "packs":
    case "check": {
      const parsed = read(plainShape);
      return { name, folders: parsed, json: parsed.json };
    }
    default:
      throw misunderstood(
        `There is no command "policy ${name}"; there are explain, rules, packs and check; choose, sign and local-days for a site`,
      );
  }
};

const split = (given: readonly string[]) => {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        region: text,
        rule: text,
        class: text,
        channel: text,
        at: text,
        reading: text,
        done: text,
        packs: text,
        calendar: text,
        json: flag,
        help: { ...flag, short: "h" },
      },
    });
  } catch (error) {
    throw misread(error);
  }
};
