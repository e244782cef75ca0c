import type { Logger } from "pino";
import type { WindowDesks } from "../cases/window-desks.ts";
import type { Clock } from "../clock.ts";
import { Pairings } from "../desk/pairings.ts";
import type { Identity } from "../identity/identity.ts";
import type { RequestBook } from "../store/request-book.ts";
import { httpTransport } from "../sync/http-transport.ts";
import { LinkDesk } from "./link-desk.ts";
import { OrderDesk } from "./order-desk.ts";
import { PushLine } from "./push-line.ts";
import { UsedTickets } from "./used-tickets.ts";

interface OpenOptions {
  readonly dataDir: string;
  readonly centralUrl: string | null;
  readonly desks: WindowDesks;
  readonly requests: RequestBook;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly centralOffsetMs: () => number;
  readonly logger: Logger;
}

/** The two ways to end a case besides the desk API. @throws WR8006 */
export const openPush = (options: OpenOptions): { readonly links: LinkDesk; readonly line: PushLine | undefined } => {
  const { dataDir, centralUrl, desks, requests, identity, clock, centralOffsetMs, logger } = options;
  const orders = new OrderDesk({ desks, requestOf: (caseNo, visitNo) => requests.ofCase(caseNo, visitNo) });
  const used = new UsedTickets(dataDir);
  const links = new LinkDesk({ pairings: new Pairings(dataDir), identity, orders, used, clock, centralOffsetMs });
  if (centralUrl === null) return { links, line: undefined };
  const windowNos = desks.all.map(({ windowNo }) => windowNo);
  const line = new PushLine({
    ...{ centralUrl, identity, windowNos, orders, clock, logger },
    ...{ transport: httpTransport(), timers: globalThis, random: Math.random },
  });
  return { links, line };
};
