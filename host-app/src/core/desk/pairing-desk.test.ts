import type { AskedPairing, CollectedPairing, PairingList } from "@window-rating/protocol/desk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONTROL_TOKEN, openTestDesk, type TestDesk } from "./test-desk-api.ts";

let host: TestDesk;
beforeEach(async () => {
  host = await openTestDesk();
});
afterEach(() => host.close());

const PAGE = "https://hall.example";
const STRANGER = "https://attacker.example";

const from = (origin: string | undefined): Record<string, string> =>
  origin === undefined ? {} : { origin, "sec-fetch-site": "cross-site" };
const ask = (name: string, origin: string | undefined) =>
  host.call("POST", "/desk/v1/pairings", { token: null, headers: from(origin), body: { name } });
const collect = ({ requestId, secret }: Pick<AskedPairing, "requestId" | "secret">, origin: string | undefined) =>
  host.call("POST", "/desk/v1/pairings/collect", { token: null, headers: from(origin), body: { requestId, secret } });
const decide = (verb: "confirm" | "refuse", code: string) =>
  host.call("POST", `/desk/v1/pairings/${verb}`, { token: CONTROL_TOKEN, body: { code } });
const list = async (): Promise<PairingList> =>
  (await host.call("GET", "/desk/v1/pairings/list", { token: CONTROL_TOKEN })).body as PairingList;
const asked = async (name: string, origin: string | undefined): Promise<AskedPairing> => {
  const answer = await ask(name, origin);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as AskedPairing;
};

describe("A business system that asks to be paired", () => {
  test("is shown with name, origin and the code of its own screen, and has a token for its origin once a person confirms", async () => {
    const request = await asked("hall system", PAGE);
    expect((await list()).waiting).toEqual([{ name: "hall system", origin: PAGE, code: request.code, expiresInMs: 180_000 }]);
    expect((await collect(request, PAGE)).body).toEqual({ state: "waiting", expiresInMs: 180_000 });
    expect((await decide("confirm", request.code.replace("-", " "))).status).toBe(200);
    const answer = await collect(request, PAGE);
    expect(answer.headers["access-control-allow-origin"]).toBe(PAGE);
    const { state, token } = answer.body as CollectedPairing;
    expect(state).toBe("confirmed");
    // The answer may be lost on the way: asked again it is the same.
    expect((await collect(request, PAGE)).body).toMatchObject({ token });
    const lastUsed = async () => (await list()).pairings.map(({ name, lastUsedAt }) => [name, lastUsedAt]);
    expect(await lastUsed()).toContainEqual(["hall system", null]);
    expect((await host.call("GET", "/desk/v1/state", { token: token ?? "", headers: from(PAGE) })).status).toBe(200);
    expect(await lastUsed()).toContainEqual(["hall system", expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
    expect((await host.call("GET", "/desk/v1/state", { token: token ?? "", headers: from(STRANGER) })).code).toBe("WR5002");
    expect(await list()).toMatchObject({ waiting: [], pairings: [{ name: "business system" }, { name: "hall system", origins: [PAGE] }] });
    expect(host.log.join("")).not.toContain(token);
  });

  test("may be a program that is no page: its token is for no page", async () => {
    const request = await asked("queue machine", undefined);
    await decide("confirm", request.code);
    const { token } = (await collect(request, undefined)).body as CollectedPairing;
    expect((await host.call("GET", "/desk/v1/state", { token: token ?? "" })).status).toBe(200);
    expect((await host.call("GET", "/desk/v1/state", { token: token ?? "", headers: from("https://business.example") })).code).toBe(
      "WR5002",
    );
  });

  test("is permitted by a preflight of its own for asking, and for nothing else", async () => {
    const preflight = (path: string) =>
      host.call("OPTIONS", path, { token: null, headers: { origin: PAGE, "access-control-request-method": "POST" } });
    expect((await preflight("/desk/v1/pairings")).headers["access-control-allow-origin"]).toBe(PAGE);
    expect((await preflight("/desk/v1/pairings/collect")).status).toBe(204);
    for (const path of ["/desk/v1/pairings/confirm", "/desk/v1/pairings/list", "/desk/v1/clerk/sign-in"])
      expect((await preflight(path)).code, path).toBe("WR5002");
  });

  test("is forgotten after three minutes, and a token that nobody came for opens nothing", async () => {
    const first = await asked("hall system", PAGE);
    host.time.ms += 180_001;
    expect((await list()).waiting).toEqual([]);
    expect((await collect(first, PAGE)).code).toBe("WR5034");
    expect((await decide("confirm", first.code)).code).toBe("WR5034");
    const second = await asked("hall system", PAGE);
    await decide("confirm", second.code);
    expect((await list()).pairings).toHaveLength(2);
    host.time.ms += 180_001;
    expect((await list()).waiting).toEqual([]);
    expect((await list()).pairings).toHaveLength(1);
  });

  test("gets a new code when its page was loaded anew; the old one confirms nothing", async () => {
    const first = await asked("hall system", PAGE);
    const second = await asked("hall system", PAGE);
    if (first.code !== second.code) expect((await decide("confirm", first.code)).code).toBe("WR5034");
    expect((await collect(first, PAGE)).code).toBe("WR5034");
    expect((await collect(second, PAGE)).body).toMatchObject({ state: "waiting" });
  });

  test("cannot take the name of one that is paired", async () => {
    expect(await ask("business system", PAGE)).toMatchObject({ status: 409, code: "WR5033" });
  });

  test("is revoked by IT staff, at once", async () => {
    const answer = await host.call("POST", "/desk/v1/pairings/revoke", { token: CONTROL_TOKEN, body: { name: "business system" } });
    expect((answer.body as PairingList).pairings).toEqual([]);
    expect((await host.call("GET", "/desk/v1/state")).code).toBe("WR5001");
  });
});

describe("Attack: pairing", () => {
  test("no web page confirms, lists or refuses, whatever token it has; nor does a paired program", async () => {
    const { code } = await asked("hall system", PAGE);
    for (const [token, headers] of [
      [CONTROL_TOKEN, from(PAGE)],
      [CONTROL_TOKEN, from("https://business.example")],
      [host.token, from("https://business.example")],
      [host.token, {}],
      [CONTROL_TOKEN, { "sec-fetch-site": "none" }],
    ] as const) {
      for (const path of ["confirm", "refuse"])
        expect((await host.call("POST", `/desk/v1/pairings/${path}`, { token, headers, body: { code } })).status).toBeGreaterThanOrEqual(
          401,
        );
      expect((await host.call("GET", "/desk/v1/pairings/list", { token, headers })).status).toBeGreaterThanOrEqual(401);
    }
    expect((await list()).waiting).toHaveLength(1);
  });

  test("a stranger's page neither collects the token of another nor pushes its request aside", async () => {
    const request = await asked("hall system", PAGE);
    expect(await ask("attacker", STRANGER)).toMatchObject({ status: 409, code: "WR5033" });
    await decide("confirm", request.code);
    expect((await collect(request, STRANGER)).code).toBe("WR5034");
    expect((await collect(request, undefined)).code).toBe("WR5034");
    expect((await collect({ ...request, secret: "guessed" }, PAGE)).code).toBe("WR5034");
    expect(await ask("attacker", STRANGER)).toMatchObject({ code: "WR5033" });
    expect((await collect(request, PAGE)).body).toMatchObject({ state: "confirmed" });
  });

  test("who was refused may not ask again for ten minutes; others may", async () => {
    const { code } = await asked("attacker", STRANGER);
    await decide("refuse", code);
    expect((await ask("attacker", STRANGER)).code).toBe("WR5033");
    host.time.ms += 180_001;
    await asked("hall system", PAGE);
    host.time.ms += 420_001;
    await asked("attacker", STRANGER);
  });

  test("flood: a page that asks again and again is refused, and a person still pairs soon after", async () => {
    const codes: (string | undefined)[] = [];
    for (let turn = 0; turn < 40; turn++) codes.push((await ask("attacker", STRANGER)).code);
    expect(codes.filter((code) => code === undefined)).toHaveLength(5);
    expect(codes.filter((code) => code === "WR5011")).toHaveLength(35);
    host.time.ms += 180_001;
    await asked("hall system", PAGE);
  });

  test.each(["null", "file://", "https://*.example", "https://hall.example/", "ftp://hall.example", "HTTPS://hall.example"])(
    "foreign Origin: %j is the origin of no page that can be paired",
    async (origin) => {
      expect(await ask("attacker", origin)).toMatchObject({ status: 403, code: "WR5002" });
    },
  );

  test("rebinding Host and missing Origin: neither gets as far as asking", async () => {
    const rebound = { token: null, host: `attacker.example:${host.api.port}`, headers: from(STRANGER), body: { name: "attacker" } };
    expect((await host.call("POST", "/desk/v1/pairings", rebound)).code).toBe("WR5002");
    const nameless = { token: null, headers: { "sec-fetch-site": "same-origin" }, body: { name: "attacker" } };
    expect((await host.call("POST", "/desk/v1/pairings", nameless)).code).toBe("WR5002");
    const asForm = { token: null, headers: { ...from(STRANGER), "content-type": "text/plain" }, body: { name: "attacker" } };
    expect((await host.call("POST", "/desk/v1/pairings", asForm)).code).toBe("WR5014");
    expect((await list()).waiting).toEqual([]);
  });

  test("a name with control characters, which would draw on a terminal, is refused", async () => {
    expect((await ask("hall \u001b[2Jsystem", PAGE)).code).toBe("WR5003");
  });
});
