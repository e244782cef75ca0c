import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { WindowRatingError } from "@window-rating/protocol/error";
import { contentHash } from "./content-hash.ts";
import { isFreshSchema, profileJsonSchema } from "./json-schema.ts";
import type { ProfileProblem } from "./profile-text.ts";
import { PROFILE_FOLDER, problemLine, readFolder } from "./profiles.ts";

const HELP = `Checks every device profile, with its variants and templates, and lists everything that is wrong.

  npm run profiles:check                           the profiles that come with the system
  npm run profiles:check -- /etc/window-rating/profiles   a folder of your own
  npm run profiles:check -- --json                 {"profiles":[{id,hash}],"problems":[{file,path,message}]}
  npm run profiles:check -- --write-schema         makes schema/profile.schema.json anew, then checks

The hash of a profile tells whether two PCs read a pad alike; it is recorded with each press on another maker's pad.
How to write a profile: docs/profiles.md.
Exit code: 0 all good, 1 something is wrong, 2 bad usage.
`;

const SCHEMA_FILE = join(import.meta.dirname, "..", "schema", "profile.schema.json");

const checkSchema = (): ProfileProblem[] => {
  let text = "";
  try {
    text = readFileSync(SCHEMA_FILE, "utf8");
  } catch {
    // A missing file is as stale as an old one.
  }
  if (isFreshSchema(text)) return [];
  return [
    {
      file: "../schema/profile.schema.json",
      path: "$",
      message: "is older than src/schema.ts; run npm run profiles:check -- --write-schema",
    },
  ];
};

const check = (folder: string, json: boolean): number => {
  const library = readFolder(folder);
  const problems = [...library.problems, ...checkSchema()];
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
  if (flags.values["write-schema"]) writeFileSync(SCHEMA_FILE, `${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
  try {
    return check(flags.positionals[0] ?? PROFILE_FOLDER, flags.values.json ?? false);
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    console.error(error.message);
    return 1;
  }
};

process.exitCode = main(process.argv.slice(2));
