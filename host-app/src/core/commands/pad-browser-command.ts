import { writeFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { toString as qrCode } from "qrcode";
import { z } from "zod";
import { type BrowserPadList, browserPadListSchema, type OfferedPage, offeredPageSchema } from "../browser-pads/browser-pad-shape.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { dateTime } from "./quantities.ts";
import { askDesk } from "./running-host.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host pad browser [--window <no>] [--replace] [--svg <file>] --data <dir> [--json]
       window-host pad browser --list --data <dir> [--json]
       window-host pad browser --remove [--window <no>] --data <dir> [--json]

Makes a tablet, or a second touch monitor of this PC, the pad of a window whose pad.port is browser. Prints a QR code: scan it with the
tablet and press the button that it shows. The code is good for one tablet and ten minutes; whoever scans it is the window's pad, so
show it to nobody else. docs/browser-pad.md tells how the page is served.

  --window <no>   the window, where this PC has several such windows
  --replace       put another tablet in the place of the one that the window has
  --svg <file>    write the QR code as a picture, readable by you alone; delete it when it is used
  --list          the windows, their tablets, and until when the certificate is good
  --remove        the window's tablet is admitted no longer; what it has not delivered stays in it
  --data <dir>    the data folder; or set WINDOW_RATING_DATA
  --json          print JSON

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  window-host pad browser --window 12 --data /var/lib/window-rating/window
  window-host pad browser --window 12 --replace --svg /tmp/window-12.svg --data /var/lib/window-rating/window
  chromium --kiosk "$(window-host pad browser --json | jq -r .url)"          a second monitor of this PC`;

export const padBrowserCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    window: { type: "string" },
    replace: { type: "boolean", default: false },
    svg: { type: "string" },
    list: { type: "boolean", default: false },
    remove: { type: "boolean", default: false },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  if (Number(flags.list) + Number(flags.remove) + Number(flags.replace) > 1 || ((flags.list || flags.remove) && flags.svg !== undefined))
    throw new WindowRatingError("WR8002", "give one of --list, --remove and --replace, and --svg with neither of the first two");
  const dataDir = dataDirOf(flags.data, env);
  const window = flags.window === undefined ? {} : { windowNo: flags.window };
  const ask = (verb: string, body: object): Promise<unknown> => askDesk(dataDir, `/desk/v1/pads/browser/${verb}`, body);
  const say = (answer: object, text: string): number => {
    print(flags.json ? JSON.stringify(answer) : text);
    return 0;
  };
  if (flags.list) {
    const list = browserPadListSchema.parse(await ask("list", {}));
    return say(list, listed(list));
  }
  if (flags.remove) {
    const { removed } = z.object({ removed: z.boolean() }).parse(await ask("remove", window));
    return say({ removed }, removed ? "The window's tablet is admitted no longer." : "The window had no tablet.");
  }
  const offered = offeredPageSchema.parse(await ask("offer", { ...window, replace: flags.replace }));
  if (flags.svg !== undefined) writePicture(flags.svg, await qrCode(offered.url, { type: "svg", errorCorrectionLevel: "M" }));
  return say(offered, flags.json ? "" : await shown(offered));
};

/** @throws WR8006 */
const writePicture = (path: string, svg: string): void => {
  try {
    writeFileSync(path, svg, { mode: 0o600 });
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${path} cannot be written: ${(cause as Error).message}`, cause);
  }
};

const shown = async ({ url, windowNo, expiresInMs }: OfferedPage): Promise<string> =>
  [
    // With its own colours: dark on light, whatever the terminal's are.
    await qrCode(url, { type: "terminal", small: true, errorCorrectionLevel: "M" }),
    `Scan this with the tablet of window ${windowNo}, or open it there, within ${Math.round(expiresInMs / 60_000)} minutes; then press the button:`,
    url,
  ].join("\n");

const listed = ({ origin, failure, certificateUntil, windows }: BrowserPadList): string => {
  const rows = windows.map(({ windowNo, tablet }) =>
    tablet === null
      ? [windowNo, "no tablet", "", ""]
      : [
          windowNo,
          tablet.isConnected ? "connected" : "away",
          tablet.serialNumber ?? "",
          `admitted ${dateTime(Date.parse(tablet.admittedAt))}${tablet.isPersistent === false ? "; its browser may clear what it keeps" : ""}`,
        ],
  );
  return [
    table([["window", "", "tablet", ""], ...rows]),
    failure === null ? `Served at ${origin}` : `Not served: ${failure.code} ${failure.detail}`,
    ...(certificateUntil === null ? [] : [`Certificate good until ${dateTime(Date.parse(certificateUntil))}`]),
  ].join("\n");
};
