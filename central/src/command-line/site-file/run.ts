import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { SiteFileInForce } from "../../site-file/site-files.ts";
import { openAdministration } from "../administration.ts";
import { storageOf } from "../arguments.ts";
import { misread } from "../flag-fault.ts";
import { timeText } from "../text.ts";

const HELP = `window-central site-file: the signed site file that window PCs fetch when they enrol

  window-central site-file                          what is here
  window-central site-file put <file> [--new-key]   put a signed file here; window-host site makes and signs it

A window PC takes it with: window-host setup --central <address> --enrol <code> --window 12
Central checks the signature and refuses another key than that of the file before, unless --new-key says that the hall has a new
one, and every file that is not newer. Each window PC checks all of it again. Every version is kept.

Storage:
  --data <folder>       embedded database in this folder; a central may be running on it
  DATABASE_URL          PostgreSQL, if --data is not given

Options:
  --new-key             the hall has a new key
  --by <who>            who puts it here, for the record; the user name of the system if not given
  --json                print data as JSON
  --help                this text

Examples:
  window-central site-file put site.json --data ./central-data
  window-central site-file --data ./central-data --json

Exit codes: 0 done, 1 failed, 2 command not understood
`;

interface SiteFileSurroundings {
  readonly databaseUrl: string | undefined;
  out(text: string): void;
  err(text: string): void;
}

/** Runs `window-central site-file …`. @param given after that word @returns 0 done, 1 failed, 2 not understood */
export const runSiteFileCommand = async (given: readonly string[], { databaseUrl, out, err }: SiteFileSurroundings): Promise<number> => {
  try {
    const { values, positionals } = split(given);
    if (values.help) {
      out(HELP);
      return 0;
    }
    const [verb, path, ...more] = positionals;
    if (more.length > 0 || (verb !== undefined && (verb !== "put" || path === undefined)))
      throw new WindowRatingError("WR8002", "site-file takes nothing, or put <file>; --help shows examples");
    const text = path === undefined ? null : readNamed(path);
    const central = await openAdministration(storageOf(values.data, databaseUrl));
    try {
      const by = values.by ?? userInfo().username;
      const file = text === null ? await central.siteFile() : await central.putSiteFile({ text, by, newKey: values["new-key"] });
      out(values.json ? `${JSON.stringify(file)}\n` : siteFileText(file));
      return 0;
    } finally {
      await central.close();
    }
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return error.code === "WR8002" ? 2 : 1;
  }
};

const split = (given: readonly string[]) => {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        data: { type: "string" },
        by: { type: "string" },
        "new-key": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
  } catch (cause) {
    throw misread(cause);
  }
};

const readNamed = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new WindowRatingError("WR8012", `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
};

const siteFileText = (file: SiteFileInForce | null): string =>
  file === null
    ? "No site file is here; window-central site-file put <file> puts one\n"
    : `${file.site}, version ${file.version}, put here by ${file.putBy} at ${timeText(file.putAtMs)}\nSigned by ${file.signedBy}\n`;
