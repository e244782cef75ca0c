import type { Level, RequestId } from "../rating.ts";
import { Agenda } from "./agenda.ts";
import { Aside } from "./aside.ts";
import { type KeypadKey, meaningOf, type RequestName, type RequestNumbers } from "./description.ts";
import { Guard } from "./guard.ts";
import { isAside, type OutboxEvent } from "./outbox.ts";
import { type OpenRequest, type Press, pressOf } from "./press.ts";
import { PressMemory } from "./press-memory.ts";
import type { KeypadProtocol } from "./protocol.ts";
import { Pulse } from "./pulse.ts";
import { KeypadReader, type KeypadReading } from "./reader.ts";
import { type DiscardReason, type KeypadCounters, type KeypadEffect, type KeypadInput, noCounts } from "./session-signals.ts";
import { Speech } from "./speech.ts";

type Due = "keepAlive" | "retry" | "showAgain" | "invite" | "rest";
type Life = "closed" | "unknown" | "alive" | "lost";

/** A pad that did not answer a request is shown what it has to show again after this long, milliseconds. */
const RETRY_MS = 2000;
/** How long a pad is left to its thanks that goes dark by itself, milliseconds. */
const THANKS_MS = 3000;

/**
 * The host's end of another maker's pad: binds a press to the one request that is open, keeps the guard interval, answers, repeats,
 * notices that the pad is gone. A pure state machine: inputs and monotonic milliseconds in, effects out. Never throws on bytes.
 */
export class KeypadSession {
  readonly counters: KeypadCounters;
  readonly #protocol: KeypadProtocol;
  readonly #reader: KeypadReader;
  readonly #speech: Speech;
  readonly #pulse: Pulse;
  readonly #presses: PressMemory;
  readonly #guard: Guard;
  #life: Life = "closed";
  readonly #aside: Aside;
  /** `showAgain`: the pad is dark after a press that does not count. `retry`: it did not answer. `invite`: a press counts. `rest`: the thanks are over. */
  readonly #agenda = new Agenda<Due>();
  #request: OpenRequest | undefined;
  #effects: KeypadEffect[] = [];
  #now = 0;

  constructor(protocol: KeypadProtocol) {
    this.#pulse = new Pulse(protocol.description.keepAlive);
    this.#speech = new Speech(protocol, (request, why) => this.#effects.push({ is: "unwritable", request, why }));
    this.#aside = new Aside(protocol, (request, numbers) => this.#ask(request, numbers));
    this.#guard = new Guard(protocol.description);
    this.#protocol = protocol;
    this.#reader = new KeypadReader(protocol);
    this.#presses = new PressMemory(protocol.description.repeat);
    this.counters = noCounts(this.#reader.rejected);
  }

  get isAlive(): boolean {
    return this.#life === "alive";
  }

  step(input: KeypadInput, now: number): KeypadEffect[] {
    this.#effects = [];
    this.#now = now;
    this.#obey(input);
    this.#time();
    this.#flush();
    return this.#effects;
  }

  #obey(input: KeypadInput): void {
    switch (input.is) {
      case "opened":
        return this.#opened();
      case "closed":
        return this.#closed();
      case "bytes":
        if (this.#life !== "closed") for (const reading of this.#reader.push(input.bytes, this.#now)) this.#take(reading);
        return;
      case "startRating":
        return this.#startRating(input);
      case "endRating":
        return this.#endRating(input);
      case "stored":
        return this.#stored(input.requestId);
      case "pause":
      case "resume":
        return this.#aside.pause(input.is === "pause", this.#isAtRest);
      case "clerk":
        return this.#aside.clerk(input.stars, this.#isAtRest);
      case "ask":
        if (this.#life === "alive") this.#ask(input.request, input.numbers);
        return;
      case "light":
      case "darken":
        if (this.#life !== "alive" || this.#isRating) return;
        this.#agenda.cancel("rest");
        return this.#aside.tryKeys(input.is === "light" ? input.seconds : 0);
      case "time":
    }
  }

  /** When `time` must be given next, in monotonic milliseconds; undefined = not before other input. */
  deadline(): number | undefined {
    const times = [this.#heldUntil];
    if (this.#life !== "closed") {
      for (const due of [this.#reader.deadline(), this.#speech.outbox.deadline()]) if (due !== undefined) times.push(due);
      times.push(this.#agenda.deadline(), this.#pulse.silentAt);
    }
    const first = Math.min(...times);
    return first === Number.POSITIVE_INFINITY ? undefined : first;
  }

  // ——— is it there ———

  #opened(): void {
    this.#closed();
    const { keepAlive } = this.#protocol.description;
    this.#life = "unknown";
    this.#pulse.begin(this.#now);
    this.#ask("hello");
    if (keepAlive.from === "nobody") this.#becomeAlive(false);
    else if (keepAlive.from === "host") this.#agenda.set("keepAlive", this.#now);
  }

  #closed(): void {
    this.#reader.reset();
    this.#speech.outbox.clear();
    this.#agenda.clear();
    if (this.#life === "alive") this.#effects.push({ is: "lost", cause: "closed" });
    this.#life = "closed";
  }

  #becomeAlive(proven: boolean): void {
    this.#life = "alive";
    this.#agenda.cancel("retry");
    this.#pulse.isInDoubt = false;
    this.#aside.forget();
    this.#effects.push({ is: "alive", proven });
    this.#beginAnew();
    this.#show();
  }

  #lose(cause: "silence" | "no-answer"): void {
    if (this.#life === "lost") return;
    this.#life = "lost";
    this.#pulse.end();
    this.#effects.push({ is: "lost", cause });
  }

  get #heldUntil(): number {
    return this.#guard.holdUntil(this.#request?.state === "held" ? this.#request.press?.at : undefined);
  }

  #time(): void {
    if (this.#now >= this.#heldUntil) this.#deliver();
    if (this.#life === "closed") return;
    for (const reading of this.#reader.time(this.#now)) this.#take(reading);
    if (this.#now >= this.#pulse.silentAt) this.#lose("silence");
    for (let due = this.#agenda.take(this.#now); due !== undefined; due = this.#agenda.take(this.#now)) this.#do(due);
  }

  #do(due: Due): void {
    switch (due) {
      case "keepAlive": {
        const { keepAlive } = this.#protocol.description;
        if (keepAlive.from === "host") this.#agenda.set("keepAlive", this.#now + keepAlive.everyMs);
        if (!this.#speech.outbox.asks("keepAlive")) this.#ask("keepAlive");
        return;
      }
      case "retry":
        this.#beginAnew();
        return this.#show();
      case "showAgain":
        if (this.#life === "alive") this.#show();
        return;
      case "invite":
        if (this.#life === "alive" && this.#request?.state === "open") this.#aside.come("invited");
        return;
      case "rest":
        if (this.#protocol.description.requests.acknowledge?.idleAfterMs !== undefined) this.#ask("idle");
        if (this.#life === "alive") this.#aside.rest();
    }
  }

  /** Another case, or a pad that may be without what it was told before. */
  #beginAnew(): void {
    this.#guard.begin(this.#now);
    this.#aside.beginAnew();
    this.#agenda.cancel("invite");
  }

  // ——— what the host wants ———

  #startRating({ requestId, timeoutMs }: Extract<KeypadInput, { is: "startRating" }>): void {
    if (this.#request?.requestId === requestId) return;
    this.#dropHeld();
    this.#agenda.cancel("rest", "showAgain");
    this.#request = { requestId, timeoutMs, openedAt: this.#now, state: "open", press: undefined };
    this.#beginAnew();
    // A pad that never says that it is there is asked in any case.
    if (this.#life === "alive" || (this.#life === "lost" && this.#protocol.description.keepAlive.from === "nobody")) this.#show();
  }

  #endRating({ requestId, because }: Extract<KeypadInput, { is: "endRating" }>): void {
    if (this.#request?.requestId !== requestId) return;
    if (because === "timed-out" && this.#request.state === "held") this.#deliver();
    this.#dropHeld();
    const wasLit = this.#request.state === "open" || this.#request.state === "held";
    this.#request = undefined;
    this.#agenda.cancel("showAgain", "invite");
    if (wasLit && this.#life === "alive") this.#aside.darken();
    if (this.#isAtRest) this.#aside.rest();
  }

  #stored(requestId: RequestId): void {
    const request = this.#request;
    if (request?.requestId !== requestId || request.state !== "pressed" || request.press === undefined) return;
    request.state = "stored";
    const { acknowledge } = this.#protocol.description.requests;
    if (acknowledge?.after === "storage") this.#answer(request.press, "acknowledge");
    this.#agenda.set("rest", this.#now + (acknowledge?.idleAfterMs ?? THANKS_MS));
    if (this.#life === "alive") this.#aside.come("stored");
  }

  /** Brings the pad to what it has to show. */
  #show(): void {
    const request = this.#request;
    if (request === undefined) this.#ask("idle");
    if (this.#isAtRest) this.#aside.rest();
    if (request?.state !== "open" && request?.state !== "held") return;
    const leftMs = Math.max(0, request.openedAt + request.timeoutMs - this.#now);
    if (this.#protocol.knows("startRating")) return this.#ask("startRating", { seconds: Math.ceil(leftMs / 1000) });
    this.#aside.endPause();
    this.#effects.push({ is: "shown", requestId: request.requestId });
    this.#inviteLater();
  }

  /** Nobody is invited to a press that would be thrown away, nor twice to one rating of a pad that stayed lit. */
  #inviteLater(): void {
    if (!this.#aside.isInvitationOwed) return;
    if (this.#guard.until > this.#now) this.#agenda.set("invite", this.#guard.until);
    else this.#do("invite");
  }

  /** A citizen is asked, or has pressed and is not thanked yet. */
  get #isRating(): boolean {
    return this.#request !== undefined && this.#request.state !== "stored";
  }

  /** Nothing is rated or thanked for. */
  get #isAtRest(): boolean {
    return this.#life === "alive" && !this.#agenda.has("rest") && !this.#isRating;
  }

  #ask(name: RequestName, numbers?: RequestNumbers): void {
    this.#speech.ask(name, numbers, this.#aside.before(name));
  }

  // ——— what the pad says ———

  #take(reading: KeypadReading): void {
    if (reading.is === "rejected") {
      this.#effects.push(reading);
      return;
    }
    this.counters.frames++;
    this.#pulse.heard(this.#now);
    if (reading.is === "key") this.#pressed(reading.key, pressOf(reading, this.#now));
    else this.#frame(reading);
    // A press that woke us came before the pad was shown anything: it was judged above, by what was open then.
    if (this.#life !== "alive") this.#becomeAlive(true);
    else if (this.#pulse.isInDoubt || (reading.is === "frame" && reading.role.is === "started")) this.#greet();
  }

  /** The pad may be dark without our knowledge: shows it again what it has to show. */
  #greet(): void {
    this.#pulse.isInDoubt = false;
    this.#aside.forget();
    this.#ask("hello");
    this.#beginAnew();
    this.#show();
  }

  #frame({ role, values, bytes }: Extract<KeypadReading, { is: "frame" }>): void {
    const { awaited } = this.#speech.outbox;
    if (awaited !== undefined && this.#protocol.answers(awaited, values)) this.#carryOut(this.#speech.outbox.answered());
    this.#speech.reply(values);
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
    this.#agenda.cancel("invite");
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
    if (isRefused && !this.#agenda.has("showAgain")) this.#aside.darken();
    this.#agenda.cancel("invite");
    this.#agenda.set("showAgain", this.#guard.newPressCountsAt(this.#now));
  }

  #answer(press: Press, answer: "acknowledge" | "refuse"): void {
    this.#presses.settle(press.key, answer);
    this.#send(answer, press);
  }

  #send(answer: "acknowledge" | "refuse", { values, isAnswered }: Press): void {
    if (this.#life !== "closed" && isAnswered) this.#speech.answer(answer, values);
  }

  // ——— what is said ———

  #flush(): void {
    const say = (): readonly OutboxEvent[] => (this.#life === "closed" ? [] : this.#speech.outbox.step(this.#now));
    for (let events = say(); events.length > 0; events = say()) this.#carryOut(events);
  }

  #carryOut(events: readonly OutboxEvent[]): void {
    for (const event of events) {
      if (event.is === "write") this.#effects.push(event);
      else if (event.is === "failed") this.#unanswered(event.name);
      else if (event.is === "sent") this.#sent(event.name);
      else if (event.name === "startRating" && this.#request !== undefined && this.#isRating)
        this.#effects.push({ is: "shown", requestId: this.#request.requestId });
    }
  }

  #sent(name: RequestName): void {
    if (name !== "startRating" || this.#request === undefined) return;
    this.#guard.lit(this.#now);
    this.#inviteLater();
  }

  #unanswered(name: RequestName): void {
    this.counters.unanswered++;
    this.#effects.push({ is: "unanswered", request: name });
    if (isAside(name)) return;
    if (this.#pulse.unanswered(name === "keepAlive")) this.#lose("no-answer");
    if (name !== "keepAlive") this.#agenda.set("retry", this.#now + RETRY_MS);
  }
}
