import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contactKeyId, sealContact } from "@window-rating/protocol/contact";
import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { type DownAnswer, downAnswerSchema } from "@window-rating/protocol/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signedIn } from "../../../test/access-world.ts";
import { BusinessWorld } from "../../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../../test/storages.ts";
import type { WindowPc } from "../../../test/window-pc.ts";
import { makeContactKeys } from "../../sms/contact-keys.ts";
import { keyListSchema } from "../session-schema.ts";
import { KeyRing } from "./key-ring.ts";
import { resealFields } from "./reseal.ts";
import { rotateKey } from "./rotation.ts";

let folder = "";
let storage: TestStorage;
let world: BusinessWorld;
let ring: KeyRing;
let pc: WindowPc;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "window-central-down-"));
  storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  const path = join(folder, "keys.json");
  makeContactKeys(path);
  ring = new KeyRing(path);
  world = await BusinessWorld.open(storage, { contactKeys: ring });
  await ring.refresh(world.db, world.nowMs, { holds: true });
  pc = await world.enrolled();
});
afterAll(async () => {
  await world.close();
  await storage.remove();
  rmSync(folder, { recursive: true, force: true });
});

const down = (etag = "") =>
  fetch(`${world.url}/api/v1/down?windowPcId=${pc.windowPcId}&since=0`, {
    headers: { authorization: `Bearer ${pc.token}`, "if-none-match": etag },
  });
const toldKey = async (response: Response): Promise<string> =>
  (downAnswerSchema.parse(await response.json()) as DownAnswer).site.contactKey ?? "";

/** A citizen writes on a pad that knows this key. @returns case and number of the rating, as central took it */
const writtenOnPad = async (publicKey: string, name: string) => {
  const key = Uint8Array.from(Buffer.from(publicKey, "hex"));
  const body = pc.rating({ level: 1 });
  const bound = requestIdToBytes(body.binding.requestId as RequestId);
  const data = sealContact({ name, words: "样例的话" }, { publicKey: key }, bound, (length) =>
    crypto.getRandomValues(new Uint8Array(length)),
  );
  const sealed = { keyId: Buffer.from(contactKeyId(key)).toString("hex"), data: Buffer.from(data).toString("base64") };
  const answer = { reasonList: null, reasons: [], sealed, completed: "confirmed" as const, language: "zh-CN" };
  await pc.send(world.url, [pc.entry({ ...body, answer })], world.nowMs);
  return (await world.visit(body.binding.caseNo))?.staff_rating ?? 0;
};

test("window PCs are told the newest key, and what pads seal with the one before is read as well, also when it is sealed anew", async () => {
  const { browser } = await signedIn(world, { name: "supervisor", role: "supervisor" });
  const look = async (rating: number) =>
    (await browser.post(`personal/ratings/${rating}`, { purpose: "verification", reason: "核实差评中的具体情况" })).json();
  const first = await down();
  const etag = first.headers.get("etag") ?? "";
  const older = await toldKey(first);
  expect((await down(etag)).status).toBe(304);
  const before = await writtenOnPad(older, "王五样例");

  await rotateKey(world.db, ring, world.nowMs, { holds: true });
  const second = await down(etag);
  const newer = await toldKey(second);
  expect([second.status, newer]).toEqual([200, ring.publicKey]);
  expect(newer).not.toBe(older);
  // A pad that has not heard of it yet.
  const late = await writtenOnPad(older, "赵六样例");
  const after = await writtenOnPad(newer, "孙七样例");
  const names = [before, late, after].map((rating) => look(rating));
  expect(await Promise.all(names)).toMatchObject([{ name: "王五样例" }, { name: "赵六样例" }, { name: "孙七样例" }]);

  const entries = () => world.db.selectFrom("entries").selectAll().orderBy("seq").execute();
  const signed = await entries();
  expect(await resealFields(world.db, ring, "test", world.nowMs)).toMatchObject({ resealed: 2, unreadable: 0 });
  expect(await Promise.all([before, late, after].map((rating) => look(rating)))).toMatchObject([
    { name: "王五样例" },
    { name: "赵六样例" },
    { name: "孙七样例" },
  ]);
  const it = await signedIn(world, { name: "it-1" });
  const { keys } = keyListSchema.parse(await (await it.browser.get("keys")).json());
  expect(keys.map(({ keyNo, seals, sealed }) => [keyNo, seals, sealed.ratings])).toEqual([
    [1, false, 0],
    [2, true, 3],
  ]);
  expect((await browser.get("keys")).status).toBe(403);
  // What the window PC signed stays as it was signed.
  expect(await entries()).toEqual(signed);
});
