import { parseArgs } from "node:util";
import { z } from "zod";
import { civilDateSchema } from "../../calendar/schema.ts";
import type { Storage } from "../../central.ts";
import { CHANNELS, CLASSES, RULE_IDS } from "../../policy/vocabulary.ts";
import { storageOf } from "../arguments.ts";
import { faultOf, misread, misunderstood } from "../flag-fault.ts";
import { SITE_POLICY_NAMES } from "./needs-site.ts";

/** What a site decides about the rules; it is kept as a new version of the site, with name and day. */
export type SitePolicyCommand = { readonly storage: Storage; readonly json: boolean } & (
  | {
      readonly name: "choose";
      readonly choice: Pick<z.output<typeof chooseShape>, "region" | "rule" | "reading" | "by" | "why" | "class" | "channel">;
    }
  | { readonly name: "sign"; readonly signature: Pick<z.output<typeof signShape>, "region" | "hash" | "by"> }
  | {
      readonly name: "local-days";
      readonly days: Pick<z.output<typeof daysShape>, "region" | "festival" | "year" | "paper" | "off" | "work" | "by">;
    }
  /** explain, rules and packs as this site reads the rules. */
  | { readonly name: "read"; readonly given: readonly string[] }
);

const needed = (what: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? `is missing: ${what}` : undefined),
});
const common = { data: z.string().min(1).optional(), json: z.boolean().default(false), site: z.boolean().default(false) };
const region = z.string(needed("one of the regions with a pack"));
const by = z.string(needed("who decided it goes on the record")).trim().min(1).max(64);

const chooseShape = z.strictObject({
  ...common,
  region,
  rule: z.enum(RULE_IDS, needed(`one of ${RULE_IDS.join(", ")}`)),
  class: z.enum(CLASSES).nullable().default(null),
  channel: z.enum(CHANNELS).nullable().default(null),
  reading: z.string(needed("one that policy rules lists")).min(1).max(64),
  by,
  why: z.string(needed("the reason goes on the record")).trim().min(1).max(500),
});
const signShape = z.strictObject({
  ...common,
  region,
  hash: z.string(needed("what policy packs shows, as this site reads the pack")).regex(/^[0-9a-f]{64}$/, "is no hash of 64 digits"),
  by,
});

/** "2026-04-13..2026-04-15", or one day. */
const stretch = z.string().transform((text, context) => {
  const [first, last] = text.split("..");
  const parsed = z.tuple([civilDateSchema, civilDateSchema]).safeParse([first, last ?? first]);
  if (parsed.success) return { first: parsed.data[0], last: parsed.data[1] };
  context.addIssue(`"${text}" is no day or stretch such as 2026-04-13..2026-04-15`);
  return z.NEVER;
});
const daysShape = z
  .strictObject({
    ...common,
    region,
    festival: z.string(needed("its name, e.g. 泼水节")).trim().min(1).max(40),
    year: z.coerce.number(needed("e.g. 2026")).int().min(2000).max(2199),
    paper: z.string(needed("the number of the paper, 文号")).trim().min(1).max(100),
    off: z.array(stretch).default([]),
    work: z.array(civilDateSchema).default([]),
    none: z.boolean().default(false),
    by,
  })
  .refine(({ off, work, none }) => (off.length + work.length === 0) === none, {
    path: ["off"],
    message: "give the days, or --none if the paper gives none in that year",
  });

/** @throws WindowRatingError WR8002 */
export const readSitePolicyCommand = (given: readonly string[], databaseUrl: string | undefined): SitePolicyCommand => {
  const name = SITE_POLICY_NAMES.find((one) => one === given[0]);
  if (name === undefined) return readingCommand(given, databaseUrl);
  const options = split(given.slice(1));
  const read = <S extends z.ZodType<{ data?: string | undefined; json: boolean }>>(shape: S) => {
    const parsed = shape.safeParse(options);
    if (!parsed.success) throw misunderstood(faultOf(parsed.error, `policy ${name}`));
    return { parsed: parsed.data, storage: storageOf(parsed.data.data, databaseUrl), json: parsed.data.json };
  };
  switch (name) {
    case "choose": {
      const { parsed, ...rest } = read(chooseShape);
      const { data: _, json: __, site: ___, ...choice } = parsed;
      return { name, choice, ...rest };
    }
    case "sign": {
      const { parsed, ...rest } = read(signShape);
      return { name, signature: { region: parsed.region, hash: parsed.hash, by: parsed.by }, ...rest };
    }
    case "local-days": {
      const { parsed, ...rest } = read(daysShape);
      const { data: _, json: __, site: ___, none: ____, ...days } = parsed;
      return { name, days, ...rest };
    }
  }
};

/** Takes --data and --site away; the rest is for the command that knows no database. */
const readingCommand = (given: readonly string[], databaseUrl: string | undefined): SitePolicyCommand => {
  let data: string | undefined;
  const rest: string[] = [];
  for (let index = 0; index < given.length; index++) {
    const word = given[index] as string;
    if (word === "--data") {
      index += 1;
      data = given[index];
      if (data === undefined) throw misunderstood("--data names no folder");
    } else if (word.startsWith("--data=")) data = word.slice("--data=".length);
    else if (word !== "--site") rest.push(word);
  }
  return { name: "read", given: rest, storage: storageOf(data, databaseUrl), json: given.includes("--json") };
};

const split = (given: readonly string[]) => {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const many = { type: "string", multiple: true } as const;
    const one = { region: text, rule: text, class: text, channel: text, reading: text, why: text, hash: text, by: text };
    const days = { festival: text, year: text, paper: text, off: many, work: many, none: flag };
    return parseArgs({ args: [...given], options: { ...one, ...days, data: text, site: flag, json: flag } }).values;
  } catch (error) {
    throw misread(error);
  }
};
