import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { decodeFirmwareFile } from "@window-rating/protocol/firmware";
import type { FirmwareImage } from "@window-rating/protocol/pad";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import type { PadList } from "./pad-shape.ts";
import { RunningPads } from "./running-pads.ts";

const HELP = `Usage: window-host pad update --image <file> [--window <no>] [--no-wait] --data <dir> [--json]

Brings new firmware to the pad of a running window-host and waits until the pad has kept it, or gone back. Ratings go on meanwhile and go first.
The pad itself looks at model, release and the maker's signature, and keeps its firmware of before until the new one has worked.
docs/firmware-update.md tells more.

  --image <file>  the image, as its maker made it (scripts/firmware/sign.ts)
  --window <no>   the window, where this PC serves several
  --no-wait       do not wait; window-host pad list --json tells how it goes
  --data <dir>    the data folder; or set WINDOW_RATING_DATA
  --json          print JSON

Exit codes: 0 the pad has kept it, 1 failed, 2 bad usage.

Examples:
  window-host pad update --image pad-1.1.0.wrfw --data /var/lib/window-rating/window
  window-host pad update --image pad-1.1.0.wrfw --window 12 --data /var/lib/window-rating/window`;

/** How it goes is looked at this often, milliseconds. */
const LOOK_EVERY_MS = 500;

export const padUpdateCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    image: { type: "string" },
    window: { type: "string" },
    "no-wait": { type: "boolean", default: false },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  if (flags.image === undefined || flags.image === "") throw new WindowRatingError("WR8002", "--image is missing");
  const image = resolve(flags.image);
  const { model, version } = readImage(image);
  const pads = new RunningPads(dataDirOf(flags.data, env), flags.window);
  const say = flags.json ? () => undefined : print;
  await pads.tell("update", { image });
  say(`Firmware ${version} for ${model} is on its way.`);
  const end = flags["no-wait"] ? await pads.look() : await untilOver(pads, say);
  const { windowNo, pad, files } = end;
  if (flags.json) print(JSON.stringify({ windowNo, model: pad.model, serialNumber: pad.serialNumber, update: files?.update ?? null }));
  return 0;
};

/** Read here first, so that a wrong file is told before anything is asked of the pad. */
export const readImage = (path: string): FirmwareImage => {
  try {
    return decodeFirmwareFile(new Uint8Array(readFileSync(path))).image;
  } catch (error) {
    if (error instanceof WindowRatingError) throw error;
    throw new WindowRatingError("WR1030", `${path}: ${(error as Error).message}`, error);
  }
};

type WindowView = PadList["windows"][number];

/** @throws the error with which the update failed */
const untilOver = async (pads: RunningPads, say: (text: string) => void): Promise<WindowView> => {
  let told = "";
  for (;;) {
    const view = await pads.look();
    const update = view.files?.update;
    if (update == null)
      throw new WindowRatingError("WR1034", "window-host was started anew meanwhile; the pad has kept what it has of the image");
    const words = wordsOf(view);
    if (words !== told) say(words);
    told = words;
    if (update.error !== undefined) throw new WindowRatingError(update.error.code as ErrorCode, update.error.detail);
    if (update.is === "kept") return view;
    await pause(LOOK_EVERY_MS);
  }
};

const wordsOf = ({ files }: WindowView): string => {
  const { update, progress } = files ?? { update: null, progress: null };
  switch (update?.is) {
    case "sending":
      return progress === null ? "Waits for the line." : `${Math.floor(progress * 10) * 10} % sent.`;
    case "waiting":
      return "The image is on the pad, which installs it when nothing is shown and no rating waits.";
    case "trial":
      return "The pad starts with it.";
    case "kept":
      return `The pad runs ${update.version} and keeps it.`;
    default:
      return "The pad did not keep it.";
  }
};
