import { createHash } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { RequestId } from "@window-rating/protocol/rating";
import { LINK_SECONDS, type LinkTicket, type ReadLink, readLink } from "@window-rating/protocol/sync";
import type { Clock } from "../clock.ts";
import type { Pairing, Pairings } from "../desk/pairings.ts";
import type { Identity } from "../identity/identity.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { UsedTickets } from "./used-tickets.ts";

interface LinkDeskOptions {
  readonly pairings: Pick<Pairings, "list" | "used">;
  readonly identity: Pick<Identity, "enrolment">;
  readonly orders: OrderDesk;
  readonly used: UsedTickets;
  readonly clock: Clock;
  /** Central's clock minus this one, milliseconds; 0 if it was not measured. */
  readonly centralOffsetMs: () => number;
}

/** Clocks of two machines of one hall are seldom closer; a ticket is not good for longer by it, only from earlier on. */
const CLOCKS_APART_MS = 30_000;

/** Opens `window-rating://` links. The ticket in it is all that counts: who clicked it, and where, proves nothing. */
export class LinkDesk {
  readonly #options: LinkDeskOptions;

  constructor(options: LinkDeskOptions) {
    this.#options = options;
  }

  /**
   * Ends the case of a link. The ticket is used from now on, also if the window refuses.
   * @throws WR5036 for what is no valid ticket of this PC, and whatever ending the case may throw
   */
  open(url: string): { readonly requestId: RequestId | null } {
    const { used, clock, orders } = this.#options;
    const link = readLink(url);
    if (link === undefined) throw new WindowRatingError("WR5036", "this is no window-rating link, or it was cut short");
    const { ticket } = link;
    if (!this.#isSigned(link))
      throw new WindowRatingError("WR5036", "neither a system that is paired here nor central signed it for this window PC");
    const nowMs = clock.wallMs() + (ticket.signer === "central" ? this.#options.centralOffsetMs() : 0);
    if (nowMs >= ticket.expiresAtMs) throw new WindowRatingError("WR5036", "its time is over");
    if (ticket.expiresAtMs - nowMs > LINK_SECONDS.most * 1000 + CLOCKS_APART_MS)
      throw new WindowRatingError("WR5036", "it would be good for longer than any link may; the clock of this PC or of its maker is wrong");
    if (!used.use(ticket.ticketId, ticket.expiresAtMs + CLOCKS_APART_MS, nowMs))
      throw new WindowRatingError("WR5036", "it was used before");
    const pairing = this.#pairingOf(ticket);
    if (pairing !== undefined) this.#options.pairings.used(pairing, clock.wallMs());
    return { requestId: orders.carryOut(ticket.order, "link", { name: ticket.by }) };
  }

  #isSigned({ ticket, isSignedWith }: ReadLink): boolean {
    const hash = this.#keyOf(ticket);
    return hash !== undefined && isSignedWith(hash);
  }

  /** SHA-256 of the token of whoever says to have signed it. */
  #keyOf(ticket: LinkTicket): string | undefined {
    if (ticket.signer === "pairing") return this.#pairingOf(ticket)?.tokenHash;
    const token = this.#options.identity.enrolment()?.token;
    return token === undefined ? undefined : createHash("sha256").update(token).digest("hex");
  }

  #pairingOf({ signer, by }: LinkTicket): Pairing | undefined {
    return signer === "pairing" ? this.#options.pairings.list().find(({ name }) => name === by) : undefined;
  }
}
