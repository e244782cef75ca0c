import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PATIENCE_MS } from "../../messages/client.ts";
import { openTestPc, type TestPc } from "../care/test-pc.ts";
import { loadConfig } from "../config/index.ts";
import { enrolHere, readCentral, tryCentral } from "./central-desk.ts";
import type { ConsoleParts } from "./console-parts.ts";

let pc: TestPc;
let answer: { status: number; body: object };
let asked: unknown;
const central = createServer((request, response) => {
  let text = "";
  request.on("data", (piece) => {
    text += String(piece);
  });
  request.on("end", () => {
    asked = JSON.parse(text);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });
});
beforeEach(async () => {
  pc = openTestPc();
  await new Promise<void>((resolve) => central.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  pc.remove();
  central.closeAllConnections();
  await new Promise((resolve) => central.close(resolve));
});

/** What these functions use of a running window PC. */
const parts = (
  settings: Readonly<Record<string, string>> = { central: `http://127.0.0.1:${(central.address() as AddressInfo).port}/` },
) => {
  const { dataDir, identity, outbox } = pc;
  const pokes = { count: 0 };
  const sender = { poke: () => pokes.count++, state: () => undefined };
  const roster = { site: null, status: () => ({ version: 0 }) };
  const config = loadConfig({ dataDir, env: {}, flags: { window: "12", ...settings } });
  const health = { identity, outbox, roster, sender: settings.central === undefined ? null : sender };
  return { parts: { config, clock: { wallMs: () => 0 }, health } as unknown as ConsoleParts, pokes };
};

describe("Central, as the console asks about it", () => {
  test("enrols this PC with the code as typed, keeps the token, and has sending begin at once", async () => {
    answer = { status: 201, body: { windowPcId: pc.identity.windowPcId, token: "t".repeat(43), centralTimeMs: 1 } };
    const { parts: its, pokes } = parts();
    expect(await enrolHere(its, "K7QM-2XWD")).toEqual({ windowPcId: pc.identity.windowPcId });
    expect(asked).toMatchObject({ code: "K7QM-2XWD", windowNo: "12" });
    expect(pokes.count).toBe(1);
    expect(readCentral(its)).toMatchObject({ enrolledAt: "1970-01-01T00:00:00.000Z" });
  });

  test("passes a code that is not valid on as such, and any other refusal as central's, with its own code in words", async () => {
    answer = { status: 403, body: { error: { code: "WR7003", title: "", detail: "used before", advice: "" } } };
    await expect(enrolHere(parts().parts, "K7QM-2XWD")).rejects.toMatchObject({ code: "WR7003" });
    answer = { status: 403, body: { error: { code: "WR7020", title: "", detail: "no", advice: "" } } };
    await expect(enrolHere(parts().parts, "K7QM-2XWD")).rejects.toMatchObject({
      code: "WR6005",
      detail: expect.stringContaining("WR7020"),
    });
    expect(pc.identity.enrolment()).toBeNull();
  });

  test("that never answers is told as just that, before the screen takes this program for lost; the same code can be tried again", async () => {
    const silent = createServer();
    const came = new Promise<void>((resolve) => silent.once("request", () => resolve()));
    await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
    const end = new AbortController();
    const patience = vi.spyOn(AbortSignal, "timeout").mockReturnValue(end.signal);
    try {
      const its = parts({ central: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` }).parts;
      const enrolled = enrolHere(its, "K7QM-2XWD").catch((error: unknown) => error);
      await came;
      end.abort();
      expect(await enrolled).toMatchObject({ code: "WR6001" });
      expect(pc.identity.enrolment()).toBeNull();
      for (const [ms] of patience.mock.calls) expect(ms).toBeLessThan(PATIENCE_MS);
      expect(patience).toHaveBeenCalled();
    } finally {
      patience.mockRestore();
      silent.closeAllConnections();
      silent.close();
    }
    answer = { status: 201, body: { windowPcId: pc.identity.windowPcId, token: "t".repeat(43), centralTimeMs: 1 } };
    expect(await enrolHere(parts().parts, "K7QM-2XWD")).toEqual({ windowPcId: pc.identity.windowPcId });
  });

  test("cannot be tried where no central is set", () => {
    expect(() => tryCentral(parts({}).parts)).toThrow("WR8001");
  });

  test("tells of refused entries their case, never their level", () => {
    pc.serve(1, 4);
    pc.outbox.setAside([{ number: 4, entryId: "", answer: "refused", code: "WR7009", detail: "rated" }], 5);
    const { newest, setAside, waiting } = readCentral(parts().parts);
    expect({ newest, setAside, waiting }).toEqual({
      newest: [{ number: 4, kind: "rating", caseNo: "A-4", code: "WR7009", detail: "rated", atMs: 5 }],
      setAside: 1,
      waiting: 3,
    });
  });
});
