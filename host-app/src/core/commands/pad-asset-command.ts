import { WindowRatingError } from "@window-rating/protocol/error";
import { AssetFolder } from "../files/asset-folder.ts";
import { readRoster } from "../roster/roster-file.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import type { PadList } from "./pad-shape.ts";
import { askDesk } from "./running-host.ts";
import { RunningPads } from "./running-pads.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host pad asset list --data <dir> [--json]
       window-host pad asset put --name <name> --file <path> --data <dir> [--json]
       window-host pad asset drop --name <name> --data <dir> [--json]

Pictures, voices and lists that every pad of this PC is to have, in the folder assets of the data folder. Each pad is brought what it
lacks whenever it connects, and at once by put and drop while window-host runs. docs/firmware-update.md tells more.

  list  what pads are to have, and which pads have it
  put   takes a file in: PNG, JPEG, WAV or JSON, at most 16 MB
  drop  takes it out; the pads are told to forget it

  --name <name>  logo, photo/<staffNo>, qr/window, voice/<language>/<prompt>, language/<tag>, reasons/<version>
  --file <path>  the file; its ending tells what it is
  --data <dir>   the data folder; or set WINDOW_RATING_DATA
  --json         print JSON

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  window-host pad asset put --name photo/1001 --file zhang.jpg --data /var/lib/window-rating/window
  window-host pad asset put --name logo --file logo.png --data /var/lib/window-rating/window
  window-host pad asset list --data /var/lib/window-rating/window`;

export const padAssetCommand: Command = async ([verb = "", ...args], { env, print }) => {
  if (["--help", "-h"].includes(verb)) {
    print(HELP);
    return 0;
  }
  if (!["list", "put", "drop"].includes(verb)) {
    throw new WindowRatingError("WR8002", `window-host pad asset has list, put, drop; not "${verb.slice(0, 40)}"`);
  }
  const flags = readFlags(args, { ...COMMON_FLAGS, name: { type: "string" }, file: { type: "string" } });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const dataDir = dataDirOf(flags.data, env);
  const folder = new AssetFolder(dataDir);
  if (verb === "put") folder.put(given(flags.name, "name"), given(flags.file, "file"));
  if (verb === "drop" && !folder.drop(given(flags.name, "name"))) {
    throw new WindowRatingError("WR1031", `there is no asset ${flags.name} in the folder`);
  }
  const pads = await askPads(dataDir, verb !== "list");
  const { files, unusable } = folder.read(readRoster(dataDir, () => undefined).reasons);
  const assets = files.map(({ asset }) => ({ name: asset.name, kind: asset.kind, size: asset.size, ...onPads(asset.name, pads) }));
  if (flags.json)
    print(JSON.stringify({ assets, unusable: unusable.map(({ path, why }) => ({ path, why: why.detail })), isRunning: pads !== null }));
  else
    print(
      listText(
        assets,
        unusable.map(({ why }) => why.detail),
        pads !== null,
      ),
    );
  return 0;
};

const given = (value: string | undefined, name: string): string => {
  if (value === undefined || value === "") throw new WindowRatingError("WR8002", `--${name} is missing`);
  return value;
};

/** The pads of the window-host that runs, after it has looked at the folder anew; null if none runs: pads are brought it at the next start. */
const askPads = async (dataDir: string, isChanged: boolean): Promise<PadList | null> => {
  try {
    if (isChanged) await askDesk(dataDir, "/desk/v1/pads/assets/refresh", {});
    return await new RunningPads(dataDir, undefined).list();
  } catch (error) {
    if (error instanceof WindowRatingError && error.code === "WR8003") return null;
    throw error;
  }
};

interface OnPads {
  /** Windows whose pads have it, lack it still, or did not take it. */
  readonly held: readonly string[];
  readonly waiting: readonly string[];
  readonly refused: Readonly<Record<string, string>>;
}

const onPads = (name: string, pads: PadList | null): OnPads => {
  const windows = pads?.windows ?? [];
  const where = (has: (files: NonNullable<PadList["windows"][number]["files"]>) => boolean) =>
    windows.filter(({ files }) => files !== null && has(files)).map(({ windowNo }) => windowNo);
  return {
    held: where(({ held, waiting }) => held.includes(name) && !waiting.includes(name)),
    waiting: where(({ waiting }) => waiting.includes(name)),
    refused: Object.fromEntries(
      windows.flatMap(({ windowNo, files }) => (files?.refused[name] === undefined ? [] : [[windowNo, files.refused[name]]])),
    ),
  };
};

const listText = (
  assets: readonly ({ name: string; kind: string; size: number } & OnPads)[],
  unusable: readonly string[],
  isRunning: boolean,
): string =>
  [
    table([
      ["asset", "kind", "bytes", "on the pads of windows"],
      ...assets.map(({ name, kind, size, held, waiting, refused }) => [
        name,
        kind,
        String(size),
        [
          held.join(" "),
          ...(waiting.length === 0 ? [] : [`on its way: ${waiting.join(" ")}`]),
          ...Object.entries(refused).map(([windowNo, why]) => `${windowNo}: ${why}`),
        ]
          .filter(Boolean)
          .join("; "),
      ]),
    ]),
    ...unusable.map((why) => `not usable: ${why}`),
    ...(isRunning ? [] : ["window-host does not run here: pads are brought their files when it does."]),
  ].join("\n");
