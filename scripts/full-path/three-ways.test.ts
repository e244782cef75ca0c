import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Central, startCentral } from "@window-rating/central";
import { PtyPort, SimulatedPad } from "@window-rating/firmware-sim";
import { loadConfig, type RunningHost, startHost } from "@window-rating/host-app/core";
import type { RequestId } from "@window-rating/protocol/rating";
import { makeLink } from "@window-rating/protocol/sync";
import Database from "better-sqlite3";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLERKS, ITEMS } from "../demo/seed.ts";
import { runCommand } from "../rig/child.ts";
import { type DeskClient, deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";

const PATIENCE = 20_000;
const WINDOW = "8";
const item = ITEMS[0];

const undo = new AsyncDisposableStack();
let central: Central;
let host: RunningHost;
let pad: SimulatedPad;
let desk: DeskClient;
let deskToken: string;
let systemToken: string;
let dataDir: string;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-ways-"));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const centralData = join(folder, "central");
  central = await startCentral({ data: centralData, port: 0 });
  undo.defer(() => central.close());
  pad = new SimulatedPad({ port: new PtyPort(join(folder, "pad")), storeFile: join(folder, "pad.store"), serialNumber: "WAYS-0001" });
  undo.defer(() => pad.close());
  dataDir = join(folder, "window");
  deskToken = String((await runCommand("window-host", ["pair", "--name", "hall system", "--data", dataDir])).token);
  systemToken = String(
    (await runCommand("window-central", ["system", "add", "--name", "hall system", "--scope", "push", "--data", centralData])).token,
  );
  const flags = { pad: pad.path, "pad-unpaired": "admit", central: central.url, "desk-port": "0", window: WINDOW };
  const { code } = await central.makeEnrolmentCode(WINDOW);
  host = await startHost({ config: loadConfig({ dataDir, env: {}, flags }), dataDir, enrolCode: code, logger: pino({ level: "silent" }) });
  undo.defer(() => host.close());
  desk = deskClient(host.deskPort, deskToken);
  await desk.signIn(CLERKS[0]);
});
afterAll(() => undo.disposeAsync(), 30_000);

const push = async (order: object): Promise<{ state: string; code: string | null; requestId: string | null }> => {
  const response = await fetch(`${central.url}/api/v1/push/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${systemToken}` },
    body: JSON.stringify({ pushNo: randomUUID(), waitSeconds: 10, order: { windowNo: WINDOW, ...order } }),
  });
  return (await response.json()) as { state: string; code: string | null; requestId: string | null };
};

const pushed = async (order: object): Promise<string | undefined> => {
  const { state, code } = await push(order);
  return state === "taken" ? undefined : (code ?? state);
};

const openLink = async (url: string): Promise<string | undefined> => {
  try {
    await runCommand("window-host", ["open-link", url, "--port", String(host.deskPort)]);
    return undefined;
  } catch (error) {
    return /WR\d{4}/.exec((error as Error).message)?.[0];
  }
};

const tokenHash = (): string => createHash("sha256").update(deskToken).digest("hex");
const ticketFor = (caseNo: string, over: object = {}) => ({
  ...({ v: 1, ticketId: randomUUID() as string as RequestId, signer: "pairing", by: "hall system" } as const),
  expiresAtMs: Date.now() + 60_000,
  order: { do: "end-case", windowNo: WINDOW, caseNo } as const,
  ...over,
});

/** Each way: how a case begins and ends by it. @returns the code of a refusal */
const WAYS: Readonly<
  Record<string, { start(caseNo: string): Promise<string | undefined>; end(caseNo: string): Promise<string | undefined> }>
> = {
  "business-system": {
    start: (caseNo) => refusal(() => desk.startCase({ caseNo, ...item })),
    end: (caseNo) => refusal(() => desk.endCase(caseNo)),
  },
  push: {
    start: (caseNo) => pushed({ do: "start-case", caseNo, ...item }),
    end: (caseNo) => pushed({ do: "end-case", caseNo }),
  },
  link: {
    start: (caseNo) => refusal(() => desk.startCase({ caseNo, ...item })),
    end: (caseNo) => openLink(makeLink(ticketFor(caseNo), tokenHash())),
  },
};

const refusal = async (call: () => Promise<unknown>): Promise<string | undefined> => {
  try {
    await call();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

interface Body {
  readonly kind: string;
  readonly level: number;
  readonly circumstance: string;
  readonly binding: Readonly<Record<string, unknown>>;
}
const bodyOf = (caseNo: string): Body | undefined => {
  const database = new Database(join(dataDir, "window.db"), { readonly: true });
  try {
    const row = database
      .prepare<[string], { body: string }>("SELECT body FROM entries WHERE body ->> '$.binding.caseNo' = ? ORDER BY number")
      .get(caseNo);
    return row && (JSON.parse(row.body) as Body);
  } finally {
    database.close();
  }
};

/** The whole scenario by one way: what it refuses, and the entry it leaves. */
const played = async (way: string) => {
  const { start, end } = WAYS[way] as (typeof WAYS)[string];
  const caseNo = `WAY-${way}`;
  const codes = [await end(caseNo), await start(caseNo), await end(caseNo)];
  const { requestId } = (await desk.state()).request ?? {};
  await until("the lit pad", PATIENCE, async () => (await desk.state()).request?.state === "shown");
  await pad.press(4);
  const body = await until("the entry", PATIENCE, () => bodyOf(caseNo));
  codes.push(await end(caseNo));
  return { codes, body, requestId };
};

describe("Three ways to end a case have one meaning", () => {
  test("the same scenario leaves the same entries and the same refusals; only the way on the record differs (I12)", async () => {
    const table: object[] = [];
    for (const way of Object.keys(WAYS)) {
      const { codes, body, requestId } = await played(way);
      const { trigger, caseNo, requestId: bound, ...binding } = body.binding;
      expect([trigger, caseNo, bound]).toEqual([way, `WAY-${way}`, requestId]);
      table.push({ codes, kind: body.kind, level: body.level, circumstance: body.circumstance, binding });
    }
    expect(table[0]).toMatchObject({
      codes: ["WR5005", undefined, undefined, "WR5006"],
      kind: "rating",
      level: 4,
      binding: { triggeredBy: "hall system", staffNo: CLERKS[0].staffNo, windowNo: WINDOW },
    });
    expect(table[1]).toEqual(table[0]);
    expect(table[2]).toEqual(table[0]);
  });

  test("a push or link that names the item starts the case if nobody has", async () => {
    expect(await pushed({ do: "end-case", caseNo: "ITEM-1", item })).toBeUndefined();
    const order = { do: "end-case", windowNo: WINDOW, caseNo: "ITEM-2", item } as const;
    expect(await openLink(makeLink(ticketFor("ITEM-2", { order }), tokenHash()))).toBeUndefined();
    expect((await desk.state()).request).toMatchObject({ caseNo: "ITEM-2", itemName: item.itemName });
    expect(await pushed({ do: "cancel-case", caseNo: "ITEM-2" })).toBeUndefined();
  });

  test("Attack: a link is refused when it is used again, too old, too long good, altered, signed by nobody known, or no link at all", async () => {
    await desk.startCase({ caseNo: "LINK-1", ...item });
    const good = makeLink(ticketFor("LINK-1"), tokenHash());
    const altered = good.replace(Buffer.from("LINK-1").toString("hex"), Buffer.from("LINK-2").toString("hex"));
    const stranger = createHash("sha256").update("guessed").digest("hex");
    for (const url of [
      altered,
      makeLink(ticketFor("LINK-1"), stranger),
      makeLink(ticketFor("LINK-1", { by: "another system" }), tokenHash()),
      makeLink(ticketFor("LINK-1", { signer: "central" }), tokenHash()),
      makeLink(ticketFor("LINK-1", { expiresAtMs: Date.now() - 1 }), tokenHash()),
      makeLink(ticketFor("LINK-1", { expiresAtMs: Date.now() + 3_600_000 }), tokenHash()),
      "window-rating://end-case?caseNo=LINK-1",
      "https://attacker.example/end-case?ticket=00",
      `${good}&ticket=00`,
    ])
      expect(await openLink(url), url).toBe("WR5036");
    const asPage = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1/links/open`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "https://attacker.example" },
      body: JSON.stringify({ url: good }),
    });
    expect(asPage.status).toBe(403);
    expect((await desk.state()).openCase).toMatchObject({ caseNo: "LINK-1" });
    expect(await openLink(good)).toBeUndefined();
    expect(await openLink(good)).toBe("WR5036");
  });

  test("central makes links too, for the PC of the window", async () => {
    await desk.startCase({ caseNo: "LINK-3", ...item });
    const response = await fetch(`${central.url}/api/v1/push/links`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${systemToken}` },
      body: JSON.stringify({ order: { do: "end-case", windowNo: WINDOW, caseNo: "LINK-3" } }),
    });
    const { url } = (await response.json()) as { url: string };
    expect(await openLink(url)).toBeUndefined();
    expect((await desk.state()).request).toMatchObject({ caseNo: "LINK-3" });
  });
});
