import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EveryRoute } from "../../test/every-route.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";

const SOURCES = join(import.meta.dirname, "..");

/** What central must withstand, and the test that shows it. A test that is renamed or taken away is missed here. */
const LIST: readonly (readonly [what: string, file: string, test: string])[] = [
  ["every endpoint has a schema", "http/bad-input.test.ts", "no route reads a body, a query or a parameter but through a schema"],
  ["every endpoint has a schema", "http/every-route.slow.test.ts", "by bodies that are none: refused by every route that takes one"],
  ["every endpoint has a schema", "http/every-route.slow.test.ts", "by queries that nobody asked for"],
  [
    "every endpoint has a schema",
    "http/every-field.slow.test.ts",
    "there is a sample for every route that takes JSON, but for the console's",
  ],
  ["unknown fields are refused", "http/every-field.slow.test.ts", "refuses a field that nobody asked for by its name"],
  [
    "unknown fields of a console's body",
    "http/session-routes.test.ts",
    "a form of another site cannot send what is taken, and what is sent is checked field by field",
  ],
  [
    "a refused case names field and reason and is kept",
    "http/business-routes.test.ts",
    "names field and reason of each bad entry, keeps it, and holds up no other",
  ],
  [
    "a refused case can be sent again",
    "http/business-routes.test.ts",
    "takes a refused entry again when nothing stands in its way any more",
  ],
  [
    "a refused rating names field and reason, is kept and can be sent again",
    "http/channel-routes.test.ts",
    "that are refused name field and reason, hold up no other, are kept sealed, and can be taken again",
  ],
  [
    "a refused entry of a window PC is kept",
    "intake/batch.test.ts",
    "I6: what is no entry at all is refused and set aside, and the entries beside it are stored",
  ],
  [
    "a refused entry of a window PC can be sent again",
    "intake/batch.test.ts",
    "a refused entry that is sent again is refused again, but set aside and noted once",
  ],
  [
    "a refused entry of a window PC names field and reason",
    "intake/batch.test.ts",
    "content of a kind that central does not know is set aside with WR7008 while the chain goes on",
  ],
  [
    "a refused entry of a window PC is taken once its cause is mended",
    "intake/retake.test.ts",
    "counts once its cause is mended, with the time at which it happened; its refusal stays, its chain is whole, and nothing is doubled",
  ],
  [
    "a refused entry of a window PC is taken again by IT staff",
    "console/set-aside.test.ts",
    "takes entries of window PCs again, one or all that fit, and names the account; one that stays refused says why",
  ],
  [
    "a file of entries that is altered, foreign, deep or huge",
    "entry-files/take-file.test.ts",
    "that is no such file, or not as its PC signed it, is refused whole",
  ],
  [
    "a file of entries with forged ones in it",
    "entry-files/take-file.test.ts",
    "holds each entry to its own hash and signature, whatever its PC signed as a list",
  ],
  [
    "forged QR codes",
    "http/citizen-attacks.test.ts",
    "forged, changed, of another kind or unknown: the same page for all, and nothing is kept",
  ],
  ["forged QR codes", "channels/code.test.ts", "a code with any character changed, cut, made longer or signed elsewhere is none"],
  ["expired QR codes", "http/citizen-attacks.test.ts", "expired is refused, but who opened its page in time may finish"],
  ["QR codes used again", "http/citizen-attacks.test.ts", "used by a second person after the first is refused and changes nothing"],
  [
    "QR codes of a key that was taken back",
    "http/citizen-attacks.test.ts",
    "signed with a key that was taken back is refused; of one that was only followed by another it is taken",
  ],
  ["replayed SMS", "sms/replies.test.ts", "the same reply again is a duplicate and changes nothing, even when several come at once"],
  [
    "a flood from one phone, by SMS",
    "sms/replies.test.ts",
    "a flood from one phone is refused, leaves nothing behind, and keeps nobody else out",
  ],
  [
    "a flood from one phone, on the pages",
    "http/citizen-attacks.test.ts",
    "flooded from one phone is closed to it for a while, and says for how long",
  ],
  ["XLSX: zip bomb", "imports/table.test.ts", "that unpacks to more than any table is refused before it is unpacked"],
  ["XLSX: zip bomb that lies", "imports/table.test.ts", "that unpacks to more than it declares is refused while it is unpacked"],
  ["XLSX: huge dimension", "imports/table.test.ts", "with one cell far out is refused, for a reader would build all cells before it"],
  [
    "XLSX: external entity",
    "imports/table.test.ts",
    "with entities is refused, be they of files outside or growing without end, and one that nobody declared is no file",
  ],
  ["CSV: GBK and UTF-16 are read", "imports/table.test.ts", "is read in UTF-8, with a mark or without, in GBK, and in UTF-16 with a mark"],
  ["CSV: GBK is read", "http/import-routes.test.ts", "cases come in by GBK file as they do by the interface"],
  ["CSV: a wrong encoding is named", "imports/table.test.ts", "in bytes that are no such text is refused, and what they are is named"],
  ["JSON in a wrong encoding", "http/json-body.test.ts", "in another encoding than UTF-8, which is named"],
  [
    "a form in a wrong encoding",
    "http/citizen-attacks.test.ts",
    "refuses what is no form: too long, in another encoding, with fields nobody asked for",
  ],
  [
    "clock skew of window PCs",
    "intake/batch.test.ts",
    "I11: a wrong clock is noted once, its offset is kept, and times are corrected by it",
  ],
  [
    "clock skew of other systems",
    "http/channel-routes.test.ts",
    "of a clock that is a little ahead were given now; far ahead they are refused, late they are taken as they were",
  ],
  [
    "clock skew between instances, of signed forms",
    "channels/code.test.ts",
    "a form is good for what it was made for, for two hours, also where the clocks of two instances differ",
  ],
  [
    "clock skew between instances, of signed codes",
    "http/bad-input.test.ts",
    "a code made by an instance whose clock is ahead or behind is good until it says, by the clock of whoever reads it",
  ],
  ["a pack with a gap", "policy/pack-check.test.ts", "a gap: a class without an answer"],
  ["a pack with a contradiction", "policy/pack-check.test.ts", "a contradiction: two answers for one case"],
  ["a pack with a contradiction", "policy/pack-check.test.ts", "a contradiction: an extended limit that is shorter than the limit"],
  [
    "a bad pack, with the clause named",
    "command-line/policy/policy.test.ts",
    "names file, clause and fault of a pack with an invented number, and ends with 1; explain refuses it too",
  ],
  ["a huge body", "http/every-route.slow.test.ts", "by a body of 64 MiB: refused before it is read"],
  ["a body without end", "http/business-routes.test.ts", "a body that never ends is cut off without being kept"],
  ["a slow body", "http/bad-input.test.ts", "a request that comes too slowly is cut off, and meanwhile others are served"],
  ["deep JSON", "http/json-body.test.ts", "that is nested without end, also inside strings of brackets that are none"],
  ["deep JSON in a batch", "intake/batch.test.ts", "what is no JSON, no batch, or nested without end: WR7001"],
  [
    "NUL characters, lone surrogates, numbers out of range",
    "http/every-field.slow.test.ts",
    "answers any value in any field with a reason, and never fails",
  ],
  ["lone surrogates in a batch", "intake/batch.test.ts", "half of a character in a name cannot stop a batch"],
  [
    "lone surrogates in a table",
    "imports/table.test.ts",
    "keeps half of a character as the sign for what cannot be shown, for no column keeps the half",
  ],
  ["NUL in an SMS", "http/sms-routes.test.ts", "a text with a NUL in it is kept and asked back"],
  [
    "duplicate JSON keys",
    "http/json-body.test.ts",
    "with a key twice in one object, however it is written, and not with the same key in two objects",
  ],
];

test.each(LIST)("against %s there is a test: %s: %s", (_what, file, name) => {
  const text = readFileSync(join(SOURCES, file), "utf8");
  // A test of its own, or a row of a table of tests.
  const written = (one: string): boolean => text.includes(`test(${one}, `) || text.replace(/\[\s+/g, "[").includes(`[${one},`);
  const quoted = [`"${name}"`, `'${name}'`].find(written);
  expect([file, quoted]).toEqual([file, expect.any(String)]);
  // One that is passed over shows nothing.
  expect(text).not.toMatch(/\b(test|describe)\.(skip|todo|fails)\(/);
});

/** Everything that takes in what a request brings. */
const READERS = [
  /parseRequest\([^;]*$/,
  /readSentForm\($/,
  /safeParse\($/,
  /refuseMany\($/,
  // An act of administration is looked up by its name, and its body read by its own schema.
  /doAct\(act, $/,
  // A heartbeat is read where it is kept.
  /takeHeartbeat\(db, $/,
  // What `explain` is asked, once its plus signs are mended.
  /=> answer\($/,
  // The bytes of a file or a batch, which are read by what reads files and batches.
  /Buffer\.isBuffer\($/,
  /const bytes = .*$/,
];

test("no route reads a body, a query or a parameter but through a schema", () => {
  const unchecked: string[] = [];
  for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))) {
    const text = readFileSync(join(import.meta.dirname, name), "utf8");
    for (const { index, 0: found } of text.matchAll(/\brequest\.(body|query|params)\b/g)) {
      const before = text.slice(Math.max(0, index - 160), index);
      if (!READERS.some((reader) => reader.test(before))) unchecked.push(`${name}: ${before.split("\n").at(-1)}${found}`);
    }
    // Taken apart in the arguments of a handler, they would be seen by nobody.
    expect([name, /\(\{[^)]*\b(body|query|params)\b[^)]*\}(: FastifyRequest)?, \w*reply\w*\)\s*=>/.test(text)]).toEqual([name, false]);
  }
  expect(unchecked).toEqual([]);
});

describe("a running central", () => {
  let storage: TestStorage;
  let world: EveryRoute;
  beforeAll(async () => {
    storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
    // Long enough for the requests of others on a machine that is very busy.
    world = await EveryRoute.open(storage, { wholeWithinMs: 6000 });
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  test("a request that comes too slowly is cut off, and meanwhile others are served", async () => {
    const { port, hostname } = new URL(world.url);
    const slow = (start: string, more: string) => {
      const socket = connect(Number(port), hostname);
      let said = "";
      socket.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      socket.on("error", () => {});
      socket.write(start);
      const drip = setInterval(() => socket.write(more), 20);
      return new Promise<string>((resolve) =>
        socket.once("close", () => {
          clearInterval(drip);
          resolve(said);
        }),
      );
    };
    const head = `POST /api/v1/sms/replies HTTP/1.1\r\nhost: ${hostname}:${port}\r\n`;
    const authorized = `${head}authorization: Bearer token of the gateway\r\ncontent-type: application/json\r\n`;
    const cutOff = [slow(`${authorized}content-length: 10000\r\n\r\n{`, " "), slow(head, "x-more: 1\r\n")];
    const healthy = await fetch(`${world.url}/healthz`);
    expect(healthy.status).toBe(200);
    // A sender that goes on sending may be reset before it has read the answer; cut off it is either way, and never served.
    for (const said of await Promise.all(cutOff)) expect(said).toMatch(/^($|HTTP\/1.1 408 )/);
  });

  test("a code made by an instance whose clock is ahead or behind is good until it says, by the clock of whoever reads it", async () => {
    const issued = async (aheadMs: number): Promise<string> => {
      const body = JSON.stringify({
        caseNo: `SKEW-${aheadMs}`,
        visitNo: 1,
        service: { itemCode: "I-1", itemName: "样例事项", endedAt: "2026-03-02T09:00:00+08:00", completed: false },
        validMinutes: 60,
      });
      world.nowMs += aheadMs;
      const answer = await world.ask(
        { method: "POST", url: "/api/v1/qr-codes" },
        "/api/v1/qr-codes",
        { "content-type": "application/json" },
        body,
      );
      world.nowMs -= aheadMs;
      expect(answer.status).toBe(201);
      return new URL(((await answer.json()) as { url: string }).url).pathname;
    };
    const open = async (path: string) => (await world.ask({ method: "GET", url: "/Q/:code" }, path)).status;
    const [ahead, behind] = [await issued(10 * 60_000), await issued(-10 * 60_000)];
    expect([await open(ahead), await open(behind)]).toEqual([200, 200]);
    world.nowMs += 49 * 60_000;
    expect([await open(ahead), await open(behind)]).toEqual([200, 200]);
    world.nowMs += 2 * 60_000;
    expect([await open(ahead), await open(behind)]).toEqual([200, 410]);
    world.nowMs += 20 * 60_000;
    expect([await open(ahead), await open(behind)]).toEqual([410, 410]);
  });
});
