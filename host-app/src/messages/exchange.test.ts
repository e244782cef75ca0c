import { WindowRatingError } from "@window-rating/protocol/error";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { ScreenLine } from "./carrier.ts";
import type { Sender } from "./declaration.ts";
import { MESSAGE_LIMIT, type ScreenReport } from "./envelope.ts";
import { Exchange, type HandlersOf } from "./exchange.ts";
import { REQUESTS } from "./requests.ts";

/** A line in memory, and handlers that do what a test says; every other one would be a mistake. */
const open = (handlers: Partial<HandlersOf<"strip">> = {}, options: { sender?: Sender; admits?: () => boolean; behind?: number } = {}) => {
  const sent: ScreenReport[] = [];
  const logged: { code: string; detail: string; cause?: unknown }[] = [];
  const closed = vi.fn();
  const line: ScreenLine = {
    send: (text) => sent.push(JSON.parse(text) as ScreenReport),
    behindBytes: () => options.behind ?? 0,
    close: closed,
    listen: () => undefined,
  };
  const exchange = new Exchange<Sender>({
    sender: options.sender ?? "strip",
    handlers: handlers as HandlersOf<Sender>,
    line,
    ...(options.admits === undefined ? {} : { admits: options.admits }),
    bufferBytes: 1000,
    log: (about) => logged.push(about),
  });
  const ask = async (message: unknown): Promise<ScreenReport> => {
    const before = sent.length;
    exchange.receive(typeof message === "string" ? message : JSON.stringify(message));
    await vi.waitUntil(() => sent.length > before, { interval: 1 });
    return sent[before] as ScreenReport;
  };
  return { exchange, ask, sent, logged, closed };
};

const codeOf = (report: ScreenReport): string | undefined => (report.is === "refused" ? report.error.code : undefined);

describe("The core's end of a screen's line", () => {
  test("answers a declared request with its own id, and gives its handler the defaults that the screen left out", async () => {
    const handle = vi.fn(() => ({}));
    const { ask } = open({ "case.cancel": handle });
    expect(await ask({ ask: "case.cancel", id: 7, body: { caseNo: "A-1" } })).toEqual({ is: "answer", id: 7, body: {} });
    expect(handle).toHaveBeenCalledWith({ caseNo: "A-1", visitNo: 1 });
  });

  test("refuses a name that is not declared, also one that every object has", async () => {
    const { ask } = open();
    for (const name of ["case.delete", "constructor", "__proto__", "toString", "hasOwnProperty", ""])
      expect(codeOf(await ask({ ask: name, id: 1, body: {} }))).toBe("WR5102");
  });

  test.each(Object.keys(REQUESTS))("refuses %s from a screen that may not send it, without asking its handler", async (name) => {
    const handle = vi.fn();
    for (const sender of ["console", "citizen"] as const) {
      const { from } = REQUESTS[name as keyof typeof REQUESTS];
      if ((from as readonly Sender[]).includes(sender)) continue;
      const { ask } = open({ [name]: handle }, { sender });
      expect(codeOf(await ask({ ask: name, id: 1, body: {} }))).toBe("WR5104");
    }
    expect(handle).not.toHaveBeenCalled();
  });

  test("refuses a body with a wrong or an unknown field by its name, and repeats nothing of its content", async () => {
    const { ask } = open();
    const wrong = await ask({ ask: "clerk.signInWithPin", id: 1, body: { staffNo: 5, pin: "730518" } });
    expect(wrong).toMatchObject({ is: "refused", id: 1, error: { code: "WR5103", detail: expect.stringContaining("staffNo") } });
    const unknown = await ask({ ask: "clerk.signInWithPin", id: 2, body: { staffNo: "1001", pin: "730518", PIN2: "99887766" } });
    expect(unknown).toMatchObject({ error: { code: "WR5103", detail: expect.stringContaining("PIN2") } });
    expect(JSON.stringify([wrong, unknown])).not.toMatch(/730518|99887766/);
  });

  test("says who triggered by itself: a strip cannot pass its own key off as the business system", async () => {
    const { ask } = open({ "case.end": vi.fn() });
    expect(codeOf(await ask({ ask: "case.end", id: 1, body: { caseNo: "A-1", trigger: "business-system" } }))).toBe("WR5103");
  });

  test("refuses what is no JSON, no question, or too long, and stays open", async () => {
    const { ask, closed } = open({ "window.resume": () => ({}) });
    for (const text of ["", "{", "null", "[]", "7", '{"ask":"window.resume"}', '{"ask":"window.resume","id":-1,"body":{}}', "\u0000"])
      expect(codeOf(await ask(text))).toBe("WR5103");
    expect(codeOf(await ask(`{"ask":"window.resume","id":1,"body":{}${" ".repeat(MESSAGE_LIMIT)}}`))).toBe("WR5103");
    expect(await ask({ ask: "window.resume", id: 2, body: {} })).toMatchObject({ is: "answer" });
    expect(closed).not.toHaveBeenCalled();
  });

  test("survives any text whatever, and answers each", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" })), (text) => {
        const { exchange, sent } = open();
        exchange.receive(text);
        expect(sent).toHaveLength(1);
      }),
      { seed: 20261121, numRuns: 2000 },
    );
  });

  test("passes on a refusal that the request declares, and hides one that it does not behind WR5016 and the log", async () => {
    const declared = open({
      "case.start": () => {
        throw new WindowRatingError("WR5007", "case A-1 is open");
      },
    });
    expect(await declared.ask({ ask: "case.start", id: 1, body: { caseNo: "A-2", itemCode: "1", itemName: "x" } })).toMatchObject({
      error: { code: "WR5007", detail: "case A-1 is open", advice: expect.any(String) },
    });
    for (const failure of [new WindowRatingError("WR7001", "secret of central"), new Error("secret path /var/lib"), "secret"]) {
      const { ask, logged } = open({
        "case.start": () => {
          throw failure;
        },
      });
      const refused = await ask({ ask: "case.start", id: 1, body: { caseNo: "A-2", itemCode: "1", itemName: "x" } });
      expect(codeOf(refused)).toBe("WR5016");
      expect(JSON.stringify(refused)).not.toContain("secret");
      expect(logged.at(-1)?.cause).toBe(failure);
    }
  });

  test("lets only what the schema declares out: a level that slipped into an answer or an event stays here", async () => {
    const { ask, exchange, sent, logged } = open({
      "case.end": () => ({ requestId: "r", state: "rated", expiresInMs: 1, level: 2 }) as never,
    });
    expect(JSON.stringify(await ask({ ask: "case.end", id: 1, body: { caseNo: "A-1" } }))).not.toContain("level");
    exchange.tell("desk", { event: "notice", windowNo: "1", code: "WR4007", text: "x", level: 2 } as never);
    expect(JSON.stringify(sent)).not.toContain("level");
    exchange.tell("desk", { event: "rating", level: 2 } as never);
    expect(sent).toHaveLength(2);
    expect(logged.at(-1)).toMatchObject({ code: "WR5016" });
  });

  test("tells a kind of screen only the events that are for it", () => {
    const { exchange, sent } = open({}, { sender: "citizen" });
    exchange.tell("desk", { event: "notice", windowNo: "1", code: "WR4007", text: "x" });
    expect(sent).toEqual([]);
    exchange.tell("welcome", { screen: "citizen", windowNo: "1", build: "b" });
    expect(sent).toHaveLength(1);
  });

  test("refuses a screen that asks too much, and one with too many requests under way", async () => {
    const flood = open({ "window.resume": () => ({}) }, { admits: () => false });
    expect(codeOf(await flood.ask({ ask: "window.resume", id: 1, body: {} }))).toBe("WR5011");
    const { exchange, sent } = open({ "clerk.signInWithPin": () => new Promise(() => undefined) });
    for (let id = 1; id <= 17; id++) exchange.receive(JSON.stringify({ ask: "clerk.signInWithPin", id, body: { staffNo: "1", pin: "1" } }));
    expect(sent).toMatchObject([{ is: "refused", id: 17, error: { code: "WR5011" } }]);
  });

  test("cuts off a screen that does not read, and sends a closed one nothing more", () => {
    const slow = open({}, { behind: 1001 });
    slow.exchange.tell("welcome", { screen: "strip", windowNo: "1", build: "b" });
    expect([slow.sent.length, slow.closed.mock.calls.length]).toEqual([0, 1]);
    const gone = open();
    gone.exchange.closed();
    gone.exchange.tell("welcome", { screen: "strip", windowNo: "1", build: "b" });
    expect(gone.sent).toEqual([]);
  });
});
