import { existsSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { siteFileAnswerSchema } from "@window-rating/protocol/sync";
import { readConfigFile } from "../config/config-file.ts";
import { prepareDataDir } from "../config/data-dir.ts";
import { enrol, refusalOf } from "../identity/enrol.ts";
import { openIdentity } from "../identity/identity.ts";
import { jsonOf } from "../sync/answer-text.ts";
import { centralEndpoint, type Transport } from "../sync/exchange.ts";

export interface PullOptions {
  readonly dataDir: string;
  /** Address of central; by default the one of config.json, else where this PC enrolled. */
  readonly centralUrl: string | undefined;
  /** One-time code of central; a PC that is enrolled there already needs none. */
  readonly code: string | undefined;
  /** By default the window that the code was made for. */
  readonly windowNo: string | undefined;
  readonly transport: Transport;
  readonly wallMs: number;
  /** Ends the try as a whole; by default each question ends after 30 s. */
  readonly signal?: AbortSignal;
}

export interface PulledSite {
  /** To be admitted as any other: central has no part in who may sign. */
  readonly siteText: string;
  readonly centralUrl: string;
  /** The window that this PC enrolled for. */
  readonly windowNo: string;
  readonly enrolment: "new" | "before";
}

const TIMEOUT_MS = 30_000;

/**
 * Fetches the hall's site file from central; a PC that is not enrolled there is enrolled first.
 * @throws WR6xxx, WR7xxx as central says, among them WR6003 without a code where one is needed, WR8014 if central has none
 */
export const pullSite = async (options: PullOptions): Promise<PulledSite> => {
  const { dataDir, code, windowNo, transport, wallMs, signal } = options;
  prepareDataDir(dataDir);
  // Beside a chain of entries no new identity is made: central would refuse all that the lost one signed.
  const identity = openIdentity(dataDir, existsSync(join(dataDir, "window.db")));
  const known = identity.enrolment();
  const set = readConfigFile(dataDir).get("central");
  const centralUrl = options.centralUrl ?? (typeof set === "string" ? set : undefined) ?? known?.centralUrl;
  if (centralUrl === undefined) throw new WindowRatingError("WR6003", "this PC knows no central: give --central <url> and --enrol <code>");
  const isKnown = known?.centralUrl === centralUrl;
  if (!isKnown) {
    if (code === undefined)
      throw new WindowRatingError("WR6003", `at ${centralUrl}; give --enrol <code>, which window-central enrol makes`);
    await enrol(identity, { centralUrl, code, windowNo, transport, wallMs, ...(signal === undefined ? {} : { signal }) });
  }
  const exchange = await transport.post({
    url: centralEndpoint(centralUrl, "/sync/v1/site-file"),
    token: identity.enrolment()?.token ?? null,
    text: JSON.stringify({ windowPcId: identity.windowPcId }),
    signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
  });
  if (exchange.is === "aborted") throw new WindowRatingError("WR6001", "the question for the site file got no answer in time");
  if (exchange.is !== "answer") throw new WindowRatingError("WR6001", exchange.reason);
  if (exchange.status !== 200) throw refusalOf(exchange.status, exchange.text);
  const answer = siteFileAnswerSchema.safeParse(jsonOf(exchange.text)).data;
  if (answer === undefined) throw new WindowRatingError("WR6002", "its answer to the question for the site file is none");
  if (answer.text === null) throw new WindowRatingError("WR8014", `${centralUrl} has none`);
  return { siteText: answer.text, centralUrl, windowNo: answer.windowNo, enrolment: isKnown ? "before" : "new" };
};
