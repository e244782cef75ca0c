import { join } from "node:path";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";
import { EMPTY_ROSTER, type RosterState, rosterStateSchema } from "./roster-state.ts";

const rosterPath = (dataDir: string): string => join(dataDir, "roster.json");

/**
 * The state as it was last kept. Nothing in the file is this PC's own: one that cannot be used is told and fetched anew.
 * @param unusable told why
 */
export const readRoster = (dataDir: string, unusable: (why: string) => void): RosterState => {
  try {
    const text = readIfPresent(rosterPath(dataDir));
    return text === null ? EMPTY_ROSTER : rosterStateSchema.parse(JSON.parse(text));
  } catch (error) {
    unusable(error instanceof Error ? error.message.slice(0, 200) : String(error));
    return EMPTY_ROSTER;
  }
};

/** On disk, whole, when it returns. */
export const keepRoster = (dataDir: string, state: RosterState): void => replaceFile(rosterPath(dataDir), `${JSON.stringify(state)}\n`);
