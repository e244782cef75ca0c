import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { WindowRatingError } from "@window-rating/protocol/error";
import { contentHash } from "./content-hash.ts";
import { withFieldTables } from "./field-tables.ts";
import { isFreshSchema, profileJsonSchema } from "./json-schema.ts";
import type { ProfileProblem } from "./profile-text.ts";
import { PROFILE_FOLDER, problemLine, readFolder } from "./profiles.ts";

const HELP = `Checks every device profile, with its variants and templates, and lists everything that is wrong.

  npm run profiles:check                           the profiles that come with the system
  npm run profiles:check -- /etc/window-rating/profiles   a folder of your own
  npm run profiles:check -- --json                 {"profiles":[{id,hash}],"problems":[{file,path,message}]}
  npm run profiles:check -- --write-schema         makes schema/profile.schema.json and the tables of docs/profiles.md anew, then checks

The hash of a profile tells whether two PCs read a pad alike; it is recorded with each press on another maker's pad.
How to write a profile: docs/profiles.md.
Exit code: 0 all good, 1 something is wrong, 2 bad usage.
`;

const SCHEMA_FILE = join(import.meta.dirname, "..", "schema", "profile.schema.json");
const PAGE_FILE = join(import.meta.dirname, "..", "..", "docs", "profiles.md");

/** What is made from the schema must be as new as it. */
const checkMade = (): ProfileProblem[] => {
  const message = "is older than src/schema.ts; run npm run profiles:check -- --write-schema";
  const page = textOf(PAGE_FILE);
  return [
    ...(isFreshSchema(textOf(SCHEMA_FILE)) ? [] : [{ file: "../schema/profile.schema.json", path: "$", message }]),
    ...(page === "" || page === withFieldTables(page) ? [] : [{ file: "../../docs/profiles.md", path: "$", message }]),
  ];
};

/** A missing file is as stale as an old one; where only the package is installed there is no page. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

const writeMade = (): void => {
  writeFileSync(SCHEMA_FILE, `${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
  writeFileSync(PAGE_FILE, withFieldTables(textOf(PAGE_FILE)));
};

const check = (folder: string, json: boolean): number => {
  const library = readFolder(folder);
  const problems = [...library.problems, ...checkMade()];
  const profiles = library.profiles.map((profile) => ({ id: profile.id, hash: contentHash(profile) }));
  if (json) console.log(JSON.stringify({ profiles, problems }));
  else {
    for (const { id, hash } of profiles) console.log(`${hash.slice(0, 12)} ${id}`);
    for (const problem of problems) console.error(`WR2001 ${problemLine(problem)}`);
    console.log(problems.length === 0 ? `${profiles.length} good` : `${problems.length} wrong`);
  }
  return problems.length === 0 ? 0 : 1;
};

const OPTIONS = { json: { type: "boolean" }, "write-schema": { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

const main = (argv: string[]): number => {
  let flags: ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;
  try {
    flags = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
    if (flags.positionals.length > 1) throw new Error("Give one folder at most");
  } catch (error) {
    console.error(`WR8002 ${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (flags.values.help) {
    console.log(HELP);
    return 0;
  }
  if (flags.values["write-schema"]) writeMade();
  try {
    return check(flags.positionals[0] ?? PROFILE_FOLDER, flags.values.json ?? false);
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    console.error(error.message);
    return 1;
  }
};

process.exitCode = main(process.argv.slice(2));
