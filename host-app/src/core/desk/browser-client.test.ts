import { readFileSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeWindowDesk } from "./fake-window-desk.ts";
import { PairingDesk } from "./pairing-desk.ts";
import { Pairings } from "./pairings.ts";
import { openTestDesk, type TestDesk } from "./test-desk-api.ts";
import { VERBS } from "./verbs.ts";

/** What the file offers to those who have copied it into their page: it is no part of any package. */
interface BrowserClient {
  connectDesk(place: { url: string; token: string; windowNo?: string }): Desk;
  pair(name: string, show: (code: string) => void, place: { url: string }): Promise<string>;
  readonly DeskError: new (...parts: string[]) => DeskError;
}
interface DeskError extends Error {
  readonly code: string;
}
interface Desk {
  signIn(clerk: object): Promise<void>;
  signOut(staffNo?: string): Promise<void>;
  startCase(visit: object): Promise<void>;
  endCase(caseNo: string, how?: object): Promise<object>;
  endBatch(batch: object): Promise<object>;
  endTheme(theme: object): Promise<object>;
  cancelCase(caseNo: string, visitNo?: number): Promise<void>;
  inviteAgain(caseNo: string, visitNo?: number): Promise<object>;
  pause(text?: string): Promise<void>;
  resume(): Promise<void>;
  notice(text: string, seconds?: number): Promise<void>;
  state(): Promise<object>;
  call(path: string, body?: object): Promise<unknown>;
  events(heard: (event: object) => void, troubled?: (sentence: string | null) => void): () => void;
}
const CLIENT = new URL("../../../../protocol/src/desk/browser-client/client.ts", import.meta.url).href;
const { connectDesk, pair, DeskError } = (await import(/* @vite-ignore */ CLIENT)) as BrowserClient;

const ZHANG = { staffNo: "1001", name: "张三样例" };
const ITEM = { itemCode: "110101", itemName: "居民身份证补领（样例）" };

/** A PC with two windows, 3 and 4; the client is that of window 4. */
let host: TestDesk;
let four: FakeWindowDesk;
let desk: Desk;
const undo: (() => void)[] = [];
beforeEach(async () => {
  four = new FakeWindowDesk("4");
  host = await openTestDesk({}, [four]);
  desk = connectDesk({ url: urlOf(host), token: host.token, windowNo: "4" });
});
afterEach(async () => {
  for (const act of undo.splice(0)) act();
  await host.close();
});
const urlOf = ({ api }: TestDesk): string => `http://127.0.0.1:${api.port}`;

/** What reached window 4 last; nothing may ever have reached window 3. */
const asked = (): { verb: string | undefined; what: unknown } => {
  expect(host.desk.asked).toEqual([]);
  const last = four.asked.at(-1);
  expect(last?.caller).toBe("business system");
  return { verb: last?.verb, what: last?.what };
};
const refusal = (act: Promise<unknown>): Promise<DeskError> =>
  act.then(
    () => Promise.reject(new Error("was not refused")),
    (error: DeskError) => error,
  );

describe("The browser client", () => {
  test("signs clerks in and out, one beside the other or all", async () => {
    await desk.signIn(ZHANG);
    expect(asked()).toEqual({ verb: "signIn", what: ZHANG });
    await desk.signIn({ ...ZHANG, beside: true });
    expect(asked()).toMatchObject({ what: { beside: true } });
    await desk.signOut("1001");
    expect(asked()).toEqual({ verb: "signOut", what: { staffNo: "1001" } });
    await desk.signOut();
    expect(asked()).toEqual({ verb: "signOut", what: {} });
  });

  test("starts, ends and cancels cases, and invites again, with case numbers of any sign that one may have", async () => {
    const caseNo = "甲-2026/11 #1?&%2F";
    await desk.signIn(ZHANG);
    await desk.startCase({ caseNo, visitNo: 2, ...ITEM, staffNo: "1001" });
    expect(asked()).toEqual({ verb: "startCase", what: { caseNo, visitNo: 2, ...ITEM, staffNo: "1001" } });
    expect(await desk.endCase(caseNo, { visitNo: 2, completed: false, staffNo: "1001" })).toMatchObject({
      state: "waiting",
      expiresInMs: 120_000,
    });
    expect(asked()).toMatchObject({
      verb: "endCase",
      what: { caseNo, visitNo: 2, completed: false, staffNo: "1001", trigger: "business-system" },
    });
    expect(await desk.inviteAgain(caseNo, 2)).toMatchObject({ state: "waiting" });
    expect(asked()).toEqual({ verb: "inviteAgain", what: { caseNo, visitNo: 2, trigger: "business-system" } });
    await desk.startCase({ caseNo: "C-2", ...ITEM });
    expect(asked()).toMatchObject({ what: { visitNo: 1 } });
    await desk.cancelCase("C-2");
    expect(asked()).toEqual({ verb: "cancelCase", what: { caseNo: "C-2", visitNo: 1 } });
    await desk.startCase({ caseNo: "C-3", ...ITEM });
    await desk.endCase("C-3");
    expect(asked()).toMatchObject({ verb: "endCase", what: { caseNo: "C-3", visitNo: 1, completed: true } });
  });

  test("ends batches and themes", async () => {
    await desk.signIn(ZHANG);
    const cases = [
      { caseNo: "B-1", visitNo: 1, ...ITEM },
      { caseNo: "B-2", visitNo: 1, ...ITEM },
    ];
    expect(await desk.endBatch({ batchNo: "B", cases, completed: true })).toMatchObject({ state: "waiting" });
    expect(asked()).toMatchObject({ verb: "endBatch", what: { batchNo: "B", cases, trigger: "business-system" } });
    expect(await desk.endTheme({ themeNo: "T", themeName: "新生儿出生一件事（样例）", cases })).toMatchObject({ state: "waiting" });
    expect(asked()).toMatchObject({ verb: "endTheme", what: { themeNo: "T", themeName: "新生儿出生一件事（样例）", cases } });
  });

  test("pauses, resumes, shows a notice, and reads the state, each of its own window", async () => {
    await desk.pause("午休至 13:30");
    expect(asked()).toEqual({ verb: "pause", what: { text: "午休至 13:30" } });
    await desk.pause();
    expect(asked()).toEqual({ verb: "pause", what: { text: "" } });
    expect(await desk.state()).toMatchObject({ windowNo: "4", clerk: null, pad: { connection: "ready" } });
    await desk.resume();
    expect(asked()).toEqual({ verb: "resume", what: null });
    await desk.notice("请带齐材料", 30);
    expect(asked()).toEqual({ verb: "showNotice", what: { text: "请带齐材料", seconds: 30 } });
    await desk.notice("");
    expect(asked()).toEqual({ verb: "showNotice", what: { text: "", seconds: 0 } });
  });

  test("calls any other verb that a pairing may, of its own window unless another is named", async () => {
    await desk.call("clerk/stay", {});
    expect(asked()).toEqual({ verb: "stay", what: null });
    expect(await desk.call("clerk/totals", { staffNo: "1001" })).toEqual({ pools: [], pending: true });
    expect(await desk.call("state")).toMatchObject({ windowNo: "4" });
    expect(await desk.call("state?windowNo=3")).toMatchObject({ windowNo: "3" });
    await desk.call("clerk/stay", { windowNo: "3" });
    expect(host.desk.asked.map(({ verb }) => verb)).toEqual(["stay"]);
    // What makes a window in the body right for each of them.
    expect(VERBS.filter((verb) => verb.access === "paired" && verb.method === "POST" && !verb.isOfWindow)).toEqual([]);
  });

  test("needs no window where the PC has one, and without it is told on a PC with two that it must be named", async () => {
    const unsaid = connectDesk({ url: urlOf(host), token: host.token });
    expect(await refusal(unsaid.pause())).toMatchObject({ code: "WR5017" });
    const one = await openTestDesk();
    try {
      await connectDesk({ url: urlOf(one), token: one.token }).call("clerk/stay", {});
      expect(one.desk.asked.map(({ verb }) => verb)).toEqual(["stay"]);
    } finally {
      await one.close();
    }
  });

  test("tells a refusal in a sentence with its code, and that nothing answers as what it is", async () => {
    const refused = await refusal(desk.endCase("C-9"));
    expect(refused).toBeInstanceOf(DeskError);
    expect(refused).toMatchObject({ code: "WR5004", detail: "nobody is signed in at this window", advice: "Sign a clerk in first" });
    expect(refused.message).toBe("WR5004 No clerk signed in: nobody is signed in at this window. Sign a clerk in first.");
    expect(await refusal(connectDesk({ url: urlOf(host), token: "wrong" }).state())).toMatchObject({ code: "WR5001" });
    const web = createServer((_, answer) => void answer.writeHead(502).end("<h1>a proxy</h1>"));
    await new Promise<void>((resolve) => void web.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    expect(await refusal(connectDesk({ url, token: "x" }).state())).toMatchObject({ code: "", detail: `something else answers at ${url}` });
    await new Promise((resolve) => web.close(resolve));
    // Nobody may listen there without being root.
    const none = "http://127.0.0.1:2";
    expect(await refusal(connectDesk({ url: none, token: "x" }).state())).toMatchObject({ code: "", detail: `nothing answers at ${none}` });
  });

  test("sends a request whose answer was lost a second time, and it has one effect", async () => {
    await desk.signIn(ZHANG);
    await desk.startCase({ caseNo: "C-4", ...ITEM });
    // What lies between loses the first answer, after the window PC has given it.
    let lost = 0;
    const between = createServer((incoming, answer) => {
      const headers = { ...incoming.headers, host: `127.0.0.1:${host.api.port}` };
      const onward = request({ port: host.api.port, path: incoming.url, method: incoming.method, headers, agent: false }, (came) => {
        if (lost++ === 0) incoming.socket.destroy();
        else came.pipe(answer.writeHead(came.statusCode ?? 0, came.headers));
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => void between.listen(0, "127.0.0.1", resolve));
    const { port } = between.address() as AddressInfo;
    const far = connectDesk({ url: `http://127.0.0.1:${port}`, token: host.token, windowNo: "4" });
    expect(await far.endCase("C-4")).toMatchObject({ state: "waiting" });
    expect(lost).toBe(2);
    expect(four.asked.filter(({ verb }) => verb === "endCase")).toHaveLength(1);
    between.closeAllConnections();
    between.close();
  });

  test("hears the state of its window at once and every change, says that it is cut off, connects again by itself, and ends", async () => {
    const heard: object[] = [];
    const troubles: (string | null)[] = [];
    const end = desk.events(
      (event) => heard.push(event),
      (trouble) => troubles.push(trouble),
    );
    undo.push(end);
    await vi.waitUntil(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ event: "state", state: { windowNo: "4", clerk: null } });
    host.desk.signIn(ZHANG, { name: "elsewhere" });
    await desk.signIn(ZHANG);
    await vi.waitUntil(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ event: "state", state: { windowNo: "4", clerk: ZHANG } });

    // Its pairing is taken away, and given back: as if window-host had stopped and started.
    const file = join(host.dataDir, "pairings.json");
    const pairings = readFileSync(file);
    host.pairings.revoke("business system");
    four.tell({ event: "clerk-key", windowNo: "4", action: "pause", key: "f1" });
    await vi.waitUntil(() => troubles.length === 1);
    expect(troubles[0]).toMatch(/^Events of the window PC do not come \(WR5001 .*\)\. Check that window-host runs/);
    expect(heard).toHaveLength(2);
    four.signOut({}, { name: "elsewhere" });
    writeFileSync(file, pairings);
    await vi.waitUntil(() => heard.length === 3);
    expect(heard[2]).toMatchObject({ event: "state", state: { windowNo: "4", clerk: null } });
    expect(troubles.slice(1)).toEqual([null]);
    four.tell({ event: "notice", windowNo: "4", code: "WR5029", text: "signed out" });
    await vi.waitUntil(() => heard.length === 4);

    end();
    // The next one that listens hears what the ended one does not.
    const later: object[] = [];
    undo.push(desk.events((event) => later.push(event)));
    await vi.waitUntil(() => later.length === 1);
    four.tell({ event: "notice", windowNo: "4", code: "WR5029", text: "signed out" });
    await vi.waitUntil(() => later.length === 2);
    expect([heard.length, troubles.length]).toEqual([4, 2]);
  });

  test("is paired by a person who compares the code, and told when that person refuses", async () => {
    const clock = { wallMs: () => 1_760_000_000_000, monotonicMs: () => 0, bootId: "boot" };
    const pairings = new Pairings(host.dataDir);
    const pairingDesk = new PairingDesk({ pairings, clock });
    const here = await openTestDesk({ pairings, pairingDesk });
    try {
      const token = await pair("hall system", (code) => pairingDesk.confirm(code), { url: urlOf(here) });
      await connectDesk({ url: urlOf(here), token }).call("clerk/stay", {});
      expect(here.desk.asked.map(({ caller }) => caller)).toEqual(["hall system"]);
      const refused = await refusal(pair("queue machine", (code) => pairingDesk.refuse(code), { url: urlOf(here) }));
      expect(refused).toMatchObject({ code: "WR5033" });
    } finally {
      await here.close();
    }
  });
});
