import { acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Refusal } from "../ratings/rules.ts";
import { type Answer, givenBy } from "./answer.ts";
import type { FormToken } from "./form-token.ts";
import type { ChannelKeys } from "./keys.ts";
import { type Sent, sentOf } from "./repeats.ts";
import { type Ticket, type TicketSubject, ticketKey } from "./tickets.ts";

/** What came with a page of a ticket. */
interface TicketRating {
  readonly ticket: Ticket;
  readonly subject: TicketSubject;
  readonly form: FormToken;
  readonly answer: Answer;
}

/**
 * Takes what was sent with a dynamic code. Each subject of a ticket is rated with it once.
 * @throws WindowRatingError WR7042 if another form was used for it before
 */
export const rateByTicket = async (
  tx: Tx,
  keys: ChannelKeys,
  { ticket, subject, form, answer }: TicketRating,
  policy: RatingPolicy,
  nowMs: number,
): Promise<Sent | Refusal> => {
  const acceptance = await acceptRating(
    tx,
    {
      ...givenBy(keys, ticket.channel, ticketKey(ticket, subject), answer),
      subject,
      atMs: nowMs,
      service: ticket.service,
      origin: {
        form: form.nonce,
        ticket: ticket.ticketId,
        issuedBy: ticket.issuedBy,
        issuedAtMs: ticket.issuedAtMs,
        openedAtMs: form.issuedAtMs,
      },
    },
    policy,
    nowMs,
  );
  return sentOf(tx, acceptance, answer.level, form.nonce, nowMs);
};
