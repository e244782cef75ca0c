import { spawn } from "node:child_process";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { SESSION_SCREENS, type SessionScreen } from "../screens/screen-sessions.ts";
import { openedScreenSchema, type ScreenList, screenListSchema } from "../screens/screens.ts";
import { citizenScreen } from "./citizen-screen.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { dateTime } from "./quantities.ts";
import { askDesk } from "./running-host.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host screen strip [--window <no>] [--print] --data <dir> [--json]
       window-host screen console [--print] --data <dir> [--json]
       window-host screen citizen [--window <no>] [--replace] [--print] --data <dir> [--json]
       window-host screen list --data <dir> [--json]
       window-host screen end <id> | --all --data <dir> [--json]

Opens a screen of a running window-host in the browser of this PC. The address works once and for two minutes; the browser that opened
it may show the screen from then on, also after a restart, until it was not used for thirty days. docs/clerk.md tells more.

  strip       the clerk's strip
  console     the console of IT staff
  citizen     the citizen's page of a window whose pad.port is browser, for a second touch monitor of this PC: the first time with a code
              that makes the browser there the window's pad; press the button that it shows. docs/browser-pad.md tells more
  list        the browsers that may show screens
  end         end the session of one, or of all with --all; it is cut off at once

  --window <no>   the window, where this PC serves several
  --replace       of citizen: this browser in the place of the one, or of the tablet, that the window has
  --print         print the address and open nothing: for another user's browser, or one that is to be started with flags of its own
  --data <dir>    the data folder; or set WINDOW_RATING_DATA
  --json          print JSON and open nothing

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  window-host screen strip --window 12 --data /var/lib/window-rating/window
  chromium --app="$(window-host screen strip --print --data /var/lib/window-rating/window)" --window-size=1280,64
  chromium --kiosk --window-position=1920,0 "$(window-host screen citizen --print --data /var/lib/window-rating/window)"
  window-host screen end --all --data /var/lib/window-rating/window`;

export const screenCommand: Command = async ([what = "", ...args], environment) => {
  const { env, print } = environment;
  if (["--help", "-h"].includes(what)) {
    print(HELP);
    return 0;
  }
  const [id, rest] = what === "end" && args[0] !== undefined && !args[0].startsWith("-") ? [args[0], args.slice(1)] : [undefined, args];
  const flags = readFlags(rest, {
    ...COMMON_FLAGS,
    window: { type: "string" },
    print: { type: "boolean", default: false },
    replace: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const dataDir = dataDirOf(flags.data, env);
  const say = (answer: object, text: string): number => {
    print(flags.json ? JSON.stringify(answer) : text);
    return 0;
  };
  if (what === "citizen") {
    const ask = (verb: string, body: object): Promise<unknown> => askDesk(dataDir, `/desk/v1/pads/browser/${verb}`, body);
    const screen = await citizenScreen(ask, flags.window, flags.replace);
    if (!flags.json && !flags.print) openInBrowser(screen.url);
    return say(screen, screen.url);
  }
  if (isScreen(what)) {
    const windowNo = flags.window === undefined ? {} : { windowNo: flags.window };
    const opened = openedScreenSchema.parse(await askDesk(dataDir, "/desk/v1/screens/open", { screen: what, ...windowNo }));
    if (!flags.json && !flags.print) openInBrowser(opened.url);
    return say(opened, opened.url);
  }
  if (what === "list") {
    const list = screenListSchema.parse(await askDesk(dataDir, "/desk/v1/screens/list", {}));
    return say(list, listed(list));
  }
  if (what === "end") {
    if ((id === undefined) !== flags.all) throw new WindowRatingError("WR8002", "give the id of one session, or --all");
    const { ended } = endedSchema.parse(await askDesk(dataDir, "/desk/v1/screens/end", id === undefined ? {} : { id }));
    return say({ ended }, ended === 1 ? "1 session ended." : `${ended} sessions ended.`);
  }
  throw new WindowRatingError(
    "WR8002",
    `window-host screen has ${SESSION_SCREENS.join(", ")}, citizen, list, end; not "${what.slice(0, 40)}"`,
  );
};

const endedSchema = z.object({ ended: z.number().int() });

const isScreen = (what: string): what is SessionScreen => (SESSION_SCREENS as readonly string[]).includes(what);

const listed = ({ connected, sessions }: ScreenList): string =>
  [
    sessions.length === 0
      ? "No browser may show a screen. Example: window-host screen strip"
      : table([
          ["id", "screen", "window", "since", "used"],
          ...sessions.map(({ id, screen, windowNo, createdAtMs, usedAtMs }) => [
            id,
            screen,
            windowNo ?? "(all)",
            dateTime(createdAtMs),
            dateTime(usedAtMs),
          ]),
        ]),
    `${connected} connected now.`,
  ].join("\n");

/** Where there is no browser to be had the address that is printed does it. */
const openInBrowser = (url: string): void => {
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
};

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
  darwin: ["open"],
};
