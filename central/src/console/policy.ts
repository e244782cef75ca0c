import { sql } from "kysely";
import type { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { parseRequest } from "../http/errors.ts";
import type { LoadedPack } from "../policy/load.ts";
import type { Pack } from "../policy/pack-schema.ts";
import { questionOf, questionSchema } from "../policy/question.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { answerText } from "../policy/rule-list.ts";
import type { Rule, Variant } from "../policy/rule-schema.ts";
import { EVENTS, RULE_IDS, RULE_NAMES, STOPS } from "../policy/vocabulary.ts";
import { readSite } from "../ratings/site.ts";
import type { explainQuerySchema, explanationSchema, packListSchema, RuleList } from "./contract/policy.ts";

const packHead = ({ pack, hash }: LoadedPack): RuleList["pack"] => ({
  region: pack.region,
  name: pack.name,
  version: pack.version,
  status: pack.status,
  statusNote: pack.statusNote ?? null,
  document: pack.document,
  signOff: pack.signOff,
  hash,
});

/** The packs of all regions, and what this site chose of one of them, by whom and when. */
export const readPacks = async (db: CentralDatabase, book: RuleBook, nowMs: number): Promise<z.output<typeof packListSchema>> => {
  const { version, ...choices } = await inTransaction(db, readSite);
  const { rows } = await sql<{
    set_by: string;
    set_at_ms: number;
  }>`select set_by, set_at_ms from site_policies where version = ${version}::bigint`.execute(db);
  return {
    packs: book.regions.map((region) => packHead(book.pack(region))),
    site: { version, region: choices.region, setBy: rows[0]?.set_by ?? null, setAtMs: rows[0]?.set_at_ms ?? null, choices: { ...choices } },
    missingYears: book.missingYears(nowMs),
  };
};

/** Every rule of a region with all its readings, each with the very words of the document. @throws WindowRatingError WR7101, WR7102 */
export const readRules = (book: RuleBook, region: string): RuleList => {
  const loaded = book.pack(region);
  return { pack: packHead(loaded), rules: RULE_IDS.map((id) => ruleOf(id, loaded.pack.rules[id])) };
};

const ruleOf = (id: keyof Pack["rules"], rule: Rule): RuleList["rules"][number] => {
  const hasClock = "variants" in rule;
  const variants: readonly Variant[] = hasClock ? rule.variants : [{ when: {}, ...rule }];
  return {
    rule: id,
    name: RULE_NAMES[id],
    actor: hasClock ? rule.actor : null,
    event: hasClock ? EVENTS[rule.event] : null,
    stop: hasClock ? STOPS[rule.stop] : null,
    variants: variants.map(variantOf),
  };
};

const variantOf = (variant: Variant): RuleList["rules"][number]["variants"][number] => {
  const when = { class: variant.when.class ?? null, channel: variant.when.channel ?? null };
  if ("saysNothing" in variant) return { ...when, saysNothing: variant.saysNothing, readings: [], chosen: null };
  const chosen = variant.chosen?.reading ?? variant.readings[0]?.name;
  return {
    ...when,
    saysNothing: null,
    readings: variant.readings.map((reading) => ({
      name: reading.name,
      text: reading.text,
      answer: answerText(reading),
      ask: reading.answer.is === "no-number",
      chosen: reading.name === chosen,
      cites: reading.cites,
    })),
    chosen: variant.chosen ?? null,
  };
};

/** Until when, and why. @throws WindowRatingError WR7001, WR7101 to WR7106 */
export const explainRule = (
  book: RuleBook,
  asked: z.output<typeof explainQuerySchema>,
  nowMs: number,
): z.output<typeof explanationSchema> => {
  const question = parseRequest(questionSchema, asked);
  const explanation = book.explain(question.region, questionOf(question));
  // The contract names what the page reads; all the rest of the explanation goes with it.
  return { ...explanation, warnings: [...explanation.warnings, ...book.missingYears(nowMs)] } as unknown as z.output<
    typeof explanationSchema
  >;
};
