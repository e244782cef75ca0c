import type { WindowRatingError } from "@window-rating/protocol/error";
import type { Logger } from "pino";
import type { ScreenLine } from "../../messages/carrier.ts";
import type { Sender } from "../../messages/declaration.ts";
import type { EventOf } from "../../messages/events.ts";
import { Exchange, type HandlersOf } from "../../messages/exchange.ts";
import { REQUESTS } from "../../messages/requests.ts";
import type { WindowDesk } from "../cases/window-desk.ts";
import type { WindowDesks } from "../cases/window-desks.ts";
import type { Clock } from "../clock.ts";
import { consoleHandlers } from "../console/console-handlers.ts";
import type { ConsoleLine, ConsoleParts } from "../console/console-parts.ts";
import { TokenBucket } from "../desk/token-bucket.ts";
import type { PreferenceBook } from "./preference-book.ts";
import { type SiteLists, type StripPairing, stripHandlers } from "./strip-handlers.ts";

/** Which screen is at the other end of a line; decided when it was opened, never by what it sends. */
export interface ScreenAbout {
  readonly screen: Sender;
  /** null: a screen of the whole PC. A strip has one. */
  readonly windowNo: string | null;
  /** Changes with the built screens that it may load from here; empty where they cannot change while window-host runs. */
  readonly build?: string;
}

/** Why this PC serves no window, and what a console can do about it. */
export interface OutOfOrder {
  /** What every other request of a screen is refused with. */
  readonly why: WindowRatingError;
  readonly console: (line: ConsoleLine) => Partial<HandlersOf<"console">>;
}

export interface ScreenHubOptions {
  readonly desks: WindowDesks;
  readonly lists: SiteLists;
  readonly preferences: PreferenceBook;
  readonly consoleParts: () => ConsoleParts;
  /** Without it a strip tells nothing of business systems that ask to be paired. */
  readonly pairing?: StripPairing | undefined;
  readonly outOfOrder?: OutOfOrder | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A person presses a few keys a second, and a page asks for what it shows. */
const CALLS = { perSecond: 20, burst: 60 };
const BUFFER_BYTES = 256 * 1024;

/** Connects screens with the windows of this PC, whatever carries their messages. A window that no screen shows costs nothing. */
export class ScreenHub {
  readonly #options: ScreenHubOptions;
  readonly #lines = new Set<ScreenLine>();

  constructor(options: ScreenHubOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#lines.size;
  }

  /** @throws WR5017 if this PC has no such window; the line is not touched then */
  connect(line: ScreenLine, { screen, windowNo, build = "" }: ScreenAbout): void {
    const { logger, clock, outOfOrder } = this.#options;
    const shown = outOfOrder === undefined ? this.#shownTo({ screen, windowNo }) : [];
    const calls = new TokenBucket(CALLS, clock.monotonicMs());
    const ends: (() => void)[] = [];
    let hasEnded = false;
    const onEnd = (act: () => void): void => {
      if (hasEnded) act();
      else ends.push(act);
    };
    const exchange: Exchange<Sender> = new Exchange<Sender>({
      sender: screen,
      handlers: this.#handlersOf(screen, shown, { tell: (name, body) => exchange.tell(name, body), onEnd }),
      line,
      admits: () => calls.take(clock.monotonicMs()),
      bufferBytes: BUFFER_BYTES,
      log: ({ cause, ...about }) => {
        if (cause === undefined) logger.debug({ screen, ...about }, "request of a screen refused");
        else logger.error({ screen, ...about, err: cause }, "request of a screen failed");
      },
    });
    this.#lines.add(line);
    line.listen({
      text: (text) => exchange.receive(text),
      closed: () => {
        exchange.closed();
        this.#lines.delete(line);
        hasEnded = true;
        for (const end of ends.splice(0)) end();
      },
    });
    const of = outOfOrder === undefined ? (shown.length === 1 ? (shown[0]?.windowNo ?? null) : null) : windowNo;
    exchange.tell("welcome", { screen, windowNo: of, build, ...(outOfOrder === undefined ? {} : { outOfOrder: outOfOrder.why.code }) });
    for (const desk of shown) {
      ends.push(desk.subscribe((event) => exchange.tell("desk", event)));
      exchange.tell("desk", { event: "state", state: desk.state() });
    }
    if (screen === "strip") this.#tellPairing((body) => exchange.tell("pairing", body), onEnd);
  }

  /** @throws WR5017 */
  #shownTo({ screen, windowNo }: ScreenAbout): readonly WindowDesk[] {
    const { desks } = this.#options;
    return screen === "strip" || windowNo !== null ? [desks.of(windowNo ?? undefined)] : desks.all;
  }

  #tellPairing(tell: (body: EventOf<"pairing">) => void, onEnd: (act: () => void) => void): void {
    const { pairing } = this.#options;
    if (pairing === undefined) return;
    const { desk, mayDecide } = pairing;
    const tellNow = (): void => tell({ waiting: desk.waiting()[0] ?? null, mayDecide });
    onEnd(desk.subscribe(tellNow));
    tellNow();
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  #handlersOf(screen: Sender, [desk]: readonly WindowDesk[], line: Pick<ConsoleLine, "tell" | "onEnd">): HandlersOf<Sender> {
    const { lists, preferences, consoleParts, pairing, outOfOrder } = this.#options;
    if (outOfOrder !== undefined) {
      const mending = screen === "console" ? outOfOrder.console({ ...line, preferences }) : {};
      return { ...refusing(outOfOrder.why), ...mending } as unknown as HandlersOf<Sender>;
    }
    // Which requests a screen may send the exchange has checked before it looks for a handler.
    if (screen === "console") return consoleHandlers(consoleParts(), { ...line, preferences }) as HandlersOf<Sender>;
    if (screen !== "strip" || desk === undefined) return {} as HandlersOf<Sender>;
    return stripHandlers({ desk, lists, preferences, pairing }) as HandlersOf<Sender>;
  }
}

const refusing = (why: WindowRatingError): Readonly<Record<string, () => never>> => {
  const refuse = (): never => {
    throw why;
  };
  return Object.fromEntries(Object.keys(REQUESTS).map((name) => [name, refuse]));
};
