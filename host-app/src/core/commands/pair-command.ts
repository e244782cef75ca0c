import { WindowRatingError } from "@window-rating/protocol/error";
import { type Pairing, Pairings } from "../desk/pairings.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host pair --name <name> [--origin <origin> …] --data <dir> [--json]
       window-host pair --list --data <dir> [--json]
       window-host pair --revoke <name> --data <dir>

Lets a business system use the desk API of this window PC. Its token is printed once and kept nowhere: only its hash is.
A running window-host obeys at once, without a restart.

  --name <name>      name of the business system; it stands on the record of every case it ends
  --origin <origin>  origin of its pages, exactly as a browser sends it, if it runs in one; may be given more than once
  --list             show what is paired
  --revoke <name>    end a pairing; its token is worth nothing from then on
  --data <dir>       the data folder; or set WINDOW_RATING_DATA
  --json             print JSON

Examples:
  window-host pair --name "hall system" --origin https://business.example --data /var/lib/window-rating
  window-host pair --name "queue machine" --data /var/lib/window-rating --json
  window-host pair --revoke "queue machine" --data /var/lib/window-rating`;

export const pairCommand: Command = (args, { env, print }) => {
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    name: { type: "string" },
    origin: { type: "string", multiple: true },
    list: { type: "boolean", default: false },
    revoke: { type: "string" },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const actions = [flags.name !== undefined, flags.list, flags.revoke !== undefined].filter(Boolean).length;
  if (actions !== 1) throw new WindowRatingError("WR8002", "give one of --name, --list and --revoke");
  const pairings = new Pairings(dataDirOf(flags.data, env));

  if (flags.list) {
    print(flags.json ? JSON.stringify({ pairings: pairings.list().map(shown) }) : list(pairings.list()));
  } else if (flags.revoke !== undefined) {
    pairings.revoke(flags.revoke);
    print(flags.json ? JSON.stringify({ revoked: flags.revoke }) : `"${flags.revoke}" is paired no longer.`);
  } else if (flags.name !== undefined) {
    const { pairing, token } = pairings.add(flags.name, flags.origin ?? [], Date.now());
    print(flags.json ? JSON.stringify({ ...shown(pairing), token }) : welcome(pairing, token));
  }
  return 0;
};

/** The hash stays here: who sees it learns nothing, but has no use for it either. */
const shown = ({ name, origins, createdAt }: Pairing): Omit<Pairing, "tokenHash"> => ({ name, origins, createdAt });

const list = (pairings: readonly Pairing[]): string =>
  pairings.length === 0
    ? "Nothing is paired. Example: window-host pair --name <name> --origin <origin>"
    : table(pairings.map(({ name, origins, createdAt }) => [name, createdAt.slice(0, 10), origins.join(" ") || "(no pages)"]));

const welcome = ({ name, origins }: Pairing, token: string): string =>
  [
    `"${name}" is paired${origins.length === 0 ? "; no page in a browser may use it" : ` for pages of ${origins.join(", ")}`}.`,
    "Its token, shown this once:",
    "",
    `  ${token}`,
    "",
    "Send it with each request: Authorization: Bearer <token>",
  ].join("\n");
