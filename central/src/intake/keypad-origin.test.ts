import type { RatingBody } from "@window-rating/protocol/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS, WindowPc } from "../../test/window-pc.ts";
import { type Central, startCentral } from "../central.ts";

/** A press on a pad of another maker, as `ascii-lines` of one window has it. */
const KEYPAD: RatingBody["origin"] = {
  model: "generic/ascii-lines",
  profileHash: "0a".repeat(32),
  serialNumber: null,
  boundBy: "open-window",
  guardMs: 500,
  secured: false,
  port: "serial",
};

describe.each(STORAGES)("a rating of another maker's pad on $name", ({ create }) => {
  let storage: TestStorage;
  let central: Central;
  beforeAll(async () => {
    storage = await create();
    central = await startCentral({ ...storage.storage, port: 0, now: () => MORNING_MS });
  });
  afterAll(async () => {
    await central.close();
    await storage.remove();
  });

  test("is taken as one that is not secured; without what marks it as bound by the open window it is refused", async () => {
    const pc = new WindowPc("keypad origin", "12");
    await pc.enrol(central.url, (await central.makeEnrolmentCode(pc.windowNo)).code);
    const good = pc.entry(pc.rating({ origin: KEYPAD }));
    const { boundBy: _, ...unmarked } = KEYPAD as Extract<RatingBody["origin"], { boundBy: string }>;
    const bad = pc.entry(JSON.stringify({ ...pc.rating(), origin: unmarked }));
    const claiming = pc.entry(JSON.stringify({ ...pc.rating(), origin: { ...KEYPAD, secured: true } }));
    const { answers } = await pc.send(central.url, [good, bad, claiming], MORNING_MS);
    expect(answers.map(({ answer }) => answer)).toEqual(["stored", "refused", "refused"]);
    const { ratings } = (await (await fetch(`${central.url}/api/v1/ratings?kind=rating`)).json()) as { ratings: { secured: boolean }[] };
    expect(ratings).toMatchObject([{ secured: false, windowNo: "12", channel: "pad" }]);
  });
});
