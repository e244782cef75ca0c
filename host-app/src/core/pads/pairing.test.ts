import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { pino } from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type PadList, padListSchema } from "../commands/pad-shape.ts";
import { askDesk } from "../commands/running-host.ts";
import { loadConfig } from "../config/index.ts";
import { Pairings } from "../desk/pairings.ts";
import { startHost } from "../host.ts";
import { padKeysPath } from "./pad-key-book.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const PATIENCE = { timeout: 15_000, interval: 20 };

/** A touchscreen pad behind TCP: it is asked for pairing by a touch, where five keys want one held for 5 s. */
const openPad = async (storeFile?: string): Promise<SimulatedPad> => {
  const port = await TcpPort.open(0);
  const pad = new SimulatedPad({
    port,
    profileId: "generic/touchscreen",
    serialNumber: "PAIR-1",
    ...(storeFile === undefined ? {} : { storeFile }),
  });
  undo.push(() => pad.close());
  return pad;
};

const folderOf = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `window-rating-${name}-`));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A window PC, and what its commands ask of it. */
const openHost = async (pad: SimulatedPad, dataDir: string, unpaired = "refuse") => {
  const config = loadConfig({ dataDir, env: {}, flags: { pad: pad.path, "pad-unpaired": unpaired, "desk-port": "0", window: "12" } });
  const host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
  undo.push(() => host.close());
  const list = async (): Promise<PadList> => padListSchema.parse(await askDesk(dataDir, "/desk/v1/pads"));
  const window = async () => (await list()).windows[0] as PadList["windows"][number];
  const trust = (wanted: string | undefined) => vi.waitFor(async () => expect((await window()).pad.trust).toBe(wanted), PATIENCE);
  const post = (path: string, body: object = {}) => askDesk(dataDir, `/desk/v1/pads/${path}`, body);
  const is = (wanted: string) => vi.waitFor(async () => expect((await window()).pairing.is).toBe(wanted), PATIENCE);
  const pair = async () => {
    await post("pair");
    pad.touch({ do: "pair" });
    await is("asking");
    const { pairing } = pad.face;
    await post("pair/code", { code: pairing?.is === "code" ? pairing.code : "" });
    await is("press");
    await vi.waitFor(() => expect(pad.face.pairing?.is).toBe("press"), PATIENCE);
    pad.touch({ do: "pairPress" });
    await is("paired");
  };
  return { host, list, window, trust, post, is, pair };
};

describe("a pad that is not paired", () => {
  test("is used for nothing but pairing, and the state says why and what to do", async () => {
    const pad = await openPad();
    const { host, trust, window } = await openHost(pad, folderOf("pair"));
    await trust("unpaired");
    const { pad: state, canBePaired } = await window();
    expect(state).toMatchObject({
      connection: "failed",
      secured: false,
      serialNumber: "PAIR-1",
      cause: expect.stringMatching(/WR1011.*window-host pad pair/s),
    });
    expect(canBePaired).toBe(true);
    expect(pad.face.pendingEvents).toBe(1);
    expect(host.status().windows[0]?.pad.recovery.map(({ code }) => code)).toContain("WR1011");
  });

  test("is used where the site admits it, and says that it is not secured", async () => {
    const pad = await openPad();
    const { trust, window } = await openHost(pad, folderOf("pair"), "admit");
    await trust("unpaired");
    expect((await window()).pad).toMatchObject({ connection: "ready", secured: false });
    await vi.waitFor(() => expect(pad.face.pendingEvents).toBe(0), PATIENCE);
  });
});

describe("pairing a pad", () => {
  test("makes it ready and secured, and so it is after both were started anew", async () => {
    const [dataDir, padDir] = [folderOf("pair"), folderOf("pad")];
    const pad = await openPad(join(padDir, "pad.store"));
    const first = await openHost(pad, dataDir);
    await first.trust("unpaired");
    await first.pair();
    await first.trust("paired");
    expect((await first.window()).pad).toMatchObject({ connection: "ready", secured: true });
    expect((await first.list()).keys).toEqual([{ model: "generic/touchscreen", serialNumber: "PAIR-1" }]);
    await vi.waitFor(() => expect(pad.face.pendingEvents).toBe(0), PATIENCE);
    await first.host.close();
    pad.powerCut(50);
    const second = await openHost(pad, dataDir);
    await second.trust("paired");
  });

  test("fails with a wrong code, and can be begun again", async () => {
    const pad = await openPad();
    const { post, is, window, pair, trust } = await openHost(pad, folderOf("pair"));
    await trust("unpaired");
    await post("pair");
    pad.touch({ do: "pair" });
    await is("asking");
    await post("pair/code", { code: "6666 6666" });
    await is("failed");
    expect((await window()).pairing.error).toMatchObject({ code: "WR1015", detail: expect.stringContaining("code") });
    await vi.waitFor(() => expect(pad.face.pairing?.is).toBe("nothing"), PATIENCE);
    await pair();
    await trust("paired");
  });

  test("is refused while no pad is there, and for a window that is not", async () => {
    const pad = await openPad();
    const { post, trust } = await openHost(pad, folderOf("pair"));
    await trust("unpaired");
    await expect(post("pair", { windowNo: "13" })).rejects.toThrow("WR5017");
    pad.unplug();
    await trust(undefined);
    await expect(post("pair")).rejects.toThrow("WR1017");
  });

  test("does not go on without the key on the disk", async () => {
    const dataDir = folderOf("pair");
    const pad = await openPad();
    const { post, is, window, trust } = await openHost(pad, dataDir);
    await trust("unpaired");
    await post("pair");
    pad.touch({ do: "pair" });
    await is("asking");
    const { pairing } = pad.face;
    // The name is taken by a folder: nothing can be written there.
    const { mkdirSync } = await import("node:fs");
    mkdirSync(join(padKeysPath(dataDir), "in-the-way"), { recursive: true });
    await post("pair/code", { code: pairing?.is === "code" ? pairing.code : "" });
    await is("failed");
    expect((await window()).pairing.error?.code).toBe("WR1016");
    await vi.waitFor(() => expect(pad.face.pairing?.is).toBe("nothing"), PATIENCE);
    await trust("unpaired");
  });
});

test("a case that ends while a pairing is shown waits, and is asked for when that is over", async () => {
  const dataDir = folderOf("pair");
  const pad = await openPad();
  const { host, trust, post, is } = await openHost(pad, dataDir, "admit");
  await trust("unpaired");
  await post("pair");
  pad.touch({ do: "pair" });
  await is("asking");
  const { token } = new Pairings(dataDir).add("hall system", [], Date.now());
  const desk = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  };
  await desk("/clerk/sign-in", { staffNo: "1001", name: "张三样例" });
  await desk("/cases", { caseNo: "P-1", itemCode: "A-01", itemName: "身份证补领" });
  const { requestId } = await desk("/cases/P-1/end", {});
  await vi.waitFor(() => expect(host.status().requests.byState).toEqual({ waiting: 1 }), PATIENCE);
  expect(pad.face.phase).toBe("pairing");
  await post("pair/cancel");
  await vi.waitFor(() => expect(pad.face).toMatchObject({ phase: "inviting", requestId }), PATIENCE);
});

describe("a paired pad", () => {
  test("at another window PC says so, keeps its ratings, and is taken over by pairing it anew", async () => {
    const pad = await openPad();
    const first = await openHost(pad, folderOf("first"));
    await first.trust("unpaired");
    await first.pair();
    await first.trust("paired");
    await first.host.close();
    const second = await openHost(pad, folderOf("second"));
    await second.trust("key-missing-here");
    expect((await second.window()).pad).toMatchObject({ connection: "failed", cause: expect.stringContaining("WR1012") });
    await second.pair();
    await second.trust("paired");
    await second.host.close();
    const third = await openHost(pad, folderOf("third"), "admit");
    await third.trust("key-missing-here");
  });

  test("that lost its key says so, and is taken for no other", async () => {
    const dataDir = folderOf("pair");
    const pad = await openPad();
    const first = await openHost(pad, dataDir);
    await first.trust("unpaired");
    await first.pair();
    await first.host.close();
    const other = await openPad();
    const second = await openHost(other, dataDir, "admit");
    await second.trust("key-missing-there");
    expect((await second.window()).pad).toMatchObject({ connection: "failed", cause: expect.stringContaining("WR1013") });
  });

  test("is unpaired by the PC, and is then one that is not paired", async () => {
    const pad = await openPad();
    const { trust, pair, post, list } = await openHost(pad, folderOf("pair"));
    await trust("unpaired");
    await expect(post("unpair")).rejects.toThrow("WR1017");
    await pair();
    await trust("paired");
    await post("unpair");
    await trust("unpaired");
    expect((await list()).keys).toEqual([]);
  });

  test("whose key was forgotten at the PC alone is known by its own", async () => {
    const pad = await openPad();
    const { trust, pair, post } = await openHost(pad, folderOf("pair"));
    await trust("unpaired");
    await pair();
    await trust("paired");
    await expect(post("unpair", { forget: { model: "generic/touchscreen", serialNumber: "NONE" } })).rejects.toThrow("WR1017");
    await post("unpair", { forget: { model: "generic/touchscreen", serialNumber: "PAIR-1" } });
    await trust("key-missing-here");
    await pair();
    await trust("paired");
  });
});
