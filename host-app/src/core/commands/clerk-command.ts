import { type AddClerk, type ClerkList, clerkListSchema, pinCodeSchema } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { dateTime } from "./quantities.ts";
import { askDesk } from "./running-host.ts";
import { table } from "./table.ts";
import { typedSecret } from "./typed-secret.ts";

const HELP = `Usage: window-host clerk list --data <dir> [--json]
       window-host clerk add <staffNo> --name <name> [--title <title>] [--stars <0-5>] [--party-member | --no-party-member] --data <dir> [--json]
       window-host clerk code <staffNo> --data <dir> [--json]
       window-host clerk pin <staffNo> --data <dir> [--json]
       window-host clerk card <staffNo> [--none] --data <dir> [--json]
       window-host clerk unlock [<staffNo>] [--window <no>] --data <dir> [--json]
       window-host clerk remove <staffNo> --data <dir> [--json]

The clerks of a running window-host: what they sign in with at its windows. docs/clerk.md tells more.

  list      who there is, whether they have PIN and card, and what is locked after wrong PINs
  add       a clerk whom central's roster does not name; or another name or card for one: what is left out stays
  code      a one-time code with which the clerk chooses a PIN, for three days; it is shown this once. Ends a lock
  pin       a PIN that the clerk must change at first use, typed on standard input. Ends a lock
  card      a card, swiped at a reader (its digits on standard input); --none takes it away
  unlock    a clerk, a window, or both
  remove    forgets PIN, card and name; what was rated stays as it is

  --name <name>   the clerk's name
  --title <title> title on the card that a pad shows
  --stars <0-5>   stars of the clerk's grade, on that card; 0: none
  --party-member  the card bears the party emblem (中共党员); --no-party-member takes it away
  --window <no>   the window whose lock is to end
  --data <dir>    the data folder; or set WINDOW_RATING_DATA
  --json          print JSON

A PIN and a card are read from standard input alone: what stands on a command line others can see.

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  window-host clerk add 1001 --name 张三样例 --data /var/lib/window-rating/window
  window-host clerk code 1001 --data /var/lib/window-rating/window
  window-host clerk unlock 1001 --window 12 --data /var/lib/window-rating/window`;

const VERBS = ["list", "add", "code", "pin", "card", "unlock", "remove"] as const;
type Verb = (typeof VERBS)[number];

const isVerb = (text: string): text is Verb => VERBS.some((verb) => verb === text);

export const clerkCommand: Command = async ([verb = "", ...args], { env, print }) => {
  if (["--help", "-h"].includes(verb)) {
    print(HELP);
    return 0;
  }
  if (!isVerb(verb)) throw new WindowRatingError("WR8002", `window-host clerk has ${VERBS.join(", ")}; not "${verb.slice(0, 40)}"`);
  const [staffNo, rest] = args[0] !== undefined && !args[0].startsWith("-") ? [args[0], args.slice(1)] : [undefined, args];
  const flags = readFlags(rest, {
    ...COMMON_FLAGS,
    name: { type: "string" },
    window: { type: "string" },
    none: { type: "boolean", default: false },
    title: { type: "string" },
    stars: { type: "string" },
    "party-member": { type: "boolean", default: false },
    "no-party-member": { type: "boolean", default: false },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const dataDir = dataDirOf(flags.data, env);
  const whose = (): string => {
    if (staffNo === undefined) throw new WindowRatingError("WR8002", `window-host clerk ${verb} needs a staff number`);
    return staffNo;
  };
  const say = flags.json ? () => undefined : print;
  const tell = async (path: string, body?: object): Promise<number> => {
    const list = clerkListSchema.parse(await askDesk(dataDir, `/desk/v1/clerks${path}`, body));
    print(flags.json ? JSON.stringify(list) : listText(list));
    return 0;
  };
  switch (verb) {
    case "list":
      return tell("");
    case "add":
      if (flags.name === undefined) throw new WindowRatingError("WR8002", "window-host clerk add needs --name");
      return tell("/add", { staffNo: whose(), name: flags.name, ...cardOf(flags) });
    case "remove":
      return tell("/remove", { staffNo: whose() });
    case "pin":
      return tell("/pin", { staffNo: whose(), pin: await typedSecret({ what: "the PIN", isByHand: true, say }) });
    case "card":
      return tell("/card", {
        staffNo: whose(),
        ...(flags.none ? {} : { card: await typedSecret({ what: "the digits of the card, by its reader", isByHand: false, say }) }),
      });
    case "unlock": {
      if (staffNo === undefined && flags.window === undefined)
        throw new WindowRatingError("WR8002", "window-host clerk unlock needs a staff number or --window");
      const windowNo = flags.window === undefined ? {} : { windowNo: flags.window };
      return tell("/unlock", { ...(staffNo === undefined ? {} : { staffNo }), ...windowNo });
    }
    case "code": {
      const made = pinCodeSchema.parse(await askDesk(dataDir, "/desk/v1/clerks/code", { staffNo: whose() }));
      print(flags.json ? JSON.stringify(made) : `${made.code}   good once, until ${dateTime(made.expiresAtMs)}`);
      return 0;
    }
  }
};

interface CardFlags {
  readonly title?: string;
  readonly stars?: string;
  readonly "party-member": boolean;
  readonly "no-party-member": boolean;
}

/** What is said of the card that a pad shows. @throws WR8002 */
const cardOf = ({ title, stars, ...is }: CardFlags): Pick<AddClerk, "title" | "stars" | "partyMember"> => {
  if (is["party-member"] && is["no-party-member"]) throw new WindowRatingError("WR8002", "--party-member or --no-party-member, not both");
  if (stars !== undefined && !/^[0-5]$/.test(stars)) throw new WindowRatingError("WR8002", "--stars takes a number from 0 to 5");
  return {
    ...(title === undefined ? {} : { title }),
    ...(stars === undefined ? {} : { stars: Number(stars) }),
    ...(is["party-member"] || is["no-party-member"] ? { partyMember: is["party-member"] } : {}),
  };
};

const onCardText = (onCard: ClerkList["clerks"][number]["onCard"]): string => {
  if (onCard == null) return "";
  const { title, stars, partyMember } = onCard;
  return [title ?? "", "★".repeat(stars ?? 0), partyMember === true ? "党员" : ""].filter((part) => part !== "").join(" ");
};

const PIN_TEXT = { none: "no PIN", "set-by-it": "PIN to be changed", own: "PIN", "code-given": "code given" } as const;
const LOCK_TEXT = { none: "", "for-a-while": "locked for a while", "until-unlocked": "locked: window-host clerk unlock" } as const;

const listText = ({ clerks, lockedWindows }: ClerkList): string =>
  [
    clerks.length === 0
      ? "No clerk signs in at this PC by PIN or card. Example: window-host clerk add 1001 --name 张三样例"
      : table([
          ["clerk", "name", "named by", "on the card", "", "", "at window", ""],
          ...clerks.map(({ staffNo, name, source, onCard, pin, hasCard, onDutyAt, lock }) => [
            staffNo,
            name,
            source === "central" ? "central" : "this PC",
            onCardText(onCard),
            PIN_TEXT[pin],
            hasCard ? "card" : "",
            onDutyAt.join(", "),
            LOCK_TEXT[lock],
          ]),
        ]),
    ...lockedWindows.map(({ windowNo, forMs }) => `Window ${windowNo} takes no PIN for ${Math.ceil(forMs / 1000)} s: too many wrong ones.`),
  ].join("\n");
