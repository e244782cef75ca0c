import { WindowRatingError } from "@window-rating/protocol/error";
import { afterEach, expect, test } from "vitest";
import type { Intake } from "./intake.ts";
import { threadedIntake } from "./threaded-intake.ts";

/** Nobody listens there. */
const NOWHERE = "postgresql://nobody@127.0.0.1:1/none";
const batch = (text: string) => ({ bytes: Buffer.from(text), token: "t", arrivedAtMs: 0 });

let intake: Intake | undefined;
afterEach(() => intake?.close());

test("a batch without its database fails, and may be sent again: it is refused for nothing of its own", async () => {
  intake = threadedIntake(NOWHERE, () => {});
  for (let tries = 0; tries < 2; tries++) {
    const failure = await intake.take(batch("{}")).catch((error: unknown) => error);
    expect([failure instanceof WindowRatingError, (failure as Error).message]).toEqual([false, expect.stringContaining("no database")]);
  }
});

test("a thread that ends fails what it had under way, is told, and the next batch has a new one", async () => {
  const told: unknown[] = [];
  const ending = new URL("../../test/ending-thread.mjs", import.meta.url);
  intake = threadedIntake(NOWHERE, (error) => told.push(error), ending);
  for (let turn = 1; turn <= 3; turn++) {
    await expect(intake.take(batch("{}"))).rejects.toThrow("the thread that worked on this batch ended");
    expect(told).toHaveLength(turn);
  }
});

test("closing waits for what is under way", async () => {
  const closing = threadedIntake(NOWHERE, () => {});
  const taking = closing.take(batch("{}")).catch(() => "failed");
  await closing.close();
  expect(await taking).toBe("failed");
});
