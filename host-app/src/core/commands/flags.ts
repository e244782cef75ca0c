import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { WindowRatingError } from "@window-rating/protocol/error";
import { nearestKey } from "../config/nearest-key.ts";
import { DATA_VARIABLE } from "../config/settings.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Flags that every command has. */
export const COMMON_FLAGS = {
  data: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const satisfies Options;

/**
 * The flags of a command by name.
 * @throws WR8002 naming the flag, and the nearest one there is
 */
export const readFlags = <const T extends Options>(args: readonly string[], options: T) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const named = /'-{1,2}([^' =]+)/.exec(message)?.[1];
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" && named !== undefined) {
      const meant = nearestKey(named, Object.keys(options));
      throw new WindowRatingError("WR8002", `unknown flag --${named}${meant === undefined ? "" : `; the nearest is --${meant}`}`, error);
    }
    throw new WindowRatingError("WR8002", message.split(/[.\n]/)[0] ?? message, error);
  }
};

/**
 * The data folder that a command works on.
 * @throws WR8002 if none is named: a window PC must never start on an empty folder by mistake
 */
export const dataDirOf = (flag: string | undefined, env: Readonly<Record<string, string | undefined>>): string => {
  const named = flag ?? env[DATA_VARIABLE];
  if (named === undefined || named === "")
    throw new WindowRatingError("WR8002", `no data folder is named: --data <dir>, or ${DATA_VARIABLE}`);
  return resolve(named);
};
