import { squeeze } from "./quote.ts";
import type { Cite } from "./rule-schema.ts";

/** What is wrong with a pack, at which clause of its document, and what to do about it. */
export interface PackProblem {
  readonly path: string;
  readonly clause?: string;
  readonly message: string;
}

export const problemText = ({ path, clause, message }: PackProblem): string =>
  `${path}${clause === undefined ? "" : ` (${clause})`}: ${message}`;

/** The words of some cites without white space, one quote a line. */
export const wordsIn = (cites: readonly Cite[]): string => cites.map(({ quote }) => squeeze(quote)).join("\n");

export const clausesIn = (cites: readonly Cite[]): string => [...new Set(cites.map(({ clause }) => clause))].join(", ") || "no clause";
