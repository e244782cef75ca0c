import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";
import type { ScreenAbout } from "./screen-hub.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** The address that `window-host screen` prints works this long, milliseconds. */
export const TICKET_MS = 120_000;
/** A screen that nobody opened for so long must be opened by window-host again. */
const IDLE_MS = 30 * DAY_MS;
/** And every screen after so long. */
const LIFE_MS = 180 * DAY_MS;
const MOST_TICKETS = 16;
const MOST_SESSIONS = 64;

const sessionSchema = z.strictObject({
  /** Names the session to people; opens nothing. */
  id: z.string(),
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  screen: z.enum(["strip", "console"]),
  windowNo: z.string().nullable(),
  createdAtMs: z.number(),
  usedAtMs: z.number(),
});
/** A browser that was admitted to one screen. Its token is kept nowhere, only the hash. */
export type ScreenSession = z.infer<typeof sessionSchema>;

export const SESSION_SCREENS = sessionSchema.shape.screen.options;
export type SessionScreen = ScreenSession["screen"];

const fileSchema = z.strictObject({
  format: z.literal(1),
  port: z.number().int().min(1).max(65_535).nullable(),
  sessions: z.array(sessionSchema).max(MOST_SESSIONS),
});
type File = z.infer<typeof fileSchema>;

type About = ScreenAbout & { readonly screen: SessionScreen };

/**
 * Who may open a screen in a browser of this PC: a ticket, which whoever may read the data folder asks for, works once and for two minutes,
 * and turns into a session, which lasts through a restart of window-host. Sessions are in `screen-sessions.json`, tickets in memory alone.
 */
export class ScreenSessions {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #tickets = new Map<string, About & { readonly untilMs: number }>();
  readonly #ended = new Set<(id: string) => void>();
  #file: File;

  /** A file that cannot be read admits nobody, and is replaced when the next screen is opened. */
  constructor(dataDir: string, clock: Clock) {
    this.#path = join(dataDir, "screen-sessions.json");
    this.#clock = clock;
    this.#file = readSessions(this.#path);
  }

  /** Port on which screens were served last; null if they never were. */
  get lastPort(): number | null {
    return this.#file.port;
  }

  list(): readonly ScreenSession[] {
    return this.#file.sessions.filter((session) => this.#isAlive(session));
  }

  /** @returns the ticket, which is kept nowhere */
  ticketFor(about: About): string {
    const ticket = randomBytes(32).toString("base64url");
    const [oldest] = this.#tickets.keys();
    if (this.#tickets.size >= MOST_TICKETS && oldest !== undefined) this.#tickets.delete(oldest);
    this.#tickets.set(sha256(ticket), { ...about, untilMs: this.#clock.monotonicMs() + TICKET_MS });
    return ticket;
  }

  /**
   * Turns a ticket into a session; the ticket is worth nothing from then on, also if this fails.
   * @throws WR5101 if it is unknown, used or too old; WR8006 if the session cannot be kept
   */
  redeem(ticket: string): { readonly session: ScreenSession; readonly token: string } {
    const hash = sha256(ticket);
    const found = this.#tickets.get(hash);
    this.#tickets.delete(hash);
    if (found === undefined || found.untilMs < this.#clock.monotonicMs())
      throw new WindowRatingError("WR5101", "this address was used already, or is older than two minutes");
    const token = randomBytes(32).toString("base64url");
    const now = this.#clock.wallMs();
    const session: ScreenSession = {
      id: randomBytes(4).toString("hex"),
      tokenHash: sha256(token),
      screen: found.screen,
      windowNo: found.windowNo,
      createdAtMs: now,
      usedAtMs: now,
    };
    const others = this.list().slice(-(MOST_SESSIONS - 1));
    this.#keep({ ...this.#file, sessions: [...others, session] });
    return { session, token };
  }

  /** The session of a token, for this screen and window. */
  find(token: string | undefined, { screen, windowNo }: ScreenAbout): ScreenSession | undefined {
    if (token === undefined) return undefined;
    const hash = sha256(token);
    const found = this.list().find((session) => session.tokenHash === hash && session.screen === screen && session.windowNo === windowNo);
    if (found !== undefined) this.#touch(found);
    return found;
  }

  remember(port: number): void {
    if (this.#file.port !== port) this.#keep({ ...this.#file, port });
  }

  /** Ends one session, or all; whoever has it open is cut off at once. @returns how many @throws WR8006 */
  end(id: string | undefined): number {
    const ending = this.#file.sessions.filter((session) => id === undefined || session.id === id);
    if (ending.length === 0) return 0;
    this.#keep({ ...this.#file, sessions: this.#file.sessions.filter((session) => !ending.includes(session)) });
    for (const session of ending) for (const listener of this.#ended) listener(session.id);
    return ending.length;
  }

  onEnd(listener: (id: string) => void): void {
    this.#ended.add(listener);
  }

  #isAlive({ createdAtMs, usedAtMs }: ScreenSession): boolean {
    const now = this.#clock.wallMs();
    return now - usedAtMs < IDLE_MS && now - createdAtMs < LIFE_MS;
  }

  /** Written once a day: when exactly it was used matters to nobody. */
  #touch(session: ScreenSession): void {
    const now = this.#clock.wallMs();
    if (now - session.usedAtMs < DAY_MS) return;
    const sessions = this.list().map((other) => (other.id === session.id ? { ...other, usedAtMs: now } : other));
    try {
      this.#keep({ ...this.#file, sessions });
    } catch {
      // The screen works all the same; a later use is written.
    }
  }

  #keep(file: File): void {
    try {
      replaceFile(this.#path, `${JSON.stringify(file)}\n`);
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${this.#path} cannot be written: ${(cause as Error).message}`, cause);
    }
    this.#file = file;
  }
}

const readSessions = (path: string): File => {
  try {
    const text = readIfPresent(path);
    if (text !== null) return fileSchema.parse(JSON.parse(text));
  } catch {
    // Nobody is let in on a guess.
  }
  return { format: 1, port: null, sessions: [] };
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
