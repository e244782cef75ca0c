import { pairingListSchema, type WaitingPairing } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Pairing, Pairings } from "../desk/pairings.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { askDesk } from "./running-host.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host pair --name <name> [--origin <origin> …] --data <dir> [--json]
       window-host pair --list --data <dir> [--json]
       window-host pair --confirm <code> | --refuse <code> --data <dir>
       window-host pair --revoke <name> --data <dir>

Lets a business system use the desk API of this window PC. Its token is printed once and kept nowhere: only its hash is.
A running window-host obeys at once, without a restart. A business system can also ask by itself: it shows a code, --list shows the same
code here with its name and origin, and --confirm lets it in; it then has its token without anybody copying one.

  --name <name>      name of the business system; it stands on the record of every case it ends
  --origin <origin>  origin of its pages, exactly as a browser sends it, if it runs in one; may be given more than once
  --list             show what is paired, and which business system waits to be confirmed
  --confirm <code>   let the one in that shows this code on its screen; compare its origin with what you know
  --refuse <code>    refuse it; it may not ask again for ten minutes
  --revoke <name>    end a pairing; its token is worth nothing from then on
  --data <dir>       the data folder; or set WINDOW_RATING_DATA
  --json             print JSON

Examples:
  window-host pair --name "hall system" --origin https://business.example --data /var/lib/window-rating/window
  window-host pair --name "queue machine" --data /var/lib/window-rating/window --json
  window-host pair --confirm 482-913 --data /var/lib/window-rating/window
  window-host pair --revoke "queue machine" --data /var/lib/window-rating/window`;

export const pairCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    name: { type: "string" },
    origin: { type: "string", multiple: true },
    list: { type: "boolean", default: false },
    confirm: { type: "string" },
    refuse: { type: "string" },
    revoke: { type: "string" },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const actions = [flags.name, flags.confirm, flags.refuse, flags.revoke, flags.list || undefined].filter((action) => action !== undefined);
  if (actions.length !== 1) throw new WindowRatingError("WR8002", "give one of --name, --list, --confirm, --refuse and --revoke");
  const dataDir = dataDirOf(flags.data, env);
  const pairings = new Pairings(dataDir);

  if (flags.list) {
    const waiting = await waitingAt(dataDir);
    print(flags.json ? JSON.stringify({ pairings: pairings.shown(), waiting }) : list(pairings.shown(), waiting));
  } else if (flags.confirm !== undefined || flags.refuse !== undefined) {
    const [verb, code] = flags.confirm === undefined ? (["refuse", flags.refuse ?? ""] as const) : (["confirm", flags.confirm] as const);
    const after = pairingListSchema.parse(await askDesk(dataDir, `/desk/v1/pairings/${verb}`, { code }));
    const said = verb === "confirm" ? "It is paired; its page has its token now." : "It was refused.";
    print(flags.json ? JSON.stringify(after) : said);
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

/** A window-host that does not run is asked by nobody. */
const waitingAt = async (dataDir: string): Promise<readonly WaitingPairing[]> => {
  try {
    return pairingListSchema.parse(await askDesk(dataDir, "/desk/v1/pairings/list")).waiting;
  } catch (error) {
    if (error instanceof WindowRatingError && error.code === "WR8003") return [];
    throw error;
  }
};

const list = (pairings: ReturnType<Pairings["shown"]>, waiting: readonly WaitingPairing[]): string =>
  [
    pairings.length === 0
      ? "Nothing is paired. Example: window-host pair --name <name> --origin <origin>"
      : table([
          ["name", "paired", "last used", "pages"],
          ...pairings.map(({ name, origins, createdAt, lastUsedAt }) => [
            name,
            createdAt.slice(0, 10),
            lastUsedAt ?? "never seen",
            origins.join(" ") || "(no pages)",
          ]),
        ]),
    ...waiting.map(
      ({ name, origin, code }) =>
        `Waits to be confirmed: "${name}", ${origin ?? "a program, no page"}, code ${code}. If it shows this code: window-host pair --confirm ${code}`,
    ),
  ].join("\n");

const welcome = ({ name, origins }: Pairing, token: string): string =>
  [
    `"${name}" is paired${origins.length === 0 ? "; no page in a browser may use it" : ` for pages of ${origins.join(", ")}`}.`,
    "Its token, shown this once:",
    "",
    `  ${token}`,
    "",
    "Send it with each request: Authorization: Bearer <token>",
  ].join("\n");
