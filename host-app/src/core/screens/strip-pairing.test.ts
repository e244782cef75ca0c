import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { FakeWindowDesk } from "../desk/fake-window-desk.ts";
import { PairingDesk } from "../desk/pairing-desk.ts";
import { Pairings } from "../desk/pairings.ts";
import { connectStrip } from "./test/connected-strip.ts";

const SYSTEM = { name: "hall system", origin: "https://business.example" };
let dataDir: string;
let pairings: Pairings;
let pairing: PairingDesk;
const clock = systemClock();

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "strip-pairing-"));
  pairings = new Pairings(dataDir);
  pairing = new PairingDesk({ pairings, clock });
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A strip, and what it was told of pairings. */
const strip = (mayDecide: boolean) => {
  const desk = new FakeWindowDesk("12");
  const line = connectStrip(desk, dataDir, { desk: pairing, mayDecide });
  return { ...line, desk, told: () => line.told("pairing") };
};

describe("A strip", () => {
  test("is told which business system asks to be paired, from where and with which code, at once and when it is over", () => {
    const early = strip(false);
    const { code } = pairing.ask(SYSTEM.name, SYSTEM.origin);
    const late = strip(false);
    const asking = { waiting: { ...SYSTEM, code, expiresInMs: expect.any(Number) }, mayDecide: false };
    expect(early.told()).toEqual([{ waiting: null, mayDecide: false }, asking]);
    expect(late.told()).toEqual([asking]);
    pairing.refuse(code);
    expect(late.told().at(-1)).toEqual({ waiting: null, mayDecide: false });
    late.end();
    pairings.add("queue machine", [], 0);
    pairing.revoke("queue machine");
    expect([early.told().length, late.told().length]).toEqual([4, 2]);
  });

  test("is told no token, and no secret of the request", () => {
    const own = strip(true);
    const { secret, code, requestId } = pairing.ask(SYSTEM.name, SYSTEM.origin);
    pairing.confirm(code);
    const text = JSON.stringify(own.told());
    for (const hidden of [secret, requestId, String(pairing.collect({ requestId, secret }, SYSTEM.origin).token)])
      expect(text).not.toContain(hidden);
  });

  test("of a site where IT staff decide can neither confirm nor refuse", async () => {
    const own = strip(false);
    own.desk.signIn({ staffNo: "1001", name: "张三样例" }, { name: "test" });
    const { code } = pairing.ask(SYSTEM.name, SYSTEM.origin);
    for (const name of ["pairing.confirm", "pairing.refuse"])
      expect(await own.ask(name, { code })).toMatchObject({ error: { code: "WR5038" } });
    expect([pairing.waiting().length, pairings.list()]).toEqual([1, []]);
  });

  test("where clerks decide does so for a clerk who is signed in, and only with the code that is shown", async () => {
    const own = strip(true);
    const { code } = pairing.ask(SYSTEM.name, SYSTEM.origin);
    own.desk.signOut({}, { name: "test" });
    expect(await own.ask("pairing.confirm", { code })).toMatchObject({ error: { code: "WR5004" } });
    own.desk.signIn({ staffNo: "1001", name: "张三样例" }, { name: "test" });
    const other = code === "000-000" ? "000-001" : "000-000";
    expect(await own.ask("pairing.confirm", { code: other })).toMatchObject({ error: { code: "WR5034" } });
    expect(await own.ask("pairing.confirm", { code })).toMatchObject({ body: {} });
    expect(pairings.list()).toMatchObject([{ name: SYSTEM.name, origins: [SYSTEM.origin] }]);
    expect(own.told().at(-1)).toEqual({ waiting: null, mayDecide: true });
  });
});
