import { WindowRatingError } from "@window-rating/protocol/error";
import type { Text } from "../calendar/schema.ts";
import { readFormToken } from "../channels/form-token.ts";
import { rateByTicket } from "../channels/ticket-rating.ts";
import { matterOf, openQuestions, openTicket, subjectsOf, type Ticket, type TicketSubject } from "../channels/tickets.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { needsRealName } from "../ratings/rules.ts";
import { type Question, showOutcome, takeForm } from "./answering.ts";
import type { SentForm } from "./form-schema.ts";
import { ratePage } from "./rating-pages.ts";
import { type CitizenParts, newForm, type RulesHere, requireOpen, rulesHere, type Shown } from "./surroundings.ts";
import { chinaTime } from "./texts.ts";

const aboutOf = (code: string, kind: string): string => `dynamic code ${code.toUpperCase()} ${kind}`;

/** What a dynamic code opens. @throws WindowRatingError WR7040, WR7041, WR7042, WR7023 */
export const openTicketPage = (parts: CitizenParts, code: string): Promise<Shown> =>
  inTransaction(parts.db, async (tx) => {
    const here = await rulesHere(tx, parts);
    const ticket = await openTicket(tx, parts.keys, code, parts.nowMs);
    requireOpen(ticket.channel, here.policy);
    const [subject] = await openQuestions(tx, ticket, here.policy, parts.nowMs);
    if (subject === undefined) throw await nothingToAsk(tx, ticket, here, parts.nowMs);
    const form = newForm(parts, aboutOf(code, subject.kind));
    return { status: 200, page: ratePage((await questionOf(tx, ticket, subject, form, here)).asked) };
  });

const nothingToAsk = async (tx: Tx, ticket: Ticket, { policy }: RulesHere, nowMs: number): Promise<WindowRatingError> =>
  (await subjectsOf(tx, ticket, policy, nowMs)).length === 0
    ? new WindowRatingError("WR7023", "The case of this code is not completed")
    : new WindowRatingError("WR7042", "It was rated with this code before");

/** Takes a form of a page that a dynamic code opened. Who opened it in time may finish. */
export const takeTicketForm = async (parts: CitizenParts, code: string, sent: SentForm): Promise<Shown> => {
  const { db, keys, nowMs } = parts;
  const { here, question, outcome, isMore } = await inTransaction(db, async (tx) => {
    const form = readFormToken(keys, aboutOf(code, sent.subject), sent.form, nowMs);
    const ticket = await openTicket(tx, keys, code, form?.issuedAtMs ?? nowMs);
    if (form === undefined) throw new WindowRatingError("WR7043", "The form was not made for this code, or is too old");
    const here = await rulesHere(tx, parts);
    const subject = (await subjectsOf(tx, ticket, here.policy, nowMs)).find(({ kind }) => kind === sent.subject);
    if (subject === undefined) throw new WindowRatingError("WR7043", `This code asks nothing about ${sent.subject} now`);
    const outcome = await takeForm(here, sent, (answer) => rateByTicket(tx, keys, { ticket, subject, form, answer }, here.policy, nowMs));
    const open = await openQuestions(tx, ticket, here.policy, nowMs);
    if (outcome.is === "chosen" && !open.some(({ kind }) => kind === subject.kind)) throw await nothingToAsk(tx, ticket, here, nowMs);
    const question = await questionOf(tx, ticket, subject, sent.form, here);
    return { here, question, outcome, isMore: open.some(({ kind }) => kind !== subject.kind) };
  });
  return showOutcome(here, question, sent, outcome, isMore);
};

const questionOf = async (tx: Tx, ticket: Ticket, subject: TicketSubject, form: string, here: RulesHere): Promise<Question> => {
  const { itemName, windowNo, endedAtMs } = await matterOf(tx, ticket);
  const about: Text[] = [
    ...(itemName === null ? [] : [{ zh: itemName, en: "" }]),
    ...(windowNo === null || subject.kind !== "staff" ? [] : [{ zh: `${windowNo}号窗口`, en: `Window ${windowNo}` }]),
    ...(endedAtMs === null ? [] : [{ zh: chinaTime(endedAtMs), en: "" }]),
  ];
  return {
    asked: { subject: subject.kind, about, form, names: here.names },
    mustName: needsRealName(ticket.channel, subject.kind, here.policy),
    mustPhone: false,
    isCorrection: false,
  };
};
