import { WindowRatingError } from "@window-rating/protocol/error";
import { BATCH_LIMITS } from "@window-rating/protocol/sync";
import { QUESTION_MS, untilScreenGivesUp } from "../console/screen-patience.ts";
import type { Identity } from "../identity/identity.ts";
import { writeBatch } from "../sync/batch-request.ts";
import { centralEndpoint, type Transport } from "../sync/exchange.ts";
import { judge } from "../sync/verdict.ts";

export interface CentralHighestOptions {
  readonly identity: Pick<Identity, "windowPcId" | "enrolment">;
  /** Where central is by the settings; null: where it was at the enrolment. */
  readonly centralUrl: string | null;
  readonly transport: Transport;
  readonly wallMs: () => number;
}

/** What is known of how far central has the entries of this PC. */
export type CentralHighest =
  /** There is no central that could have any. */
  | { readonly is: "not-enrolled" }
  | { readonly is: "told"; readonly highest: number }
  | { readonly is: "unknown"; readonly why: WindowRatingError };

/** Asks central by a batch without entries: nothing of this PC is in it. Never rejects. */
export const askCentralHighest = async ({
  identity: { windowPcId, enrolment },
  centralUrl,
  transport,
  wallMs,
}: CentralHighestOptions): Promise<CentralHighest> => {
  const known = enrolment();
  if (known === null) return { is: "not-enrolled" };
  const exchange = await transport.post({
    url: centralEndpoint(centralUrl ?? known.centralUrl, "/sync/v1/batches"),
    token: known.token,
    text: writeBatch(windowPcId, wallMs(), [], BATCH_LIMITS.bytes).text,
    signal: untilScreenGivesUp(),
  });
  const { cause, answer } = judge([], exchange, QUESTION_MS, wallMs());
  if (cause !== null) return { is: "unknown", why: new WindowRatingError(cause.code, cause.detail) };
  if (answer?.highest === undefined) return { is: "unknown", why: new WindowRatingError("WR6002", "this central is too old to say it") };
  return { is: "told", highest: answer.highest };
};

/**
 * The number that a rescued file must not lie behind: what central says, or has said to a person where it cannot be asked from here.
 * @param typed as a person has read it at central; null: nobody has looked
 * @returns null if there is no central to compare with
 * @throws WR4010 central cannot be asked, and nobody has looked there
 */
export const highestToReach = (central: CentralHighest, typed: number | null): number | null => {
  if (central.is === "told") return Math.max(central.highest, typed ?? 0);
  if (central.is === "not-enrolled" || typed !== null) return typed;
  throw new WindowRatingError(
    "WR4010",
    `central could not be asked how far it is, so look there and say its highest number (${central.why.message})`,
  );
};
