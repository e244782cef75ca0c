import { readFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Explanation } from "../policy/explain.ts";
import { type Filled, type PolicyAnswer, policyPage } from "../policy/page/policy-page.ts";
import { questionOf, questionSchema } from "../policy/question.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { listRules } from "../policy/rule-list.ts";
import { parseRequest } from "./errors.ts";

interface PolicyParts {
  readonly book: RuleBook;
  readonly now: () => number;
}

const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const HEADERS = { "content-security-policy": CONTENT_SECURITY_POLICY, "referrer-policy": "no-referrer", "cache-control": "no-cache" };

const text = z.string().max(100).optional();
const filledSchema = z.object({ region: text, rule: text, class: text, channel: text, at: text, reading: text });

/** A "+" that nobody escaped arrives as a space: "2022-03-01T10:00 08:00". */
const mended = (query: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== "")
      .map(([key, value]) => [key, (key === "at" || key === "done") && typeof value === "string" ? value.replace(" ", "+") : value]),
  );

/**
 * The rules of the regions, and until when, and why. They are public documents: no log-on, no personal data, nothing stored.
 */
export const policyRoutes = (app: FastifyInstance, { book, now }: PolicyParts): void => {
  // Once it listens: a start that fails says nothing but why.
  app.addHook("onListen", async () => {
    try {
      for (const { en } of book.missingYears(now())) app.log.warn(en);
    } catch (error) {
      // Ratings are taken all the same; the rules say what is wrong when they are asked.
      app.log.error({ err: error }, "the calendar cannot be read");
    }
  });
  const asked = (query: unknown) => parseRequest(questionSchema, mended(query as Record<string, unknown>));
  const answer = (query: unknown) => {
    const question = asked(query);
    const explanation = book.explain(question.region, questionOf(question));
    return { ...explanation, warnings: [...explanation.warnings, ...book.missingYears(now())] };
  };
  app.get("/api/v1/policy/explain", async (request) => answer(request.query));
  app.get("/api/v1/policy/rules", async (request) => {
    const { region } = parseRequest(questionSchema.pick({ region: true }), request.query);
    const { pack, hash } = book.pack(region);
    return { region, hash, rules: listRules(pack), pack };
  });
  app.get("/api/v1/policy/packs", async () =>
    book.regions.map((region) => {
      const { pack, hash } = book.pack(region);
      const { name, version, status, document, signOff } = pack;
      return { region, name, version, status, document, signOff, hash };
    }),
  );

  const css = readFileSync(new URL("../policy/page/policy.css", import.meta.url));
  app.get("/policy.css", (_request, reply) => reply.headers({ ...HEADERS, "content-type": "text/css; charset=utf-8" }).send(css));
  app.get("/policy", (request, reply) => {
    const filled = Object.fromEntries(
      Object.entries(parseRequest(filledSchema, request.query)).filter(([, value]) => value !== undefined),
    ) as Filled;
    const shown = filled.at === undefined ? ({ is: "none" } as const) : pageAnswer(() => answer(filled), book, filled);
    const page = policyPage({
      packs: book.regions.map((region) => book.pack(region).pack),
      filled,
      answer: shown,
      missingYears: shown.is === "explained" ? [] : book.missingYears(now()),
      now: now(),
    });
    return reply
      .code(shown.is === "refused" ? 422 : 200)
      .headers({ ...HEADERS, "content-type": "text/html; charset=utf-8" })
      .send(page);
  });
};

const pageAnswer = (answer: () => Explanation, book: RuleBook, { region = "" }: Filled): PolicyAnswer => {
  try {
    const explanation = answer();
    return { is: "explained", explanation, calendar: book.calendar(region) };
  } catch (error) {
    if (error instanceof WindowRatingError) return { is: "refused", error };
    throw error;
  }
};
