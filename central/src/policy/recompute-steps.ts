import { WindowRatingError } from "@window-rating/protocol/error";
import type { CentralDatabase } from "../database/tables.ts";
import { type PolicyStep, recompute } from "./policy-step.ts";
import type { RuleBook } from "./rule-book.ts";
import { openStepsAfter, recordStep } from "./step-store.ts";

/** What became of the open steps of a region. */
export interface Recomputed {
  /** Steps with a further revision. */
  readonly changed: readonly string[];
  /** How many stand under the pack, reading and calendar of now already. */
  readonly unchanged: number;
  /** Steps that stay as they are, with the reason. */
  readonly refused: readonly { readonly stepId: string; readonly code: string; readonly detail: string }[];
}

const PAGE = 500;

/**
 * Computes the open steps of a region anew, after its pack, a chosen reading or the calendar was changed. Each that comes out otherwise
 * gets a further revision; closed ones stay under what they were computed. Called again it changes nothing more.
 * @throws WindowRatingError WR7101, WR7102
 */
export const recomputeSteps = async (db: CentralDatabase, book: RuleBook, region: string, nowMs: number): Promise<Recomputed> => {
  book.pack(region);
  const changed: string[] = [];
  const refused: Recomputed["refused"][number][] = [];
  let unchanged = 0;
  let after: string | undefined;
  do {
    const steps = await openStepsAfter(db, region, after, PAGE);
    for (const step of steps) {
      try {
        const anew = recompute(step, explainAgain(book, step));
        if (anew === step) unchanged += 1;
        else {
          await recordStep(db, anew, nowMs);
          changed.push(step.stepId);
        }
      } catch (error) {
        if (!(error instanceof WindowRatingError)) throw error;
        refused.push({ stepId: step.stepId, code: error.code, detail: error.detail });
      }
    }
    after = steps.length === PAGE ? steps.at(-1)?.stepId : undefined;
  } while (after !== undefined);
  return { changed, unchanged, refused };
};

/** The question of a step, answered by the rules of now. A reading that somebody named for this one step stays named. */
const explainAgain = (book: RuleBook, { explanation }: PolicyStep): ReturnType<RuleBook["explain"]> => {
  const { region, rule, at, reading, chosen } = explanation;
  return book.explain(region, {
    rule,
    class: explanation.class ?? undefined,
    channel: explanation.channel ?? undefined,
    at: Date.parse(at),
    reading: chosen !== null && reading !== null && reading !== chosen.reading ? reading : undefined,
  });
};
