import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { deskPortFor } from "../desk/desk-port.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, readFlags } from "./flags.ts";
import { askOpenDesk } from "./running-host.ts";

const HELP = `Usage: window-host open-link <url> [--port <port>] [--data <dir>] [--json]
       window-host open-link --handler linux | windows

Ends a case by a one-time link that a business system made: window-rating://end-case?ticket=… The system starts this command when somebody
clicks such a link. It needs no right to the data folder: the ticket in the link is what is checked, by the window-host that runs. Packages
register it by themselves.

  --port <port>     where the desk API listens; default: as control.json in --data says, as the installed service tells every user of this
                    PC (/run/window-rating/desk-port.json), or 7100
  --handler <os>    print what registers this command for window-rating:// links: a desktop entry for
                    /usr/share/applications/window-rating-link.desktop (then: update-desktop-database), or a .reg file for Windows
  --data <dir>      the data folder, if this user may read it; or set WINDOW_RATING_DATA
  --json            print JSON

Exit codes: 0 done, 1 failed or refused, 2 bad usage.

Examples:
  window-host open-link "window-rating://end-case?ticket=7b22…"
  window-host open-link --handler linux > /usr/share/applications/window-rating-link.desktop`;

/** What registers the command with the system. */
const HANDLERS = {
  linux: `[Desktop Entry]
Type=Application
Name=Window Rating link
Name[zh_CN]=好差评链接
Exec=window-host open-link %u
MimeType=x-scheme-handler/window-rating;
NoDisplay=true
Terminal=false`,
  windows: `Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\window-rating]
@="URL:Window Rating link"
"URL Protocol"=""

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\window-rating\\shell\\open\\command]
@="\\"C:\\\\Program Files\\\\Window Rating\\\\window-rating.exe\\" \\"%1\\""`,
} as const;

const openedSchema = z.object({ requestId: z.string().nullable() });

export const openLinkCommand: Command = async (args, { env, print }) => {
  const [first] = args;
  const url = first !== undefined && !first.startsWith("-") ? first : undefined;
  const flags = readFlags(url === undefined ? args : args.slice(1), {
    ...COMMON_FLAGS,
    port: { type: "string" },
    handler: { type: "string" },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  if (flags.handler !== undefined && url === undefined) {
    if (!Object.hasOwn(HANDLERS, flags.handler)) throw new WindowRatingError("WR8002", "--handler is linux or windows");
    print(HANDLERS[flags.handler as keyof typeof HANDLERS]);
    return 0;
  }
  if (url === undefined) throw new WindowRatingError("WR8002", "give the link: window-host open-link <url>");
  const dataDir = flags.data ?? env.WINDOW_RATING_DATA ?? "";
  const port = flags.port === undefined ? deskPortFor(dataDir, env.RUNTIME_DIRECTORY) : portIn(flags.port);
  const opened = openedSchema.parse(await askOpenDesk(port, "/desk/v1/links/open", { url }));
  print(flags.json ? JSON.stringify(opened) : "The case has ended; the pad asks for a rating.");
  return 0;
};

const portIn = (flag: string): number => {
  const port = Number(flag);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new WindowRatingError("WR8002", "--port is a number from 1 to 65535");
  return port;
};
