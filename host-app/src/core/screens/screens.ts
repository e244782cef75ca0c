import { WindowRatingError } from "@window-rating/protocol/error";
import type { Logger } from "pino";
import { z } from "zod";
import type { MessagePortLike } from "../../messages/carrier.ts";
import type { WindowDesks } from "../cases/window-desks.ts";
import type { Clock } from "../clock.ts";
import type { ConsoleParts } from "../console/console-parts.ts";
import type { ArrivalLimits } from "../desk/slow-requests.ts";
import type { OutOfOrder, ScreenAbout, ScreenHub } from "./screen-hub.ts";
import type { ScreenPages } from "./screen-pages.ts";
import type { ScreenServer } from "./screen-server.ts";
import { ScreenSessions, SESSION_SCREENS, type SessionScreen, TICKET_MS } from "./screen-sessions.ts";
import type { SiteLists, StripPairing } from "./strip-handlers.ts";

export interface ScreensOptions {
  readonly dataDir: string;
  /** Port on 127.0.0.1; 0 takes any. */
  readonly port: number;
  readonly desks: WindowDesks;
  readonly lists: SiteLists;
  /** Asked for when a console is opened. */
  readonly consoleParts: () => ConsoleParts;
  readonly pairing?: StripPairing | undefined;
  /** Nothing but this is served. */
  readonly outOfOrder?: OutOfOrder | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: where set-up builds them to. */
  readonly built?: string | undefined;
  /** Default: `PROMPT_ARRIVAL`. */
  readonly arrival?: ArrivalLimits | undefined;
}

export const openedScreenSchema = z.object({
  url: z.string().describe("Works once"),
  expiresInMs: z.number().int(),
});
export type OpenedScreen = z.infer<typeof openedScreenSchema>;

export const screenListSchema = z.object({
  port: z.number().int().nullable().describe("null: no screen is served"),
  connected: z.number().int().describe("Screens that are connected now, by either carrier"),
  sessions: z.array(
    z.object({
      id: z.string(),
      screen: z.enum(SESSION_SCREENS),
      windowNo: z.string().nullable(),
      createdAtMs: z.number(),
      usedAtMs: z.number().describe("To the day"),
    }),
  ),
});
export type ScreenList = z.infer<typeof screenListSchema>;

interface ServedScreens extends ScreenServer {
  readonly pages: ScreenPages;
}

/**
 * The screens of this PC. Nothing of them is loaded, and no port is open, until the first one is asked for, or a session of an earlier
 * run may come back: a window PC without screens pays nothing for them.
 */
export class Screens {
  readonly #options: ScreensOptions;
  readonly #sessions: ScreenSessions;
  #hub: Promise<ScreenHub> | undefined;
  #server: Promise<ServedScreens> | undefined;
  #connected: ScreenHub | undefined;
  #isClosed = false;

  constructor(options: ScreensOptions) {
    this.#options = options;
    this.#sessions = new ScreenSessions(options.dataDir, options.clock);
  }

  /** Serves the screens that were open before this run, if there were any. A failure is logged: ratings do not wait for screens. */
  async resume(): Promise<void> {
    if (this.#sessions.list().length === 0) return;
    try {
      await this.#serve();
    } catch (error) {
      this.#options.logger.error({ err: error }, "the screens that were open cannot be served");
    }
  }

  /**
   * An address that opens a screen in a browser of this PC, once and for two minutes.
   * @throws WR5017 if there is no such window, WR5106, WR8004; why nothing but the console is served, if so
   */
  async open(screen: SessionScreen, windowNo: string | undefined): Promise<OpenedScreen> {
    const { desks, outOfOrder } = this.#options;
    const isOfWindow = screen === "strip" || windowNo !== undefined;
    if (isOfWindow && outOfOrder !== undefined) throw outOfOrder.why;
    const about = { screen, windowNo: isOfWindow ? desks.of(windowNo).windowNo : null };
    const { port, pages } = await this.#serve();
    if (!pages.has(`${screen}.html`)) throw new WindowRatingError("WR5106", `there is no ${screen}.html among the built screens`);
    return { url: `http://127.0.0.1:${port}/open.html#${this.#sessions.ticketFor(about)}`, expiresInMs: TICKET_MS };
  }

  /** Ends one session, or all. @returns how many @throws WR8006 */
  end(id: string | undefined): number {
    return this.#sessions.end(id);
  }

  async list(): Promise<ScreenList> {
    const server = await this.#server?.catch(() => undefined);
    return {
      port: server?.port ?? null,
      connected: this.#connected?.size ?? 0,
      sessions: this.#sessions.list().map(({ tokenHash: _, ...shown }) => shown),
    };
  }

  /**
   * Connects a screen over a message port of Electron. The port is started when everything is ready, so that nothing is lost.
   * @throws WR5017 if there is no such window
   */
  async connectPort(port: MessagePortLike, about: ScreenAbout): Promise<void> {
    const { lineOfPort } = await import("../../messages/carrier.ts");
    (await this.#loadHub()).connect(lineOfPort(port), about);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connected?.close();
    const server = await this.#server?.catch(() => undefined);
    await server?.close();
  }

  #serve(): Promise<ServedScreens> {
    this.#server ??= this.#startServer().catch((error) => {
      // The next one who asks tries again.
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  async #startServer(): Promise<ServedScreens> {
    const { port, clock, logger, built, arrival } = this.#options;
    const { ScreenPages } = await import("./screen-pages.ts");
    const pages = new ScreenPages(built);
    const [{ startScreenServer }, hub] = await Promise.all([import("./screen-server.ts"), this.#loadHub()]);
    const server = await startScreenServer({ hub, sessions: this.#sessions, pages, port, clock, logger, arrival });
    if (this.#isClosed) await server.close();
    return { ...server, pages };
  }

  #loadHub(): Promise<ScreenHub> {
    this.#hub ??= this.#makeHub();
    return this.#hub;
  }

  async #makeHub(): Promise<ScreenHub> {
    const { dataDir, desks, lists, consoleParts, pairing, outOfOrder, clock, logger } = this.#options;
    const [{ ScreenHub: Hub }, { PreferenceBook }] = await Promise.all([import("./screen-hub.ts"), import("./preference-book.ts")]);
    this.#connected = new Hub({ desks, lists, consoleParts, pairing, outOfOrder, preferences: new PreferenceBook(dataDir), clock, logger });
    return this.#connected;
  }
}
