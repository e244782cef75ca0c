import { type ErrorCode, type ErrorFacts, WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";
import type { ScreenLine } from "./carrier.ts";
import { COMMON_ERRORS, type RequestDeclaration, type Sender } from "./declaration.ts";
import { MESSAGE_LIMIT, type Question, questionSchema, type ScreenReport } from "./envelope.ts";
import { EVENTS, type EventName, type Events } from "./events.ts";
import { type ParsedBodyOf, REQUESTS, type RequestName, type RequestOf, type Requests } from "./requests.ts";

/** What the core does for each request of a kind of screen; one that is missing does not compile. A failure is thrown as a WindowRatingError. */
export type HandlersOf<Screen extends Sender> = {
  readonly [Name in RequestOf<Screen>]: (
    body: ParsedBodyOf<Name>,
  ) => z.input<Requests[Name]["answer"]> | Promise<z.input<Requests[Name]["answer"]>>;
};

/** The handlers of one table of requests. */
export type HandlersFor<Table extends Readonly<Record<string, RequestDeclaration>>> = {
  readonly [Name in keyof Table]: (
    body: z.output<Table[Name]["body"]>,
  ) => z.input<Table[Name]["answer"]> | Promise<z.input<Table[Name]["answer"]>>;
};

export interface ExchangeOptions<Screen extends Sender> {
  /** Who is at the other end, by the way the line was opened. */
  readonly sender: Screen;
  readonly handlers: HandlersOf<Screen>;
  readonly line: ScreenLine;
  /** False: this caller asks more than any screen needs, and is told so. */
  readonly admits?: () => boolean;
  /** A screen that is further behind than this is cut off, so that it costs this process no memory. */
  readonly bufferBytes: number;
  /** Told of what is a mistake of ours, with its cause; of a screen's mistakes with none. */
  readonly log: (about: { readonly code: ErrorCode; readonly detail: string; readonly request?: string; readonly cause?: unknown }) => void;
}

/** Requests of one screen that are under way at a time. */
const UNDER_WAY = 16;

/** The core's end of one screen's line: checks who asks, what is asked and what is answered. Holds no timer and no socket. */
export class Exchange<Screen extends Sender> {
  readonly #options: ExchangeOptions<Screen>;
  #underWay = 0;
  #isClosed = false;

  constructor(options: ExchangeOptions<Screen>) {
    this.#options = options;
  }

  closed(): void {
    this.#isClosed = true;
  }

  /** One message of the screen. Never throws, whatever the text is (I7). */
  receive(text: string): void {
    let id: number | null = null;
    try {
      const question = questionOf(text);
      id = question.id;
      this.#ask(question);
    } catch (error) {
      this.#refuse(id, undefined, error);
    }
  }

  /** Tells the screen of an event, if it is one for such a screen. Only what the schema declares goes out. */
  tell<Name extends EventName>(name: Name, body: z.input<Events[Name]["body"]>): void {
    const { to, body: schema } = EVENTS[name];
    if (!(to as readonly Sender[]).includes(this.#options.sender)) return;
    const declared = (schema as z.ZodType).safeParse(body);
    if (declared.success) this.#send({ is: "event", name, body: declared.data });
    else this.#options.log({ code: "WR5016", detail: `event ${name} does not fit its schema`, cause: declared.error });
  }

  #ask({ ask, id, body }: Question): void {
    const { sender, handlers, admits } = this.#options;
    if (!Object.hasOwn(REQUESTS, ask)) throw new WindowRatingError("WR5102", ask.replace(/[^\w.-]/g, "?"));
    const name = ask as RequestName;
    const declared: RequestDeclaration = REQUESTS[name];
    if (!declared.from.includes(sender)) throw new WindowRatingError("WR5104", `${name} is not for the ${sender}`);
    if (admits?.() === false) throw new WindowRatingError("WR5011", "this screen asks more than any screen needs");
    if (this.#underWay >= UNDER_WAY) throw new WindowRatingError("WR5011", `${UNDER_WAY} requests of this screen are under way`);
    const parsed = declared.body.safeParse(body ?? {});
    if (!parsed.success) throw new WindowRatingError("WR5103", fieldOf(parsed.error), undefined, factsOf(parsed.error));
    this.#underWay++;
    const handle = (handlers as Record<string, (body: unknown) => unknown>)[name];
    if (handle === undefined) throw new Error(`nobody handles ${name}`);
    void (async () => {
      try {
        const answer = declared.answer.parse(await handle(parsed.data));
        this.#send({ is: "answer", id, body: answer });
      } catch (error) {
        this.#refuse(id, declared, error, name);
      } finally {
        this.#underWay--;
      }
    })();
  }

  #refuse(id: number | null, declared: RequestDeclaration | undefined, error: unknown, request?: string): void {
    const refusal = this.#declaredRefusal(declared, error, request);
    const { facts } = refusal;
    this.#send({ is: "refused", id, error: { ...refusal.toJSON(), ...(facts === undefined ? {} : { facts }) } });
  }

  /** Failures that are not declared are bugs: the screen learns that there was one, the log learns which. */
  #declaredRefusal(declared: RequestDeclaration | undefined, error: unknown, request?: string): WindowRatingError {
    const about = request === undefined ? {} : { request };
    const mayBe: readonly ErrorCode[] = [...COMMON_ERRORS, ...(declared?.errors ?? [])];
    if (error instanceof WindowRatingError && mayBe.includes(error.code)) {
      this.#options.log({ code: error.code, detail: error.detail, ...about });
      return error;
    }
    this.#options.log({ code: "WR5016", detail: "a request was not carried out", ...about, cause: error });
    return new WindowRatingError("WR5016", "the request was not carried out");
  }

  #send(report: ScreenReport): void {
    const { line, bufferBytes } = this.#options;
    if (this.#isClosed) return;
    if (line.behindBytes() > bufferBytes) {
      this.#isClosed = true;
      line.close();
      return;
    }
    line.send(JSON.stringify(report));
  }
}

/** @throws WR5103, without repeating what was sent, which may be a PIN */
const questionOf = (text: string): Question => {
  if (text.length > MESSAGE_LIMIT) throw new WindowRatingError("WR5103", `a message has at most ${MESSAGE_LIMIT} characters`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new WindowRatingError("WR5103", "this is not JSON");
  }
  const question = questionSchema.safeParse(content);
  if (!question.success) throw new WindowRatingError("WR5103", fieldOf(question.error));
  return question.data;
};

/** The same field for the words of the screen: `cases.2.caseNo` is the field caseNo of the third. */
const factsOf = ({ issues: [issue] }: z.ZodError): ErrorFacts | undefined => {
  const path = issue?.path ?? [];
  const at = path.findLastIndex((part) => typeof part === "string");
  const field = path[at];
  if (typeof field !== "string") return undefined;
  const index = path.slice(0, at).find((part) => typeof part === "number");
  return { field: field.slice(0, 64), ...(index === undefined ? {} : { line: index + 1 }) };
};

/** Names one field that does not fit; its content is not repeated, for it may be personal. */
const fieldOf = ({ issues: [issue] }: z.ZodError): string => {
  if (issue === undefined) return "not valid";
  if (issue.code === "unrecognized_keys") return `unknown field ${(issue.keys[0] ?? "").slice(0, 64)}`;
  return `${issue.path.join(".") || "body"}: ${issue.message}`;
};
