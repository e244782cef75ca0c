import type { Entry, EntryAnswer } from "@window-rating/protocol/sync";
import { expect, test } from "vitest";
import type { Exchange } from "./exchange.ts";
import { judge } from "./verdict.ts";

const WALL = Date.parse("2026-03-02T09:00:00Z");
const entryOf = (number: number): Entry => ({
  entryId: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  number,
  previousHash: "0".repeat(64),
  hash: "1".repeat(64),
  signature: "2".repeat(128),
  body: "{}",
});
const sent = [entryOf(1), entryOf(2), entryOf(3)];
const stored = (number: number): EntryAnswer => ({ entryId: entryOf(number).entryId, number, answer: "stored" });
const refused = (number: number, fields: Partial<EntryAnswer> = {}): EntryAnswer => ({ ...stored(number), answer: "refused", ...fields });

const http = (status: number, text: string, fields: Partial<Extract<Exchange, { is: "answer" }>> = {}) =>
  judge(
    sent,
    { is: "answer", status, contentType: "text/html", location: null, retryAfter: null, date: null, text, ...fields },
    30_000,
    WALL,
  );
const answered = (...answers: EntryAnswer[]) => http(200, JSON.stringify({ answers, highestGapless: 0, centralTimeMs: WALL }));

test("an answer is believed only with the id and the number of one entry that was sent", () => {
  const verdict = answered(
    stored(1),
    { ...stored(2), entryId: entryOf(3).entryId },
    { ...stored(3), number: 4 },
    { ...stored(9), number: 0, entryId: "" },
  );
  expect(verdict).toMatchObject({ confirmed: [1], refused: [], strange: 3, outcome: { is: "answered" }, cause: null });
});

test("what is called both stored and refused is neither", () => {
  expect(answered(stored(1), refused(1), stored(2), stored(2), refused(3), refused(3))).toMatchObject({
    confirmed: [2],
    refused: [{ number: 3 }],
    strange: 1,
  });
});

test("what is kept of a refusal is short, without control characters, and has a code in any case", () => {
  const detail = `\u001b[2J\u202e${"长".repeat(2000)}`;
  const [first, second] = answered(refused(1, { code: "<b>", detail }), refused(2, { code: "WR7008" })).refused;
  expect(first).toMatchObject({ number: 1, code: "WR6004" });
  expect(first?.detail).toMatch(/^\[2J 长{400,500}$/);
  expect(second).toMatchObject({ number: 2, code: "WR7008", detail: "" });
});

test("a central that does not know this PC refuses none of its entries", () => {
  expect(answered(refused(1, { code: "WR7002" }), refused(2, { code: "WR7002" }))).toMatchObject({
    confirmed: [],
    refused: [],
    outcome: { is: "not-known" },
    cause: { code: "WR6005" },
  });
});

test("the error that central gives is in the cause, in its words", () => {
  const verdict = http(503, JSON.stringify({ error: { code: "WR7015", title: "t", detail: "no room\u0007", advice: "a" } }), {
    retryAfter: "5",
  });
  expect(verdict).toMatchObject({ outcome: { is: "failed", afterMs: 5000 }, cause: { code: "WR6007" } });
  expect(verdict.cause?.text).toContain("HTTP 503, WR7015: no room.");
});

test("of a foreign page the cause shows enough to know whose it is", () => {
  expect(http(200, "<html>\n<h1>酒店网络</h1>").cause?.text).toContain('HTTP 200 (text/html) "<html> <h1>酒店网络</h1>"');
  expect(http(302, "", { location: "https://login.example/" }).cause?.text).toContain(
    "a redirect to https://login.example/, which is not followed",
  );
});
