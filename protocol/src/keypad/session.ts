import type { Level, RequestId } from "../rating.ts";
import { Agenda } from "./agenda.ts";
import { type KeypadKey, meaningOf, type RequestName, type RequestNumbers } from "./description.ts";
import { Guard } from "./guard.ts";
import { Outbox, type OutboxEvent } from "./outbox.ts";
import { type OpenRequest, type Press, pressOf } from "./press.ts";
import { PressMemory } from "./press-memory.ts";
import type { KeypadProtocol } from "./protocol.ts";
import { KeypadReader, type KeypadReading } from "./reader.ts";
import type { DiscardReason, KeypadCounters, KeypadEffect, KeypadInput } from "./session-signals.ts";

type Life = "closed" | "unknown" | "alive" | "lost";

/** A pad that did not answer a request is shown what it has to show again after this long, milliseconds. */
const RETRY_MS = 2000;

/**
 * The host's end of another maker's pad: binds a press to the one request that is open, keeps the guard interval, answers, repeats,
 * notices that the pad is gone. A pure state machine: inputs and monotonic milliseconds in, effects out. Never throws on bytes.
 */
export class KeypadSession {
  readonly counters: KeypadCounters;
  readonly #protocol: KeypadProtocol;
  readonly #reader: KeypadReader;
  readonly #outbox: Outbox;
  readonly #presses: PressMemory;
  readonly #guard: Guard;
  #life: Life = "closed";
  #heardAt = 0;
  #missed = 0;
  /** `showAgain`: the pad is dark after a press that does not count. `retry`: it did not answer. `idle`: the thanks are over. */
  readonly #agenda = new Agenda<"keepAlive" | "retry" | "showAgain" | "idle">();
  /** The pad missed a keep-alive: it may have been without power. */
  #isInDoubt = false;
  #request: OpenRequest | undefined;
  #effects: KeypadEffect[] = [];
  #now = 0;

  constructor(protocol: KeypadProtocol) {
    const { repeat, pauseMs, guard } = protocol.description;
    this.#guard = new Guard(guard);
    this.#protocol = protocol;
    this.#reader = new KeypadReader(protocol);
    this.#outbox = new Outbox(pauseMs ?? 0);
    this.#presses = new PressMemory(repeat);
    this.counters = {
      frames: 0,
      pressed: 0,
      actions: 0,
      unknown: 0,
      unanswered: 0,
      discarded: { "no-request": 0, guard: 0, repeat: 0, "already-pressed": 0, "means-nothing": 0, "case-changed": 0 },
      rejected: this.#reader.rejected,
    };
  }

  get isAlive(): boolean {
    return this.#life === "alive";
  }

  step(input: KeypadInput, now: number): KeypadEffect[] {
    this.#effects = [];
    this.#now = now;
    switch (input.is) {
      case "opened":
        this.#opened();
        break;
      case "closed":
        this.#closed();
        break;
      case "bytes":
        if (this.#life !== "closed") for (const reading of this.#reader.push(input.bytes, now)) this.#take(reading);
        break;
      case "startRating":
        this.#startRating(input);
        break;
      case "endRating":
        this.#endRating(input);
        break;
      case "stored":
        this.#stored(input.requestId);
        break;
      case "ask":
        if (this.#life === "alive") this.#ask(input.request, input.numbers);
        break;
      case "time":
        break;
    }
    this.#time();
    this.#flush();
    return this.#effects;
  }

  /** When `time` must be given next, in monotonic milliseconds; undefined = not before other input. */
  deadline(): number | undefined {
    const times = [this.#heldUntil];
    if (this.#life !== "closed") {
      const { reader, outbox } = { reader: this.#reader.deadline(), outbox: this.#outbox.deadline() };
      times.push(reader ?? Number.POSITIVE_INFINITY, outbox ?? Number.POSITIVE_INFINITY);
      times.push(this.#agenda.deadline(), this.#silentAt);
    }
    const first = Math.min(...times);
    return first === Number.POSITIVE_INFINITY ? undefined : first;
  }

  // ——— is it there ———

  #opened(): void {
    this.#closed();
    const { keepAlive } = this.#protocol.description;
    this.#life = "unknown";
    this.#heardAt = this.#now;
    this.#missed = 0;
    this.#isInDoubt = false;
    this.#ask("hello");
    if (keepAlive.from === "nobody") this.#becomeAlive(false);
    else if (keepAlive.from === "host") this.#agenda.set("keepAlive", this.#now);
  }

  #closed(): void {
    this.#reader.reset();
    this.#outbox.clear();
    this.#agenda.clear();
    if (this.#life === "alive") this.#effects.push({ is: "lost", cause: "closed" });
    this.#life = "closed";
  }

  #becomeAlive(proven: boolean): void {
    this.#life = "alive";
    this.#agenda.cancel("retry");
    this.#isInDoubt = false;
    this.#effects.push({ is: "alive", proven });
    this.#guard.begin(this.#now);
    this.#show();
  }

  #lose(cause: "silence" | "no-answer"): void {
    if (this.#life === "lost") return;
    this.#life = "lost";
    this.#effects.push({ is: "lost", cause });
  }

  /** When a pad that says by itself that it is there counts as gone. */
  get #silentAt(): number {
    const { keepAlive } = this.#protocol.description;
    if (keepAlive.from !== "pad" || this.#life === "lost") return Number.POSITIVE_INFINITY;
    return this.#heardAt + keepAlive.everyMs * keepAlive.missed;
  }

  get #heldUntil(): number {
    const press = this.#request?.state === "held" ? this.#request.press : undefined;
    return press === undefined ? Number.POSITIVE_INFINITY : this.#guard.holdUntil(press.at);
  }

  #time(): void {
    if (this.#now >= this.#heldUntil) this.#deliver();
    if (this.#life === "closed") return;
    for (const reading of this.#reader.time(this.#now)) this.#take(reading);
    if (this.#now >= this.#silentAt) this.#lose("silence");
    for (let due = this.#agenda.take(this.#now); due !== undefined; due = this.#agenda.take(this.#now)) this.#do(due);
  }

  #do(due: "keepAlive" | "retry" | "showAgain" | "idle"): void {
    switch (due) {
      case "keepAlive": {
        const { keepAlive } = this.#protocol.description;
        if (keepAlive.from === "host") this.#agenda.set("keepAlive", this.#now + keepAlive.everyMs);
        if (!this.#outbox.asks("keepAlive")) this.#ask("keepAlive");
        return;
      }
      case "retry":
        this.#guard.begin(this.#now);
        return this.#show();
      case "showAgain":
        if (this.#life === "alive") this.#show();
        return;
      case "idle":
        return this.#ask("idle");
    }
  }

  // ——— what the host wants ———

  #startRating({ requestId, timeoutMs }: Extract<KeypadInput, { is: "startRating" }>): void {
    if (this.#request?.requestId === requestId) return;
    this.#dropHeld();
    this.#agenda.cancel("idle");
    this.#agenda.cancel("showAgain");
    this.#request = { requestId, timeoutMs, openedAt: this.#now, state: "open", press: undefined };
    this.#guard.begin(this.#now);
    // A pad that never says that it is there is asked in any case.
    if (this.#life === "alive" || (this.#life === "lost" && this.#protocol.description.keepAlive.from === "nobody")) this.#show();
  }

  #endRating({ requestId, because }: Extract<KeypadInput, { is: "endRating" }>): void {
    if (this.#request?.requestId !== requestId) return;
    if (because === "timed-out" && this.#request.state === "held") this.#deliver();
    this.#dropHeld();
    const wasLit = this.#request.state === "open" || this.#request.state === "held";
    this.#request = undefined;
    this.#agenda.cancel("showAgain");
    if (wasLit && this.#life === "alive") this.#darken();
  }

  #stored(requestId: RequestId): void {
    const request = this.#request;
    if (request?.requestId !== requestId || request.state !== "pressed" || request.press === undefined) return;
    request.state = "stored";
    const { acknowledge } = this.#protocol.description.requests;
    if (acknowledge?.after === "storage") this.#answer(request.press, "acknowledge");
    if (acknowledge?.idleAfterMs !== undefined) this.#agenda.set("idle", this.#now + acknowledge.idleAfterMs);
  }

  /** Brings the pad to what it has to show. */
  #show(): void {
    const request = this.#request;
    if (request === undefined) return this.#ask("idle");
    if (request.state !== "open" && request.state !== "held") return;
    const leftMs = Math.max(0, request.openedAt + request.timeoutMs - this.#now);
    if (this.#protocol.knows("startRating")) this.#ask("startRating", { seconds: Math.ceil(leftMs / 1000) });
    else this.#effects.push({ is: "shown", requestId: request.requestId });
  }

  #darken(): void {
    this.#ask(this.#protocol.knows("cancel") ? "cancel" : "idle");
  }

  /** When the guard interval is over, and a press like the last one would not be taken for its repeat any more. */
  get #whenNewPressCounts(): number {
    const { repeat } = this.#protocol.description;
    return Math.max(this.#guard.until, this.#now + (repeat.is === "never" ? 0 : repeat.withinMs));
  }

  #ask(name: RequestName, numbers?: RequestNumbers): void {
    const frames = this.#protocol.request(name, numbers);
    if (typeof frames === "string") this.#effects.push({ is: "unwritable", request: name, why: frames });
    else this.#outbox.ask(name, frames, this.#protocol.patienceFor(name));
  }

  // ——— what the pad says ———

  #take(reading: KeypadReading): void {
    if (reading.is === "rejected") {
      this.#effects.push(reading);
      return;
    }
    this.counters.frames++;
    const { keepAlive } = this.#protocol.description;
    // Later than it ever should be, but not so late that the pad counts as gone.
    if (keepAlive.from === "pad" && this.#now - this.#heardAt > 1.5 * keepAlive.everyMs) this.#isInDoubt = true;
    this.#heardAt = this.#now;
    this.#missed = 0;
    if (reading.is === "key") this.#pressed(reading.key, pressOf(reading, this.#now));
    else this.#frame(reading);
    // A press that woke us came before the pad was shown anything: it was judged above, by what was open then.
    if (this.#life !== "alive") this.#becomeAlive(true);
    else if (this.#isInDoubt || (reading.is === "frame" && reading.role.is === "started")) this.#greet();
  }

  /** The pad may be dark without our knowledge: shows it again what it has to show. */
  #greet(): void {
    this.#isInDoubt = false;
    this.#ask("hello");
    this.#guard.begin(this.#now);
    this.#show();
  }

  #frame({ role, values, bytes }: Extract<KeypadReading, { is: "frame" }>): void {
    const { awaited } = this.#outbox;
    if (awaited !== undefined && this.#protocol.answers(awaited, values)) this.#carryOut(this.#outbox.answered());
    const reply = this.#protocol.replyTo(values);
    if (reply >= 0) {
      const frames = this.#protocol.reply(reply, values);
      if (typeof frames === "string") this.#effects.push({ is: "unwritable", request: "reply", why: frames });
      else this.#outbox.answer(frames);
    }
    if (role.is !== "other") return;
    this.counters.unknown++;
    this.#effects.push({ is: "unknown", bytes });
  }

  #pressed(key: KeypadKey, press: Press): void {
    const { repeat, requests } = this.#protocol.description;
    const request = this.#request;
    if (this.#presses.isRepeat(press.key, this.#now)) {
      const answer = this.#presses.answerTo(press.key);
      if (answer !== undefined) this.#send(answer, press);
      // Not stored yet: offered again, for the host may have failed to keep it (I2).
      if (repeat.is === "until-answered" && request?.state === "pressed" && request.press?.key === press.key)
        return this.#tell(request, true);
      return this.#discard(press, "repeat");
    }
    if (requests.acknowledge?.after === "receipt") this.#answer(press, "acknowledge");
    const meaning = meaningOf(key);
    switch (meaning.is) {
      case "action":
        this.counters.actions++;
        this.#effects.push({ is: "action", action: meaning.action, key: press.key });
        if (requests.acknowledge?.after === "storage") this.#answer(press, "acknowledge");
        return;
      case "nothing":
        return this.#discard(press, "means-nothing");
      case "level":
        return this.#rated(meaning.level, press);
    }
  }

  #rated(level: Level, press: Press): void {
    const request = this.#request;
    if (request === undefined) return this.#discard(press, "no-request");
    if (request.state !== "open") return this.#discard(press, "already-pressed");
    if (this.#now < this.#guard.until || this.#life !== "alive") return this.#discard(press, "guard");
    request.press = { ...press, level };
    request.state = "held";
    if (this.#now >= this.#heldUntil) this.#deliver();
  }

  /** The press that was held back counts. */
  #deliver(): void {
    const request = this.#request;
    if (request?.state !== "held") return;
    request.state = "pressed";
    this.#tell(request, false);
  }

  #tell(request: OpenRequest, again: boolean): void {
    const { requestId, openedAt, press } = request;
    if (press === undefined) return;
    if (!again) this.counters.pressed++;
    this.#effects.push({ is: "pressed", requestId, level: press.level, key: press.key, sinceOpenMs: press.at - openedAt, again });
  }

  #dropHeld(): void {
    const request = this.#request;
    if (request?.state !== "held" || request.press === undefined) return;
    request.state = "open";
    this.#discard(request.press, "case-changed");
  }

  #discard(press: Press, because: DiscardReason): void {
    this.counters.discarded[because]++;
    this.#effects.push({ is: "discarded", key: press.key, because });
    const isRefused = this.#protocol.knows("refuse");
    if (because !== "repeat" && this.#presses.answerTo(press.key) === undefined) {
      if (isRefused) this.#answer(press, "refuse");
      else if (this.#protocol.description.repeat.is === "until-answered") this.#answer(press, "acknowledge");
    }
    if (this.#request?.state !== "open" || because === "case-changed" || !this.#protocol.knows("startRating")) return;
    // Dark until a press would count, then lit again: the citizen can still rate, and whoever presses on and on is not taken for one press for ever.
    if (isRefused && !this.#agenda.has("showAgain")) this.#darken();
    this.#agenda.set("showAgain", this.#whenNewPressCounts);
  }

  #answer(press: Press, answer: "acknowledge" | "refuse"): void {
    this.#presses.settle(press.key, answer);
    this.#send(answer, press);
  }

  #send(answer: "acknowledge" | "refuse", { values, isAnswered }: Press): void {
    if (this.#life === "closed" || !isAnswered) return;
    const frames = this.#protocol.request(answer, {}, values);
    if (typeof frames === "string") this.#effects.push({ is: "unwritable", request: answer, why: frames });
    else this.#outbox.answer(frames);
  }

  // ——— what is said ———

  #flush(): void {
    if (this.#life !== "closed") this.#carryOut(this.#outbox.step(this.#now));
  }

  #carryOut(events: readonly OutboxEvent[]): void {
    for (const event of events) {
      if (event.is === "write") this.#effects.push(event);
      else if (event.is === "failed") this.#unanswered(event.name);
      else if (event.name === "startRating" && this.#request !== undefined) {
        if (event.is === "done") this.#effects.push({ is: "shown", requestId: this.#request.requestId });
        else this.#guard.lit(this.#now);
      }
    }
  }

  #unanswered(name: RequestName): void {
    this.counters.unanswered++;
    this.#effects.push({ is: "unanswered", request: name });
    const { keepAlive } = this.#protocol.description;
    if (keepAlive.from === "host" && name === "keepAlive") {
      this.#missed++;
      this.#isInDoubt = true;
      if (this.#missed >= keepAlive.missed) this.#lose("no-answer");
    } else if (keepAlive.from === "nobody") {
      this.#lose("no-answer");
    }
    if (name !== "keepAlive") this.#agenda.set("retry", this.#now + RETRY_MS);
  }
}
