import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { basename } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Administration, openAdministration } from "../administration.ts";
import { readSiteCommand, SITE_HELP, type SiteCommand } from "./arguments.ts";
import { importText, newSystemText, siteText, systemsText } from "./text.ts";

/** What these commands are given by their process. */
export interface SiteSurroundings {
  readonly databaseUrl: string | undefined;
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs `window-central import …`, `system …` or `site …`.
 * @param given from that word on
 * @returns 0 done, 1 failed or bad rows, 2 not understood
 */
export const runSiteCommand = async (given: readonly string[], surroundings: SiteSurroundings): Promise<number> => {
  try {
    const command = readSiteCommand(given, surroundings.databaseUrl);
    if (command.name === "help") {
      surroundings.out(SITE_HELP);
      return 0;
    }
    // Read before any database is opened: a wrong path is the likeliest fault.
    const bytes = command.name === "import" ? readFile(command.file) : Buffer.alloc(0);
    const central = await openAdministration(command.storage, command.name === "import" ? command.contactKeys : undefined);
    try {
      return await run(command, bytes, central, surroundings.out);
    } finally {
      await central.close();
    }
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    surroundings.err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return error.code === "WR8002" ? 2 : 1;
  }
};

const readFile = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new WindowRatingError("WR7031", `${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
};

const run = async (
  command: Exclude<SiteCommand, { name: "help" }>,
  bytes: Buffer,
  central: Administration,
  out: (text: string) => void,
): Promise<number> => {
  const show = <T>(data: T, text: (data: T) => string): number => {
    out(command.json ? `${JSON.stringify(data)}\n` : text(data));
    return 0;
  };
  switch (command.name) {
    case "import": {
      const { kind, file, mode, by = userInfo().username } = command;
      const report = await central.importFile({ kind, mode, fileName: basename(file), bytes, by });
      show(report, importText);
      return report.bad.length === 0 ? 0 : 1;
    }
    case "system add":
      return show(await central.addSystem(command.system), newSystemText);
    case "system list":
      return show(await central.systems(), systemsText);
    case "system revoke":
      await central.revokeSystem(command.systemNo);
      return show({ revoked: command.systemNo }, ({ revoked }) => `The token of business system ${revoked} is no longer taken\n`);
    case "site":
      return show(await central.site(), siteText);
    case "site set":
      return show(await central.setSite(command.changes, command.by), siteText);
  }
};
