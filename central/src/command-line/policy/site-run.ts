import { WindowRatingError } from "@window-rating/protocol/error";
import { dateAt } from "../../calendar/civil-date.ts";
import type { SiteInForce } from "../../ratings/site.ts";
import { type Administration, openAdministration } from "../administration.ts";
import { runPolicyCommand } from "./run.ts";
import { readSitePolicyCommand, type SitePolicyCommand } from "./site-arguments.ts";

/** What these commands are given by their process. */
export interface SitePolicySurroundings {
  readonly databaseUrl: string | undefined;
  now(): number;
  out(text: string): void;
  err(text: string): void;
}

const BAD_USAGE: readonly string[] = ["WR8002", "WR7102", "WR7103", "WR7108", "WR7109"];

/**
 * Runs `window-central policy choose | sign | local-days`, and the reading commands with --data or --site: the rules as this site reads
 * them.
 * @param given what follows `policy`
 * @returns 0 done, 1 failed, 2 not understood
 */
export const runSitePolicyCommand = async (given: readonly string[], surroundings: SitePolicySurroundings): Promise<number> => {
  try {
    const command = readSitePolicyCommand(given, surroundings.databaseUrl);
    const central = await openAdministration(command.storage);
    try {
      return await run(command, central, surroundings);
    } finally {
      await central.close();
    }
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    surroundings.err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return BAD_USAGE.includes(error.code) ? 2 : 1;
  }
};

const run = async (command: SitePolicyCommand, central: Administration, surroundings: SitePolicySurroundings): Promise<number> => {
  if (command.name === "read") return runPolicyCommand(command.given, { ...surroundings, choices: await central.site() });
  const on = dateAt(surroundings.now());
  const site = await decide(command, central, on);
  surroundings.out(
    command.json
      ? `${JSON.stringify(site)}\n`
      : `${doneText(command)}（本站第${site.version}版 version ${site.version} of the site）\n${NOTE}\n`,
  );
  return 0;
};

const decide = (
  command: Exclude<SitePolicyCommand, { name: "read" }>,
  central: Administration,
  on: ReturnType<typeof dateAt>,
): Promise<SiteInForce> => {
  switch (command.name) {
    case "choose":
      return central.setSite({ readings: [{ ...command.choice, on }] }, command.choice.by);
    case "sign":
      return central.setSite({ signatures: [{ ...command.signature, on }] }, command.signature.by);
    case "local-days":
      return central.setSite({ localDays: [{ ...command.days, on }] }, command.days.by);
  }
};

const doneText = (command: Exclude<SitePolicyCommand, { name: "read" }>): string => {
  switch (command.name) {
    case "choose":
      return `已选定 Chosen: ${command.choice.region} ${command.choice.rule} ${command.choice.reading}, ${command.choice.by}`;
    case "sign":
      return `已签署 Signed: ${command.signature.region}, ${command.signature.by}`;
    case "local-days":
      return `已录入 Taken: ${command.days.festival} ${command.days.year}, ${command.days.paper}`;
  }
};

const NOTE =
  "已办结的环节不变；未办结的，在控制台重新计算后才改  Closed steps stay as they are; open ones change when they are computed anew on the console";
