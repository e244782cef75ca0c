import { declarationOf, type Message } from "../messages.ts";
import { Exchange, type RecordedExchange } from "./exchange.ts";
import { fromHex } from "./message-json.ts";
import { PAIRING_KEY } from "./security-vectors.ts";

const REQUEST = fromHex("0198c0de000070008000000000000002");
const NEXT_REQUEST = fromHex("0198c0de000070008000000000000003");
const NO_REQUEST = new Uint8Array(16);
/** 2026-03-02 09:30 in Beijing. */
const UNIX_MS = Date.UTC(2026, 2, 2, 1, 30);
const TOUCH = { limits: { maxFrame: 1024, window: 8 }, key: PAIRING_KEY };

const status = (phase: Message<"status">["phase"], requestId: Uint8Array, more: Partial<Message<"status">> = {}): Message<"status"> => ({
  type: "status",
  ...{ phase, requestId, pendingEvents: 0, lostEvents: 0, keysDown: 0, faults: 0, uptimeMs: 60_000, ...more },
});

const openRating = (requestId: Uint8Array): Message<"openRating"> => ({
  type: "openRating",
  ...{ requestId, timeoutMs: 20_000, voice: 2, labels: ["差", "较差", "一般", "好", "很好"] },
});

const openTouchRating = (requestId: Uint8Array): Message<"openTouchRating"> => ({
  type: "openTouchRating",
  ...{ requestId, timeoutMs: 60_000, voice: 2, labels: [], itemName: "居民身份证换领", caseNo: "37-20260302-0001" },
  ...{ reasonList: "2020", ask: 7, caseQr: "https://example.invalid/c/1" },
});

const answer = (more: Partial<Message<"touchRated">>): Message<"touchRated"> => ({
  type: "touchRated",
  ...{ eventNo: 1, requestId: REQUEST, level: 1, reasonList: "2020", reasons: [101, 103, 110], language: "zh-CN" },
  ...{ sealed: new Uint8Array(0), sealedFor: new Uint8Array(8), completed: "confirmed" },
  ...{ sinceOpenMs: 9400, unixMs: UNIX_MS, bootCount: 1 },
  ...more,
});

const timeOut = (): RecordedExchange => {
  const it = new Exchange(401).begin();
  it.say({ type: "setTime", unixMs: UNIX_MS }, openRating(REQUEST));
  it.report(status("inviting", REQUEST));
  it.report({ type: "timedOut", eventNo: 1, requestId: REQUEST, unixMs: UNIX_MS + 20_000, bootCount: 1 }, status("idle", NO_REQUEST));
  it.say({ type: "stored", eventNo: 1 }, { type: "idle" });
  return it.end("nobody presses in time", "A request with labels of its own is shown, its time passes, and timedOut is stored.");
};

const refused = (): RecordedExchange => {
  const it = new Exchange(402).begin();
  const reasons = ["notReady", "storeFull", "keyStuck", "fault"] as const;
  for (const reason of reasons) {
    it.say(openRating(REQUEST));
    it.report({ type: "refused", command: declarationOf("openRating").id, requestId: REQUEST, reason });
  }
  it.say({ type: "notice", text: "通知", durationMs: 5000 });
  it.report({ type: "refused", command: declarationOf("notice").id, requestId: NO_REQUEST, reason: "unsupported" });
  return it.end("commands that are refused", "openRating for each reason a pad has, and a command for a screen of a pad that has none.");
};

const cancelled = (): RecordedExchange => {
  const it = new Exchange(403).begin();
  it.say(openRating(REQUEST));
  it.report(status("inviting", REQUEST));
  it.say({ type: "cancelRating", requestId: REQUEST });
  it.report(status("idle", NO_REQUEST));
  it.say(openRating(NEXT_REQUEST), { type: "askStatus" });
  it.report(status("inviting", NEXT_REQUEST, { keysDown: 4 }));
  const rated = { type: "rated", eventNo: 2, requestId: NEXT_REQUEST, level: 3, sinceOpenMs: 1200, unixMs: 0, bootCount: 1 } as const;
  it.report(rated, status("chosen", NEXT_REQUEST, { pendingEvents: 1 }));
  it.say({ type: "stored", eventNo: 2 });
  return it.end(
    "a request is cancelled, another one is rated by a pad whose clock was never set",
    "cancelRating, askStatus, and a rating without a time of the day.",
  );
};

const touch = (): RecordedExchange => {
  const it = new Exchange(404, TOUCH).begin();
  it.say(openTouchRating(REQUEST));
  it.report(status("inviting", REQUEST), status("answering", REQUEST), answer({}), status("thanks", REQUEST, { pendingEvents: 1 }));
  it.say({ type: "stored", eventNo: 1 });
  it.report(status("idle", NO_REQUEST));
  it.say(openTouchRating(NEXT_REQUEST));
  it.report(answer({ eventNo: 2, requestId: NEXT_REQUEST, level: 4, reasonList: "", reasons: [], completed: "timeUp", language: "en" }));
  it.say({ type: "stored", eventNo: 2 });
  return it.end(
    "answers on a touchscreen, with reasons, and one that nobody finished",
    "A paired pad: level 1 with three reasons of the list of 2020, confirmed; then level 4, left as it was until the time was up, in English.",
  );
};

const reoffered = (): RecordedExchange => {
  const it = new Exchange(405, TOUCH).begin();
  it.say(openTouchRating(REQUEST));
  it.cable("out");
  it.pad({ is: "send", message: answer({}) });
  it.wait(3300);
  it.cable("in");
  it.wait(1200);
  it.report(answer({}));
  it.say({ type: "stored", eventNo: 1 });
  return it.end(
    "an answer that was given while the cable was out",
    "The answer goes nowhere; both sides give the session up; in the next one the pad offers the same event with its reasons again, and it is stored.",
  );
};

const upkeep = (): RecordedExchange => {
  const it = new Exchange(406, { key: PAIRING_KEY }).begin({ capabilities: 0xc83 });
  it.say({ type: "selfTest", part: "keys", durationMs: 20_000 });
  it.report({ type: "selfTested", part: "keys", outcome: "toBeSeen", detail: "" }, status("testing", NO_REQUEST, { keysDown: 16 }));
  it.say({ type: "selfTest", part: "store", durationMs: 1000 });
  it.report({ type: "selfTested", part: "store", outcome: "passed", detail: "the event store has room and can be written" });
  it.say({ type: "readLog", from: 0 });
  it.report({ type: "logLines", from: 17, count: 2, text: "started\nsession ready\n" });
  it.say({ type: "readLog", from: 19 });
  it.report({ type: "logLines", from: 19, count: 0, text: "" });
  const events = [
    { type: "keyStuck", eventNo: 1, key: 2 },
    { type: "fault", eventNo: 2, code: 1, detail: "event store could not be written for a while" },
    { type: "tampered", eventNo: 3, how: "opened", bootCount: 1 },
  ] as const;
  for (const event of events) {
    it.report(event);
    it.say({ type: "stored", eventNo: event.eventNo });
  }
  return it.end(
    "tests, the pad's log, and events that are no ratings",
    "selfTest of keys and store, the log in two answers, a stuck key, a fault, an opened case.",
  );
};

export const recordRatings = (): readonly RecordedExchange[] => [timeOut(), refused(), cancelled(), touch(), reoffered(), upkeep()];
