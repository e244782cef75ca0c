import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { CONSOLE_HEALTH_REQUESTS } from "../../messages/console-health.ts";
import type { AnswerOf } from "../../messages/requests.ts";
import { windowsOf } from "../config/window-list.ts";
import { enrol } from "../identity/enrol.ts";
import { httpTransport } from "../sync/http-transport.ts";
import type { ConsoleParts } from "./console-parts.ts";
import { declaredRefusal } from "./refusal-of-central.ts";
import { untilScreenGivesUp } from "./screen-patience.ts";

const NEWEST = 100;

/** What of a refused entry may be shown: never its level, words or contact. */
const shownSchema = z.object({ kind: z.string(), binding: z.object({ caseNo: z.string() }).optional() });

const shownOf = (body: string): { kind: string; caseNo: string | null } => {
  try {
    const { kind, binding } = shownSchema.parse(JSON.parse(body));
    return { kind, caseNo: binding?.caseNo ?? null };
  } catch {
    return { kind: "unknown", caseNo: null };
  }
};

/** How this PC stands with central. */
export const readCentral = ({ config, health: { identity, sender, outbox, roster } }: ConsoleParts): AnswerOf<"central.read"> => {
  const enrolment = identity.enrolment();
  const state = sender?.state();
  const site = roster.site;
  return {
    centralUrl: config.central,
    windowPcId: identity.windowPcId,
    enrolledAt: enrolment?.enrolledAt ?? null,
    enrolledWith: enrolment?.centralUrl ?? null,
    sender: state === undefined ? null : { ...state, cause: state.cause?.text ?? null },
    ...outbox.counts(),
    newest: outbox
      .listSetAside()
      .slice(-NEWEST)
      .reverse()
      .map(({ entry, code, detail, atMs }) => ({ number: entry.number, ...shownOf(entry.body), code, detail, atMs })),
    roster: roster.status(),
    policy: site === null ? null : { regionName: site.regionName, packVersion: site.packVersion, calendar: site.calendar },
  };
};

/** @throws WR8001 if no central is set */
export const tryCentral = ({ health: { sender } }: ConsoleParts): Record<string, never> => {
  if (sender === null) throw noCentral();
  sender.poke();
  return {};
};

/** The same as `--enrol`. What sends looks for the new token by itself; nothing is started anew. @throws as declared */
export const enrolHere = async (
  { config, clock, health: { identity, sender } }: ConsoleParts,
  code: string,
): Promise<{ windowPcId: string }> => {
  if (config.central === null) throw noCentral();
  const transport = httpTransport();
  try {
    const [{ windowNo }] = windowsOf(config);
    const signal = untilScreenGivesUp();
    await enrol(identity, { centralUrl: config.central, code, windowNo, transport, wallMs: clock.wallMs(), signal });
    sender?.poke();
    return { windowPcId: identity.windowPcId };
  } catch (error) {
    throw declaredRefusal(error, CONSOLE_HEALTH_REQUESTS["central.enrol"].errors);
  } finally {
    transport.close();
  }
};

const noCentral = (): WindowRatingError =>
  new WindowRatingError(
    "WR8001",
    "no central is set: set central among the settings of the site, or with window-host config --set central=<url>, then start window-host again",
  );
